// Begins an annotation: npm run new-annotation -- NAME ROOM
// Writes its mapping, a feature with a finding, a table of tests and an empty scenario, and puts the feature into the list. All of them are
// marked, and the catalogue test names what is still marked.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What the catalogue test looks for. */
export const mark = 'UNFINISHED:';

/** A file to write, by its path below the project. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** The files of a new annotation. @throws {Error} where the name is none of ingress-nginx's kind */
export function filesOf(name: string, room: string): NewFile[] {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))
    throw new Error(`${JSON.stringify(name)} is no name of an annotation: give it without its prefix.`);
  return [
    { path: `mappings/${room}/${name}.yaml`, text: mappingText(name) },
    { path: `src/features/${room}/${name}.ts`, text: featureText(name, room) },
    { path: `test/features/${room}/${name}.test.ts`, text: testText(name) },
    { path: `test/conformance/scenarios/${name}/input.yaml`, text: inputText(name) },
    { path: `test/conformance/scenarios/${name}/probes.yaml`, text: probesText() },
  ];
}

/** `features/index.ts` with the feature before the snippets, which come last in nginx's template, too. */
export function withFeature(index: string, name: string, room: string): string {
  return index
    .replace(/^(?=import type \{ Feature \})/m, `import { ${camel(name)} } from './${room}/${name}.ts';\n`)
    .replace(/^(?= {2}snippets,$)/m, `  ${camel(name)},\n`);
}

function camel(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function mappingText(name: string): string {
  return `# yaml-language-server: $schema=../schema.json
docs:
  - https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
annotations:
  - name: ${name}
    value: { type: string, onInvalid: ignored }
    scope: location
    risk: Low
    fidelity: approximate
    action: { convert: ${name} }
    to: ["VirtualService.spec.http[]"]
    nginx: "${mark} what ingress-nginx does with it, and where its sources say so."
    note: "${mark} what differs on Istio, if anything does."
`;
}

function featureText(name: string, room: string): string {
  const feature = camel(name);
  return `import { findingType } from '../../domain/findings.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingAt } from '../claims.ts';
import type { Feature } from '../feature.ts';

const notCarried = findingType<{ value: string }>({
  code: '${room}/${name}',
  severity: 'warning',
  fields: ['status'],
  summary: '${mark} one sentence without values.',
  message: ({ value }) => \`${mark} what is the matter with ${name} \${value}.\`,
  remedy: () => '${mark} the way out.',
});

/** ${mark} what nginx does (ingress-nginx 1.15.1, template/nginx.tmpl; scenario ${name}). */
export const ${feature}: Feature = {
  name: '${name}',
  findings: [notCarried],
  location(location) {
    const { owner } = location;
    const value = owner.annotations.get('${name}')?.value;
    if (value === undefined) return nothing;
    return {
      effects: [],
      claims: claimAll(owner, ['${name}'], 'manual', { reason: '${mark} why.' }),
      findings: [findingAt(notCarried, { value: String(value) }, location, '${name}')],
    };
  },
};
`;
}

function testText(name: string): string {
  return `import { expect, test } from 'vitest';
import { convertYaml, input, routesOf } from '../convert.ts';

// ${mark} the values that matter, and what the route becomes.
test.each<[string, object]>([['value', { name: 'root' }]])('${name}: %s', (value, route) => {
  const conversion = convertYaml(input([{ annotations: { '${name}': value } }]));
  expect(routesOf(conversion)).toMatchObject([route]);
});
`;
}

function inputText(name: string): string {
  return `# ${mark} the smallest input that shows what ${name} does.
apiVersion: v1
kind: Service
metadata: { name: a, namespace: demo }
spec: { ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: demo
  annotations: { nginx.ingress.kubernetes.io/${name}: "value" }
spec:
  ingressClassName: nginx
  rules:
    - host: a.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] }
`;
}

function probesText(): string {
  return `# ${mark} requests that tell; nginx.json beside it has what the real nginx answered.
probes:
  - name: "/x"
    request: { scheme: http, host: a.example.com, path: /x }
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const rooms = readdirSync(join(root, 'mappings'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'controller')
    .map(({ name }) => name);
  const [name = '', room = ''] = process.argv.slice(2);
  if (!rooms.includes(room)) throw new Error(`Give NAME and ROOM, one of ${rooms.join(', ')}.`);
  const files = filesOf(name, room);
  const known = files.find(({ path }) => existsSync(join(root, path)));
  if (known !== undefined) throw new Error(`${known.path} is there already.`);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(path);
  }
  const index = join(root, 'src/features/index.ts');
  writeFileSync(index, withFeature(readFileSync(index, 'utf8'), name, room));
  execFileSync('npx', ['biome', 'check', '--write', 'src/features', 'test/features'], { cwd: root });
  execFileSync('npx', ['tsx', 'scripts/docs.ts'], { cwd: root });
}
