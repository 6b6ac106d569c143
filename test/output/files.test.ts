import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { outputFiles, outputStream } from '../../src/output/files.ts';
import { convertYaml, input } from '../features/convert.ts';
import { fakeEmitted } from '../report/fake.ts';

const objects = [
  fakeEmitted('b.example.com', 'Gateway'),
  fakeEmitted('b.example.com', 'VirtualService'),
  fakeEmitted('a.example.com'),
  fakeEmitted('mesh', 'ConfigMap', 'mesh/mesh-config'),
];

describe('outputFiles', () => {
  const files = outputFiles(objects);

  it('has one file a host, and a kustomization over all but the mesh', () => {
    expect([...files.keys()]).toEqual([
      'a.example.com.yaml',
      'b.example.com.yaml',
      'mesh/mesh-config.yaml',
      'kustomization.yaml',
    ]);
    expect(parse(files.get('kustomization.yaml')!)).toEqual({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['a.example.com.yaml', 'b.example.com.yaml'],
    });
    expect(files.get('kustomization.yaml')).toMatch(/^# mesh\/ isn't included/);
  });

  it('keeps the objects of a host in their order', () => {
    const text = files.get('b.example.com.yaml')!;
    expect(parseAllDocuments(text).map((document) => document.get('kind'))).toEqual([
      'Gateway',
      'VirtualService',
    ]);
  });

  it('is a kustomization without resources where there are no objects', () => {
    expect(parse(outputFiles([]).get('kustomization.yaml')!).resources).toEqual([]);
  });
});

describe('outputStream', () => {
  it('is all objects in one text', () => {
    const text = outputStream(objects);
    expect(parseAllDocuments(text).map((document) => document.toJS())).toEqual(
      objects.map(({ object }) => object),
    );
  });
});

describe('comments', () => {
  const annotations = {
    'proxy-connect-timeout': '3',
    'configuration-snippet': 'more_set_headers "X-A: 1";\n# injected: true',
    'whitelist-source-range': '10.0.0.0/8',
  };
  const conversion = convertYaml(input([{ annotations }, { name: 'other', paths: ['/o'] }]));
  const line = 'configuration-snippet: more_set_headers "X-A: 1"; … (demo/web)';

  it('say which annotation of which Ingress a route, a policy and a destination come from', () => {
    const text = outputStream(conversion.objects);
    expect(text).toMatch(
      /---\n# (?:white|allow)list-source-range: 10\.0\.0\.0\/8 \(demo\/web\)\napiVersion: security/,
    );
    expect(text).toContain(`    # / (demo/web)\n`);
    expect(text).toContain(`    # ${line}\n`);
    expect(text).toContain('    # proxy-connect-timeout: 3 (demo/web)\n    - name: connect-timeout\n');
    expect(text).toMatch(/ {4}# \/o \(demo\/other\)\n {4}- name: o\n/);
  });

  it('change no object, are left out on request, and hold no line of the input that could be one', () => {
    const [with_, without] = [
      outputStream(conversion.objects),
      outputStream(conversion.objects, { comments: false }),
    ];
    expect(without).not.toMatch(/^\s*#/m);
    const read = (text: string) => parseAllDocuments(text).map((document) => document.toJS());
    expect(read(with_)).toEqual(read(without));
    expect(with_).not.toContain('injected');
    expect(outputFiles(conversion.objects, { comments: false }).get('a.example.com.yaml')).not.toMatch(
      /^\s*#/m,
    );
  });
});
