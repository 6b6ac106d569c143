import type { Route } from '../../diff/route.ts';
import type { ObservableField } from '../../domain/findings.ts';
import { refusals } from './explained.ts';
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
  if (before.backend !== after.backend) found.add(after.backend.includes('%') ? 'share' : 'upstream');
  for (const part of changed(before.rewrite, after.rewrite))
    found.add(part.startsWith('host ') ? 'host' : 'path');
  for (const part of changed(before.headers, after.headers)) {
    const [, side, name] = /^(request|response) ([^:]+):/.exec(part) ?? [];
    const unread =
      before.further.includes('snippet not read') && !before.headers.includes(`${side} ${name}:`);
    if (side !== undefined && !unread) found.add(`${side as 'request' | 'response'}-header:${name}`);
  }
  if (before.cors !== after.cors) found.add('response-header:access-control-allow-origin');
  if (changed(before.further, after.further).some((part) => part.startsWith('cookie')))
    found.add('response-header:set-cookie');
  if (changed(before.further, after.further).some((part) => part.startsWith('mirror')))
    found.add('side-requests');
  return [...found];
}

/** nginx answered by itself. */
function ofAnswered(record: LogRecord, before: Route, after: Route): ObservableField[] {
  const [code, location] = after.answer.split(' ');
  if (before.answer !== '') {
    const [own, target] = before.answer.split(' ');
    if (Number(own) !== record.status) return refused(record, before, after);
    if (after.answer === '') return ['status', 'upstream'];
    return [
      ...(code === own ? [] : ['status' as const]),
      ...(sameText(location, target) ? [] : ['location' as const]),
    ];
  }
  return refused(record, before, after);
}

/** A protection refused the request, or the client or an upstream failed. */
function refused({ status }: LogRecord, before: Route, after: Route): ObservableField[] {
  const refusing = protectionsOf(before).filter((protection) => refusals(protection).has(status));
  const kept = protectionsOf(after);
  if (refusing.length > 0 && refusing.every((protection) => kept.includes(protection))) return [];
  if (after.answer !== '') return Number.parseInt(after.answer, 10) === status ? [] : ['status'];
  return refusing.length > 0 ? ['status', 'upstream'] : [];
}

function protectionsOf({ policy }: Route): string[] {
  return policy.split(', ').filter((part) => part !== '');
}

function changed(before: string, after: string): string[] {
  const parts = (text: string) =>
    text === ''
      ? []
      : text.split(/, (?=(?:path|host|request|response|cookie|hash|error|mirror|Location|snippet)\b)/);
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
