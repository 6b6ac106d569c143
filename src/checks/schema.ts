import { finding, findingType } from '../domain/findings.ts';
import { validateObject } from '../istio-api/schemas/validate.ts';
import { shown } from '../text/shown.ts';
import type { Check } from './check.ts';

const refused = findingType<{ object: string; path: string; message: string }>({
  code: 'check/schema',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: 'An object of the output is one that Kubernetes, Istio or Envoy would refuse.',
  message: ({ object, path, message }) =>
    `${object} would be refused: ${path === '' ? 'it' : shownPath(path)} ${message}.`,
  remedy: () =>
    'Correct the value that it comes from, or the object by hand before you apply it; where the input is sound, report it as a bug.',
});

/** A path is ours but for keys of maps, which may hold anything. */
function shownPath(path: string): string {
  return shown(path).slice(1, -1);
}

/** Each object by itself: unknown fields, ranges, names over 63 characters, timeouts under 1 ms, codes that Envoy does not redirect with. */
export const schema: Check = {
  name: 'schema',
  findings: [refused],
  ofObject:
    () =>
    ({ emitted, name, where }, tell) => {
      for (const { path, message } of validateObject(emitted.object)) {
        const args = { object: `${emitted.object.kind} ${name}`, path, message: shownPath(message) };
        tell(finding(refused, args, where));
      }
    },
};
