import { describe, expect, it } from 'vitest';
import { defaultOptions } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { ingress, service } from '../controllers/objects.ts';

function statusesOf(documents: readonly string[], name: string): Record<string, string> {
  const text = [...documents, service].join('\n---\n');
  const { outcomes } = convert(readTexts([{ file: 'dump.yaml', text }]), defaultOptions);
  return Object.fromEntries(
    outcomes
      .filter(({ subject: { kind, origin } }) => kind === 'annotation' && origin.source.ref.name === name)
      .map(({ subject, status }) => [subject.name.replace('nginx.ingress.kubernetes.io/', ''), status]),
  );
}

const annotations = {
  'proxy-body-size': '20m',
  'backend-protocol': 'HTTPS',
  'ssl-redirect': 'false',
  'server-alias': 'b.example.com',
};

describe('an Ingress whose paths all belong to others', () => {
  // Equal ages: the later name comes first.
  const first = ingress('winner', 'nginx', 'a.example.com');

  it('has settings of locations that do nothing, while those of the server act', () => {
    expect(statusesOf([first, ingress('loser', 'nginx', 'a.example.com', { annotations })], 'loser')).toEqual(
      {
        'backend-protocol': 'no-effect-today',
        'proxy-body-size': 'no-effect-today',
        'server-alias': 'converted',
        'ssl-redirect': 'no-effect-today',
      },
    );
  });

  it('has settings that act where one path is its own', () => {
    const own = ingress('loser', 'nginx', 'a.example.com', { annotations, path: '/own' });
    expect(statusesOf([first, own], 'loser')).toMatchObject({
      'backend-protocol': 'converted',
      'proxy-body-size': 'converted',
      'server-alias': 'converted',
    });
  });
});
