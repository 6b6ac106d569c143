import { finding, findingType } from '../domain/findings.ts';
import type { Check } from './check.ts';

/** istiod, validation.go: a body over 1 MiB is refused. */
const largestBody = 1024 * 1024;

const tooLarge = findingType<{ object: string; route: string; bytes: number }>({
  code: 'check/body-too-large',
  severity: 'error',
  fields: ['status'],
  summary: 'A route returns a body that is larger than Istio allows.',
  message: ({ object, route, bytes }) =>
    `Route ${route} of VirtualService ${object} answers with a body of ${bytes} bytes; Istio refuses more than ${largestBody}.`,
  remedy: () => 'Serve the text from an application instead.',
});

export const directResponses: Check = {
  name: 'direct-responses',
  findings: [tooLarge],
  ofVirtualService:
    () =>
    ({ spec, name, where }, tell) => {
      for (const { name: route, directResponse } of spec.http ?? []) {
        const text = directResponse?.body?.string;
        const bytes = text === undefined ? 0 : Buffer.byteLength(text);
        if (bytes > largestBody) tell(finding(tooLarge, { object: name, route, bytes }, where));
      }
    },
};
