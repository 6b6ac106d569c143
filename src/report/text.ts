import { controllerRows } from '../conversion/controllers.ts';
import type { Conversion } from '../conversion/conversion.ts';
import { type FindingGroup, groupByCode, placeOf, severities } from '../conversion/places.ts';
import type { Finding, Severity } from '../domain/findings.ts';
import { remedyOf } from '../domain/findings.ts';
import { count } from '../text/count.ts';
import { visible } from '../text/escape.ts';
import { type Paint, paint, wrap } from '../text/paint.ts';
import { toldOf } from './decided.ts';
import type { Overview } from './overview.ts';
import { verdictOf } from './summary.ts';

export interface TextOptions {
  /** Columns of the terminal; undefined where it is none, and lines are not broken. */
  readonly width: number | undefined;
  readonly colors: boolean;
  /** Errors alone, and no summary. */
  readonly quiet: boolean;
}

/** How many findings of one code are shown before the rest is only counted. */
const shownOfEach = 5;

/** The findings for a terminal. The worst come last, next to the prompt, and the summary ends it. */
export function textReport({ conversion, findings, summary }: Overview, options: TextOptions): string {
  const style = { paint: paint(options.colors), width: options.width ?? Number.POSITIVE_INFINITY };
  const reported = options.quiet ? findings.filter(({ type }) => type.severity === 'error') : findings;
  const groups = groupByCode(reported).sort(
    (a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity),
  );
  const parts = groups.map((group) => groupText(group, style));
  if (options.quiet) return parts.join('\n');
  const collapsed = groups.some((group) => group.findings.length > shownOfEach);
  const hint = collapsed ? 'All of them: --report FILE.md or FILE.json.\n' : '';
  const counts = (['error', 'warning', 'note'] as const)
    .filter((severity) => summary.findings[severity] > 0)
    .map((severity) => style.paint.severity(severity, count(summary.findings[severity], severity)));
  const total = counts.length === 0 ? 'No findings.' : `${counts.join(', ')}.`;
  return [
    ...parts,
    `${style.paint.strong(verdictOf(summary))}\n${controllersText(conversion)}${total}\n${hint}`,
  ].join('\n');
}

/** A line on each controller, where there are several. */
function controllersText(conversion: Conversion): string {
  return controllerRows(conversion)
    .map(
      ({ name, ingresses, gateway }) =>
        `Controller ${visible(name)}: ${count(ingresses, 'Ingress', 'Ingresses')}, gateway ${visible(gateway)}.\n`,
    )
    .join('');
}

interface Style {
  readonly paint: Paint;
  readonly width: number;
}

function groupText(group: FindingGroup, { paint: colour, width }: Style): string {
  const shown = group.findings.slice(0, shownOfEach);
  const more = group.findings.length - shown.length;
  const amount = group.findings.length > 1 ? colour.dim(` (${group.findings.length})`) : '';
  const lines = [`${severityMark(colour, group.severity)} ${colour.strong(group.code)}${amount}`];
  const remedies = new Set(shown.map((finding) => visible(remedyOf(finding))));
  for (const { finding, message, place } of shown.map(rendered)) {
    lines.push(...placed(place, message, { paint: colour, width }));
    if (remedies.size > 1) lines.push(...remedyLines(visible(remedyOf(finding)), '    ', width));
  }
  if (more > 0) lines.push(colour.dim(`  and ${more} more`));
  if (remedies.size === 1) lines.push(...remedyLines([...remedies][0]!, '  ', width));
  return `${lines.join('\n')}\n`;
}

function rendered(finding: Finding): { finding: Finding; message: string; place: string } {
  return { finding, message: visible(toldOf(finding)), place: placeOf(finding.origin) };
}

function placed(place: string, message: string, { paint: colour, width }: Style): string[] {
  const oneLine = place === '' ? `  ${message}` : `  ${place}  ${message}`;
  if (oneLine.length <= width) {
    return [place === '' ? oneLine : `  ${colour.dim(place)}  ${message}`];
  }
  const text = wrap(`    ${message}`, width, '    ');
  return place === '' ? [text.slice(2)] : [`  ${colour.dim(place)}`, text];
}

function remedyLines(remedy: string, indent: string, width: number): string[] {
  return remedy === '' ? [] : [wrap(`${indent}→ ${remedy}`, width, `${indent}  `)];
}

function severityMark(colour: Paint, severity: Severity): string {
  return colour.severity(severity, severity);
}
