import { jsonLine, xmlAttribute, xmlText } from '../../text/escape.ts';
import type { LiveResult } from '../live/compare.ts';
import { countsOf, differenceText, fieldText, type LiveRun } from './live-document.ts';

/** Names the shape of the report; `verify-live.schema.json` describes it. A change that breaks readers counts it up. */
export const verifyLiveSchema = 'ingress2istio/verify-live/v1';

/** The report on two gateways, for programs: one line for each request, in the order in which they were asked. */
export function* liveJson(run: LiveRun, version: string): Generator<string> {
  const { from, to, results, planned, interrupted } = run;
  yield `{\n"schema": ${jsonLine(verifyLiveSchema)},\n"tool": ${jsonLine({ name: 'ingress2istio', version })},\n`;
  yield `"from": ${jsonLine(from)},\n"to": ${jsonLine(to)},\n"planned": ${planned},\n"interrupted": ${interrupted},\n`;
  yield `"verdicts": ${jsonLine(countsOf(results))},\n"results": [\n`;
  for (const [index, result] of results.entries())
    yield `${jsonLine(line(result))}${index < results.length - 1 ? ',\n' : '\n'}`;
  yield ']\n}\n';
}

function line({ probe, verdict, differences, before, after, note }: LiveResult): object {
  const { scheme, host, method = 'GET', path } = probe.request;
  return {
    name: probe.name,
    request: { scheme, host, method, path },
    verdict,
    before: before ?? null,
    after: after ?? null,
    differences: differences.map(({ field, nginx, istio, declaredBy }) => ({
      field: fieldText(field),
      before: nginx,
      after: istio,
      declaredBy,
    })),
    ...(note === undefined ? {} : { note }),
  };
}

/** One case for each request; what no finding declares fails. */
export function* liveJunit({ results }: LiveRun): Generator<string> {
  const byHost = new Map<string, LiveResult[]>();
  for (const result of results) {
    const { host } = result.probe.request;
    byHost.set(host, [...(byHost.get(host) ?? []), result]);
  }
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ingress2istio verify">\n';
  for (const [host, own] of byHost) {
    const failures = own.filter(({ verdict }) => verdict === 'undeclared').length;
    const skipped = own.filter(({ verdict }) => verdict === 'unstable' || verdict === 'unreachable').length;
    yield `<testsuite name="${xmlAttribute(host)}" tests="${own.length}" failures="${failures}" errors="0" skipped="${skipped}">\n`;
    for (const result of own) yield testCase(result, host);
    yield '</testsuite>\n';
  }
  yield '</testsuites>\n';
}

function testCase(result: LiveResult, host: string): string {
  const { verdict, probe } = result;
  const open = `<testcase classname="${xmlAttribute(host)}" name="${xmlAttribute(probe.name)}"`;
  const text = differenceText(result);
  if (verdict === 'undeclared')
    return `${open}><failure message="${xmlAttribute(text)}">${xmlText(text)}</failure></testcase>\n`;
  if (verdict === 'unstable' || verdict === 'unreachable')
    return `${open}><skipped message="${xmlAttribute(`${verdict}: ${text}`)}"/></testcase>\n`;
  return `${open}/>\n`;
}
