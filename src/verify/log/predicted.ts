import type { Route } from '../../diff/route.ts';
import type { ObservableField } from '../../findings.ts';
import type { LogRecord } from './record.ts';

/** The fields in which Istio's answer to a request would differ from the one that nginx gave, by what the two readers say. */
export function predictedDifferences(record: LogRecord, before: Route, after: Route): ObservableField[] {
  if (after.answer === 'no HTTPS') return ['connection'];
  const passed = record.tries === undefined ? before.answer === '' : record.tries > 0 && before.answer === '';
  return passed ? ofPassed(before, after) : ofAnswered(record, before, after);
}

/** nginx passed the request on. */
function ofPassed(before: Route, after: Route): ObservableField[] {
  if (after.answer !== '') return ['status', 'upstream'];
  const found = new Set<ObservableField>();
  if (bare(before.backend) !== bare(after.backend)) found.add(after.backend.includes('%') ? 'share' : 'upstream');
  for (const part of changed(before.rewrite, after.rewrite)) found.add(part.startsWith('host ') ? 'host' : 'path');
  for (const part of changed(before.headers, after.headers)) {
    const [, side, name] = /^(request|response) ([^:]+):/.exec(part) ?? [];
    const unread = before.further.includes('snippet not read') && !before.headers.includes(`${side} ${name}:`);
    if (side !== undefined && !unread) found.add(`${side as 'request' | 'response'}-header:${name}`);
  }
  if (before.cors !== after.cors) found.add('response-header:access-control-allow-origin');
  if (changed(before.further, after.further).some((part) => part.startsWith('cookie')))
    found.add('response-header:set-cookie');
  if (changed(before.further, after.further).some((part) => part.startsWith('mirror'))) found.add('side-requests');
  return [...found];
}

/** nginx answered by itself. */
function ofAnswered(record: LogRecord, before: Route, after: Route): ObservableField[] {
  const [code, location] = after.answer.split(' ');
  if (before.answer !== '') {
    const [own, target] = before.answer.split(' ');
    if (Number(own) !== record.status) return refused(record, before, after);
    if (after.answer === '') return ['status', 'upstream'];
    return [...(code === own ? [] : ['status' as const]), ...(sameText(location, target) ? [] : ['location' as const])];
  }
  return refused(record, before, after);
}

function refused(record: LogRecord, before: Route, after: Route): ObservableField[] {
  if (after.answer !== '') return Number(after.answer.split(' ')[0]) === record.status ? [] : ['status'];
  const protections = (text: string) => text.split(', ').filter((part) => part !== '');
  const missing = protections(before.policy).some((part) => !protections(after.policy).includes(part));
  const isRefusal = [302, 400, 401, 403, 429].includes(record.status) || (record.status === 503 && /limit/.test(before.policy));
  return missing && isRefusal ? ['status', 'upstream'] : [];
}

function bare(backend: string): string {
  return backend;
}

function changed(before: string, after: string): string[] {
  const parts = (text: string) => (text === '' ? [] : text.split(/, (?=(?:path|host|request|response|cookie|hash|error|mirror|Location|snippet)\b)/));
  const [one, other] = [parts(before), parts(after)];
  return [...one.filter((part) => !other.includes(part)), ...other.filter((part) => !one.includes(part))];
}

/** Locations are the same however they escape what stands in them. */
function sameText(one: string | undefined, other: string | undefined): boolean {
  return one === other || decoded(one ?? '') === decoded(other ?? '');
}

function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
