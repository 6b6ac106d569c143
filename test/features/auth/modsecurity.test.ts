import { expect, test } from 'vitest';
import { codesOf, convertYaml, input, routesOf, statusOf } from '../convert.ts';

const on = { 'enable-modsecurity': 'true' };

test.each<[Readonly<Record<string, string>>, Readonly<Record<string, string>>, string | undefined]>([
  [on, {}, 'modsecurity/detection-only'],
  [{ ...on, 'enable-owasp-core-rules': 'true' }, {}, 'modsecurity/detection-only'],
  [{ ...on, 'modsecurity-snippet': 'SecRuleEngine DetectionOnly' }, {}, 'modsecurity/detection-only'],
  [{ ...on, 'modsecurity-snippet': 'SecRule ARGS x\n  secruleengine on' }, {}, 'modsecurity/closed'],
  [{ ...on, 'modsecurity-snippet': 'SecAction "id:1,ctl:ruleEngine=On"' }, {}, 'modsecurity/closed'],
  [{ ...on, 'modsecurity-snippet': 'Include /etc/rules/own.conf' }, {}, 'modsecurity/closed'],
  [
    { ...on, 'modsecurity-snippet': 'Include /etc/nginx/owasp-modsecurity-crs/nginx-modsecurity.conf' },
    {},
    'modsecurity/detection-only',
  ],
  [{}, { 'enable-modsecurity': 'true' }, 'modsecurity/detection-only'],
  [{}, { 'enable-modsecurity': 'true', 'modsecurity-snippet': 'SecRuleEngine On' }, 'modsecurity/closed'],
  [{}, { 'modsecurity-snippet': 'SecRuleEngine On' }, undefined],
  [{ 'enable-modsecurity': 'false' }, { 'enable-modsecurity': 'true' }, undefined],
  [{ 'enable-owasp-core-rules': 'true' }, {}, undefined],
])('%j with %j', (annotations, config, code) => {
  const allowed = { 'allow-snippet-annotations': 'true', 'annotations-risk-level': 'Critical', ...config };
  const conversion = convertYaml(input([{ annotations }], allowed));
  expect(codesOf(conversion).filter((one) => one.startsWith('modsecurity/'))).toEqual(code ? [code] : []);
  const closed = routesOf(conversion)[0]?.directResponse?.status === 503;
  expect(closed).toBe(code === 'modsecurity/closed');
  if (Object.keys(annotations).length > 0)
    expect(statusOf(conversion, Object.keys(annotations)[0]!)).toBe(
      code === undefined ? 'no-effect-today' : closed ? 'closed' : 'manual',
    );
});
