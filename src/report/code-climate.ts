import { type Finding, remedyOf, type Severity } from '../domain/findings.ts';
import { type Origin, positionOf } from '../domain/origin.ts';
import { jsonLine, visible } from '../text/escape.ts';
import { toldOf } from './decided.ts';
import { fingerprintOf, firstIngress } from './fingerprint.ts';
import type { Overview } from './overview.ts';

const severities: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'major', note: 'info' };

/**
 * The findings as Code Climate issues, as far as GitLab's code quality reports have them: one JSON array, a finding a line. GitLab
 * shows only what has a place, so what is about the platform as a whole points at the first Ingress.
 */
export function* codeClimateReport(overview: Overview): Generator<string> {
  const fallback = firstIngress(overview);
  let comma = '';
  yield '[';
  for (const finding of overview.findings) {
    const place = finding.origin ?? fallback;
    if (place === undefined) continue;
    yield `${comma}\n${jsonLine(issueOf(finding, place))}`;
    comma = ',';
  }
  yield '\n]\n';
}

function issueOf(finding: Finding, place: Origin): object {
  const { code, severity } = finding.type;
  const { file, line } = positionOf(place);
  const told = visible(toldOf(finding));
  const remedy = visible(remedyOf(finding));
  return {
    type: 'issue',
    check_name: code,
    categories: ['Compatibility'],
    severity: severities[severity],
    description: remedy === '' ? told : `${told} ${remedy}`,
    fingerprint: fingerprintOf(finding),
    location: { path: pathOf(file), lines: { begin: line } },
  };
}

/** As git names it: GitLab finds no file by `./` or a backslash. */
function pathOf(file: string): string {
  return visible(file.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, ''));
}
