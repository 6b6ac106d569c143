import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { outputFiles, outputStream } from '../../src/output/files.ts';
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
