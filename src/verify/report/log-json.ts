import type { Question } from '../../conversion/questions.ts';
import { jsonLine } from '../../text/escape.ts';
import type { LogVerification } from '../log/verification.ts';

/** Names the shape of the report; `verify-log.schema.json` describes it. A change that breaks readers counts it up. */
export const verifyLogSchema = 'ingress2istio/verify-log/v1';

/** The report on a log, for programs: one line for each class, so that it can be compared and searched by line. */
export function* logJson(
  { log, model, verdicts, undecided, classes, unexplained, findings, unasked }: LogVerification,
  questions: readonly Question[],
  version: string,
): Generator<string> {
  const { lines, requests, unparsed, files, coarse } = log;
  const sum = Object.values(unparsed).reduce((total, amount) => total + amount, 0);
  yield `{\n"schema": ${jsonLine(verifyLogSchema)},\n"tool": ${jsonLine({ name: 'ingress2istio', version })},\n`;
  yield `"log": ${jsonLine({ lines, requests, unparsed: sum, unparsedBy: unparsed, files, coarse })},\n`;
  yield `"model": ${jsonLine(model)},\n"verdicts": ${jsonLine(verdicts)},\n"undecided": ${jsonLine(undecided)},\n`;
  yield* list('classes', classes);
  yield* list('unexplained', unexplained);
  yield* list(
    'findings',
    [...findings]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .map(([code, amount]) => ({ code, requests: amount })),
  );
  yield* list(
    'questions',
    questions.map(({ key, level, kind, name, requests: touched = 0 }) => ({
      key,
      level,
      kind,
      name,
      requests: touched,
    })),
  );
  yield* list(
    'unasked',
    unasked.map(({ server, path, owner: { ingress } }) => ({
      host: server.host || '*',
      path,
      ingress: `${ingress.ref.namespace}/${ingress.ref.name}`,
    })),
    '\n',
  );
  yield '}\n';
}

function* list(name: string, items: readonly object[], end = ',\n'): Generator<string> {
  if (items.length === 0) {
    yield `"${name}": []${end}`;
    return;
  }
  yield `"${name}": [\n`;
  for (const [index, item] of items.entries())
    yield `${jsonLine(item)}${index < items.length - 1 ? ',\n' : '\n'}`;
  yield `]${end}`;
}
