import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/domain/errors.ts';
import { messageOf } from '../../src/domain/findings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { qualifiedName } from '../../src/domain/origin.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import { chosenBy } from '../../src/selection/chosen.ts';
import { fitsGlob } from '../../src/selection/glob.ts';
import { hostPlaces } from '../../src/selection/places.ts';
import { selected } from '../../src/selection/select.ts';
import { selectTerms } from '../../src/selection/terms.ts';

const ingress = (name: string, hosts: readonly string[], annotations = '{}'): string => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name.split('/')[1]}, namespace: ${name.split('/')[0]}, annotations: ${annotations} }
spec:
  ingressClassName: nginx
  rules:
${hosts
  .map(
    (host, index) => `  - ${host === '' ? '' : `host: "${host}"\n    `}http:
      paths:
      - path: /${name.split('/')[1]}${index}
        pathType: Prefix
        backend: { service: { name: web, port: { number: 80 } } }
`,
  )
  .join('')}`;
const service = (namespace: string): string => `---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${namespace} }
spec: { ports: [{ port: 80 }] }
`;
const sticky =
  '{ nginx.ingress.kubernetes.io/affinity: cookie, nginx.ingress.kubernetes.io/rewrite-target: "/$1" }';
const text = [
  service('shop'),
  service('api'),
  ingress('shop/web', ['shop.example.com', 'www.example.com'], sticky),
  ingress('api/rest', ['shop.example.com']),
  ingress('api/admin', ['admin.example.com']),
  ingress('api/rest-of-all', ['']),
  ingress('other/left', ['left.example.com']).replace('ingressClassName: nginx', 'ingressClassName: other'),
].join('');
const conversion = convert(readTexts([{ file: 'input.yaml', text }]), defaultOptions);
const places = hostPlaces(conversion);
const wave = new Map([
  ['shop.example.com', 1],
  ['admin.example.com', 2],
]);

function chosen(...terms: readonly string[]) {
  return chosenBy(selectTerms(terms), conversion, places, (host) => wave.get(host));
}

describe('a glob', () => {
  it.each([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b', 'aXbY', false],
    ['a.c', 'abc', false],
    ['*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(5000), false],
  ])('%j of %s', (pattern, value, expected) => {
    expect(fitsGlob(pattern, value)).toBe(expected);
  });
});

describe('--select', () => {
  it.each<[readonly string[], readonly string[], readonly string[]]>([
    [['host=shop.example.com'], ['shop.example.com'], []],
    [['host=SHOP.example.com,admin.*'], ['admin.example.com', 'shop.example.com'], []],
    [['host=shop.*', 'host=admin.*'], ['admin.example.com', 'shop.example.com'], []],
    [['host=*'], ['', 'admin.example.com', 'shop.example.com', 'www.example.com'], []],
    [['host=_'], [''], []],
    [['namespace=shop'], ['shop.example.com', 'www.example.com'], []],
    [['namespace=api', 'host=shop.*'], ['shop.example.com'], []],
    [['ingress=api/rest*'], ['', 'shop.example.com'], []],
    [['wave=1'], ['shop.example.com'], []],
    [['wave=2', 'wave=1'], ['admin.example.com', 'shop.example.com'], []],
    [['namespace=other'], [], ['other/left']],
  ])('%j', (terms, hosts, ingresses) => {
    const found = chosen(...terms);
    expect([[...found.hosts].sort(), [...found.ingresses]]).toEqual([hosts, ingresses]);
  });

  it.each([
    ['shop', '--select cannot be "shop".'],
    ['hosts=a', '--select cannot be "hosts=a".'],
    ['host=', '--select cannot be "host=".'],
    ['host=a,,b', '--select cannot be'],
    ['wave=two', '--select wave=two is no wave.'],
    ['ingress=web', '--select ingress=web names no Ingress.'],
    ['host=nowhere', '--select host=nowhere selects nothing.'],
    ['namespace=none', '--select namespace=none selects nothing.'],
    ['wave=9', '--select wave=9 selects nothing.'],
    ['host=\u001b[2J', 'host=\\x1b[2j selects nothing.'],
  ])('%j is refused', (term, message) => {
    expect(() => chosen(term)).toThrow(UsageError);
    expect(() => chosen(term)).toThrow(message);
  });

  it('refuses keys that have nothing in common', () => {
    expect(() => chosen('wave=2', 'namespace=shop')).toThrow('No host fits all of --select.');
  });
});

describe('a selection', () => {
  const part = selected(conversion, chosen('namespace=shop', 'host=shop.*'), places, (name) =>
    name.startsWith('shop/'),
  );

  it('has the objects of its hosts as the whole input makes them, and those of the gateway', () => {
    const names = part.objects.map(({ object, file }) => `${object.kind} ${file}`);
    expect(names).toEqual([
      'Gateway shop.example.com',
      'VirtualService shop.example.com',
      'DestinationRule destinations/web.shop.svc.cluster.local',
    ]);
    for (const emitted of part.objects) expect(conversion.objects).toContain(emitted);
    // The rewrite of one Ingress makes all paths of the host regular expressions, also those of the other one.
    const [, routes] = part.objects;
    expect(JSON.stringify(routes!.object)).toContain('rest0');
  });

  it('has the outcomes of its rules, and of the whole Ingress', () => {
    const rules = part.outcomes.filter(({ subject }) => subject.kind === 'rule' || subject.kind === 'path');
    expect(rules.map(({ subject }) => subject.name).filter((name) => name.includes('www'))).toEqual([]);
    expect(rules.length).toBeGreaterThan(1);
    const annotations = part.outcomes.filter(({ subject }) => subject.kind === 'annotation');
    expect(annotations.map(({ subject }) => subject.name).sort()).toEqual([
      'nginx.ingress.kubernetes.io/affinity',
      'nginx.ingress.kubernetes.io/rewrite-target',
    ]);
    expect(part.model.ingresses.map(({ ingress: { ref } }) => qualifiedName(ref)).sort()).toEqual([
      'api/rest',
      'shop/web',
    ]);
  });

  it('says what cannot be separated', () => {
    const told = part.findings.filter(({ type }) => type.code.startsWith('selection/'));
    expect(told.map((finding) => `${finding.type.code}: ${messageOf(finding)}`)).toEqual([
      'selection/split-ingress: Ingress shop/web serves shop.example.com, and 1 host outside the selection: www.example.com.',
      'selection/split-host: shop.example.com also has paths from api/rest. A host has one VirtualService, so these paths are included.',
      'selection/shared-object: 1 object of the selection is also used by 1 host outside it, and written whole: DestinationRule shop/web-shop.',
    ]);
  });

  it('of an Ingress that is not served has what is said of it', () => {
    const left = selected(conversion, chosen('ingress=other/left'), places);
    expect(left.model.servers).toEqual([]);
    expect(left.outcomes.length).toBeGreaterThan(0);
    expect(left.outcomes.every(({ subject }) => subject.origin.source.ref.namespace === 'other')).toBe(true);
  });
});
