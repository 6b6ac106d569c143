import { findingsByIngress, groupByCode, placeOf, severities } from '../conversion/places.ts';
import { type Finding, remedyOf, type Severity } from '../domain/findings.ts';
import { qualifiedName } from '../domain/origin.ts';
import { xmlAttribute, xmlText } from '../text/escape.ts';
import { toldOf } from './decided.ts';
import type { Overview } from './overview.ts';
import type { IngressReadiness } from './readiness.ts';

interface Case {
  readonly name: string;
  readonly suite: string;
  readonly findings: readonly Finding[];
  /** Whose it is, where the input has several controllers. */
  readonly controllers?: readonly string[];
  /** Why it was not looked at; undefined where it was. */
  readonly skipped?: string;
}

/**
 * The findings as JUnit's XML, for pipelines: a suite a namespace, a case an Ingress, and a suite for what belongs to none.
 * A case fails where the exit code would: at findings of `failOn` or worse.
 */
export function* junitReport(overview: Overview, failOn: Severity | 'never'): Generator<string> {
  const failing = failOn === 'never' ? [] : severities.slice(0, severities.indexOf(failOn) + 1);
  const suites = suitesOf(overview);
  const all = suites.flatMap(([, cases]) => cases);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ingress2istio" ${counts(all, failing)}>\n`;
  for (const [name, cases] of suites) {
    yield `  <testsuite name="${xmlAttribute(name)}" ${counts(cases, failing)} skipped="${cases.filter(isSkipped).length}">\n`;
    for (const one of cases) yield caseText(one, failing);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function suitesOf({ ingresses, findings }: Overview): [string, Case[]][] {
  const { byIngress, rest } = findingsByIngress(findings);
  const suites = new Map<string, Case[]>();
  const platform = groupByCode(rest).map(
    (group): Case => ({ suite: 'platform', name: group.code, findings: group.findings }),
  );
  if (platform.length > 0) suites.set('(platform)', platform);
  for (const entry of ingresses) {
    const { namespace } = entry.ingress.ingress.ref;
    const known = suites.get(namespace) ?? [];
    suites.set(namespace, known);
    known.push(caseOf(entry, byIngress.get(qualifiedName(entry.ingress.ingress.ref)) ?? []));
  }
  return [...suites].sort(([a], [b]) => (a < b ? -1 : 1));
}

function caseOf({ ingress, controllers }: IngressReadiness, findings: readonly Finding[]): Case {
  const { namespace, name } = ingress.ingress.ref;
  const one = { suite: namespace, name, findings, controllers };
  return ingress.state.kind === 'not-selected'
    ? { ...one, skipped: `ingress-nginx does not select it: ${ingress.state.reason}` }
    : one;
}

function isSkipped({ skipped }: Case): boolean {
  return skipped !== undefined;
}

function fails({ findings, skipped }: Case, failing: readonly Severity[]): boolean {
  return skipped === undefined && findings.some(({ type }) => failing.includes(type.severity));
}

function counts(cases: readonly Case[], failing: readonly Severity[]): string {
  const failures = cases.filter((one) => fails(one, failing)).length;
  return `tests="${cases.length}" failures="${failures}" errors="0" time="0"`;
}

function caseText(one: Case, failing: readonly Severity[]): string {
  const head = `    <testcase classname="${xmlAttribute(one.suite)}" name="${xmlAttribute(one.name)}" time="0"`;
  if (one.skipped !== undefined)
    return `${head}>\n      <skipped message="${xmlAttribute(one.skipped)}"/>\n    </testcase>\n`;
  const bad = one.findings.filter(({ type }) => failing.includes(type.severity));
  const other = one.findings.filter(({ type }) => !failing.includes(type.severity));
  const parts: string[] = [];
  const [first] = bad;
  if (first !== undefined) {
    const message =
      bad.length > 1 ? `${first.type.summary} (and ${bad.length - 1} more)` : first.type.summary;
    parts.push(
      `      <failure type="${xmlAttribute(first.type.code)}" message="${xmlAttribute(message)}">${lines(bad)}</failure>\n`,
    );
  }
  const { controllers = [] } = one;
  const reported = [
    ...(controllers.length === 0 ? [] : [xmlText(`controller ${controllers.join(', ')}`)]),
    ...(other.length === 0 ? [] : [lines(other)]),
  ];
  if (reported.length > 0) parts.push(`      <system-out>${reported.join('\n')}</system-out>\n`);
  return parts.length === 0 ? `${head}/>\n` : `${head}>\n${parts.join('')}    </testcase>\n`;
}

/** How many findings of one case are written out. */
const shownOfEach = 50;

function lines(findings: readonly Finding[]): string {
  const shown = findings.slice(0, shownOfEach).map((finding) => {
    const { type, origin } = finding;
    const place = placeOf(origin);
    const remedy = remedyOf(finding);
    const parts = [type.severity, type.code, ...(place === '' ? [] : [place]), toldOf(finding)];
    return xmlText(`${parts.join(' ')}${remedy === '' ? '' : ` → ${remedy}`}`);
  });
  const more = findings.length - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}
