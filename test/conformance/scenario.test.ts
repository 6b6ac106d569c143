import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownScenarios } from './flags.ts';
import { externalNamesOf, objectsOf, parseProbes, readScenario, scenarioNames } from './scenario.ts';

describe('parseProbes', () => {
  it('reads requests', () => {
    const text = 'probes: [{name: a, request: {scheme: http, host: h, path: /, repeat: 3}, volatile: true}]';
    const request = { scheme: 'http', host: 'h', path: '/', repeat: 3 };
    expect(parseProbes(text)).toEqual([{ name: 'a', volatile: true, request }]);
  });

  it.each([
    [
      'probes: [{name: a, request: {path: /}}, {name: a, request: {path: /}}]',
      'probe without a name of its own: a',
    ],
    ['probes: [{request: {path: /}}]', 'probe without a name of its own'],
    ['probes: [{name: a, request: {}}]', 'probe a has no request.path'],
  ])('refuses %s', (text, message) => {
    expect(() => parseProbes(text)).toThrow(message);
  });
});

it('takes Lists apart and passes over empty documents', () => {
  const text =
    'kind: List\nitems: [{kind: Service}, {kind: IngressList, items: [{kind: Ingress}]}]\n---\n---\nkind: Secret\n';
  expect(objectsOf(text).map(({ kind }) => kind)).toEqual(['Service', 'Ingress', 'Secret']);
});

it('tells which host an ExternalName Service stands for', () => {
  const spec = {
    type: 'ExternalName',
    externalName: 'ext.example.org',
    ports: [{ port: 80 }, { port: 443 }],
  };
  const objects = [
    { kind: 'Service', metadata: { name: 'ext' }, spec },
    { kind: 'Service', metadata: { name: 'web' } },
  ];
  expect([...externalNamesOf({ objects })]).toEqual([
    ['default/ext:80', 'external/ext.example.org:80'],
    ['default/ext:443', 'external/ext.example.org:443'],
  ]);
});

describe('the scenarios of the project', () => {
  it('are all found, and those that a glob names', () => {
    expect(scenarioNames(ownScenarios, [])).toEqual(readdirSync(ownScenarios).sort());
    expect(scenarioNames(ownScenarios, ['cors-def*', 'allowlis?'])).toEqual(['allowlist', 'cors-default']);
  });

  it.each(scenarioNames(ownScenarios, []))('%s can be read, and its results belong to its probes', (name) => {
    const { objects, probes, nginx } = readScenario(join(ownScenarios, name));
    expect(objects.some(({ kind }) => kind === 'Ingress')).toBe(true);
    const names = probes.map((probe) => probe.name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(nginx.results)));
  });
});
