import { finding, findingType } from '../domain/findings.ts';
import { newerFieldsOf } from '../istio-api/schemas/crd.ts';
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
    'Correct the value that it comes from, or correct the object manually before you apply it. If the input is valid, report it as a bug.',
});

const tooNew = findingType<{ object: string; path: string; since: string; release: string }>({
  code: 'check/newer-field',
  severity: 'error',
  fields: ['status', 'upstream'],
  summary: "An object of the output has a field that the Istio release doesn't support.",
  message: ({ object, path, since, release }) =>
    `${object} has ${shownPath(path)}, which came with Istio ${since}; Istio ${release} would refuse it.`,
  remedy: ({ since }) =>
    `Move to Istio ${since} first and say so (--istio-version ${since}); where the release is right, report it as a bug.`,
});

/** A path is ours but for keys of maps, which may hold anything. */
function shownPath(path: string): string {
  return shown(path).slice(1, -1);
}

/** Each object by itself: unknown fields, ranges, names over 63 characters, timeouts under 1 ms, codes that Envoy does not redirect with. */
export const schema: Check = {
  name: 'schema',
  findings: [refused, tooNew],
  ofObject: ({ options: { istioVersion } }) => {
    const newerFields = newerFieldsOf(istioVersion);
    return ({ emitted, name, where }, tell) => {
      const object = `${emitted.object.kind} ${name}`;
      for (const { path, message } of validateObject(emitted.object))
        tell(finding(refused, { object, path, message: shownPath(message) }, where));
      for (const field of newerFields(emitted.object.kind, emitted.object.spec))
        tell(finding(tooNew, { object, ...field, release: istioVersion }, where));
    };
  },
};
