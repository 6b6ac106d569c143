import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtInMappings } from '../../src/decode/mappings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { outputFiles } from '../../src/output/files.ts';
import { readTexts } from '../../src/read/index.ts';
import { redact } from '../../src/redact/index.ts';
import { converted, ingress, service } from './converted.ts';

const { objects, extras = [] } = converted([ingress('a', 'web'), service('web')], {
  with: 'connection-pool,gateway-only',
  'gateway-service-account': 'gw',
});
const expected = ['destinations/web.shop.svc.cluster.local.yaml', 'gateway-only/web.shop.yaml'];

it.each([['host'], ['namespace'], ['wave']] as const)(
  'is a kustomization of its own in the layout %s',
  (kind) => {
    const files = outputFiles([...objects, ...extras], { layout: { kind, gitops: 'argo-cd' } });
    const top = parse(files.get('kustomization.yaml')!).resources as string[];
    expect(top.filter((path) => path.startsWith('extras'))).toEqual([]);
    expect(parse(files.get('extras/kustomization.yaml')!).resources).toEqual(expected);
    expect([...files.keys()].filter((path) => path.startsWith('extras/')).sort()).toEqual(
      [...expected.map((path) => `extras/${path}`), 'extras/kustomization.yaml'].sort(),
    );
    for (const path of expected) expect(files.get(`extras/${path}`)).not.toContain('sync-wave');
  },
);

it('leaves nothing in the output where nothing was asked for', () => {
  const plain = converted([ingress('a', 'web'), service('web')], {});
  expect(plain.extras).toBeUndefined();
  expect([...outputFiles(plain.objects).keys()].filter((path) => path.startsWith('extras'))).toEqual([]);
});

it('names nothing of the owner in redacted options', () => {
  const cluster = readTexts([
    { file: 'input.yaml', text: [ingress('a', 'web'), service('web')].join('\n---\n') },
  ]);
  const options = {
    ...defaultOptions,
    gateway: { ...defaultOptions.gateway, serviceAccount: 'acme-edge' },
    tcpSplits: [{ port: 5432, service: 'acme/acme-db:acme', weight: 10 }],
  };
  const redacted = redact(cluster, options, builtInMappings());
  expect(JSON.stringify(redacted.options)).not.toContain('acme');
  expect(redacted.options.tcpSplits[0]!.service).toMatch(/^[^/]+\/[^/:]+:[^:]+$/);
});
