import type { Overview } from '../../src/report/overview.ts';
import { overviewOf } from '../../src/report/overview.ts';
import { fakeConversion, fakeEmitted, fakeFinding, fakeIngress, fakeOutcome, fakeServer } from './fake.ts';

/** What a browser, a terminal, a table, a CDATA section, a template or a reader's eye could be tricked with. */
export const evil = [
  '<script>window.ran = 1</script><img src=x onerror="window.ran = 2"><svg onload=window.ran=3>',
  '</script></style></title><!-- --!> ]]> <![CDATA[',
  'a|b `c` ``d`` $' + '{e} {{f}} $(g) \\ " \' &amp; &#60;',
  '\x1b[2J\x1b]0;owned\x07 \u009b31m \u202egnp.exe\u202c \u2066x\u2069 \u200b \ufeff',
  'new\nline\r\n\u2028\u2029\ttab \u0000 \u007f \ud800 \ufffe \uffff',
].join(' ');

/** A conversion with `evil` wherever a value of the input can stand, and a megabyte of it in an annotation. */
export function hostileOverview(): Overview {
  const fake = fakeIngress('shop/web', 10, { kind: 'dropped', reason: evil } as never, `${evil}.yaml`);
  const big = evil.repeat(Math.ceil(1_000_000 / evil.length));
  const annotations = new Map([
    ['nginx.ingress.kubernetes.io/auth-url', big],
    [evil, evil],
    ['plain', 'x\n  annotations:\n    plain: y'],
  ]);
  const rules = [
    { host: evil, paths: [], origin: { source: fake.ingress.source, path: ['spec', 'rules', 0] } },
  ];
  const ref = { kind: 'Ingress', namespace: evil, name: evil };
  const ingress = { ...fake.ingress, ref, annotations, rules, source: { ...fake.ingress.source, ref } };
  const web = { ...fake, ingress };
  const emitted = fakeEmitted(evil);
  const errors = fakeFinding('error', { at: web, message: `It says ${evil}.`, remedy: evil });
  return overviewOf(
    fakeConversion({
      ingresses: [web],
      servers: [fakeServer(evil, web)],
      objects: [{ ...emitted, from: [`${evil}/${evil}`] }],
      findings: [
        errors,
        fakeFinding('warning', {
          code: 'annotation/manual',
          at: web,
          path: ['metadata', 'annotations', evil],
        }),
        fakeFinding('warning', {
          code: 'x/host',
          scope: { kind: 'location', host: evil, path: evil, match: evil },
        }),
      ],
      outcomes: [
        fakeOutcome(web, 'invalid', { name: evil, value: evil, reason: evil, findings: [errors] }),
        fakeOutcome(web, 'unknown', { name: 'nginx.ingress.kubernetes.io/auth-url', value: big }),
      ],
      steps: [
        { kind: 'manual', key: evil, title: evil, commands: [`echo ${evil}\`\`\`\`\nnext`], origins: [] },
      ],
      others: new Map([[evil, 1]]),
    }),
  );
}
