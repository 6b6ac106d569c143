import { messageOf } from '../../src/domain/findings.ts';
import type { Cluster } from '../../src/read/cluster.ts';
import { readTexts } from '../../src/read/index.ts';

export function read(text: string, file = 'a.yaml'): Cluster {
  return readTexts([{ file, text }]);
}

/** `code line:column`, in order. */
export function placed(cluster: Cluster): string[] {
  return cluster.findings.map(({ type, origin }) => {
    const { line, column } = origin!.source.locate(origin!.path);
    return `${type.code} ${line}:${column}`;
  });
}

export function codes(cluster: Cluster): string[] {
  return cluster.findings.map(({ type }) => type.code);
}

export function messages(cluster: Cluster): string {
  return cluster.findings.map(messageOf).join('\n');
}

/** An Ingress with the given lines under `spec`. */
export function ingress(spec: string, { name = 'web', version = 'networking.k8s.io/v1' } = {}): string {
  const body = spec.replace(/^/gm, '  ');
  return `apiVersion: ${version}\nkind: Ingress\nmetadata:\n  name: ${name}\nspec:\n${body}\n`;
}

export const RULE = `rules:
- host: a.example.com
  http:
    paths:
    - path: /
      pathType: Prefix
      backend:
        service:
          name: web
          port:
            number: 80`;

/** The texts as the entries of a List in block style. */
export function list(items: readonly string[], indent = ''): string {
  const entries = items.map((item) =>
    item
      .trimEnd()
      .split('\n')
      .map((line, index) => `${indent}${index === 0 ? '- ' : '  '}${line}`)
      .join('\n'),
  );
  return `apiVersion: v1\nitems:\n${entries.join('\n')}\nkind: List\nmetadata:\n  resourceVersion: ""\n`;
}
