import { listAt, recordAt } from '../domain/fields.ts';
import type { Mapping as Fields } from '../read/fields.ts';
import { redactName } from './annotations.ts';
import type { Renaming } from './renaming.ts';
import { redactText } from './text.ts';

/** Of a workload, the release of what it runs, its flags, and its service account: no volumes, no other environment. */
export function redactPodSpec(spec: unknown, renaming: Renaming): Fields {
  const containers = listAt(spec, 'containers').map((entry) => redactContainer(recordAt(entry), renaming));
  const { serviceAccountName } = recordAt(spec);
  return {
    ...(typeof serviceAccountName === 'string' && {
      serviceAccountName: redactName(serviceAccountName, renaming),
    }),
    containers,
  };
}

function redactContainer(container: Fields, renaming: Renaming): Fields {
  const { name, image, command, args, env } = container;
  return {
    ...(typeof name === 'string' && { name: redactText(name, 'path', renaming) }),
    ...(typeof image === 'string' && { image: redactImage(image, renaming) }),
    ...(Array.isArray(command) && { command: argumentsOf(command, renaming) }),
    ...(Array.isArray(args) && { args: argumentsOf(args, renaming) }),
    ...(Array.isArray(env) && { env: env.map((entry) => redactEnvironment(recordAt(entry), renaming)) }),
  };
}

const publicImageParts = new Set([
  'registry.k8s.io',
  'k8s.gcr.io',
  'quay.io',
  'docker.io',
  'gcr.io',
  'ghcr.io',
  'istio-release',
  'ingress-nginx',
  'controller',
  'controller-chroot',
  'kubernetes-ingress-controller',
  'nginx-ingress-controller',
  'rancher',
  'bitnami',
  'istio',
  'pilot',
  'proxyv2',
  'auto',
  'jetstack',
  'cert-manager-controller',
  'forkline',
]);

/** The registry may be anybody's; the name of a public image and its release stay. */
export function redactImage(image: string, renaming: Renaming): string {
  const [, path = image, tag = '', digest = ''] = /^(.*?)(:[^:/@]+)?(@sha256:[\da-f]+)?$/.exec(image) ?? [];
  const parts = path
    .split('/')
    .map((part) => (publicImageParts.has(part) ? part : redactText(part, 'path', renaming)));
  const isRelease =
    /^:v?\d+(?:\.\d+)+(?:-(?:hardened|rancher|rke2|alpha|beta|rc|distroless|debian|build)?[\d.]*)*$/.test(
      tag,
    );
  const release = /^:v?\d+(?:\.\d+)*/.exec(tag)?.[0];
  const shown = isRelease || release === undefined ? tag : release;
  const isKnown = publicImageParts.has(path.slice(path.lastIndexOf('/') + 1));
  return `${parts.join('/')}${isRelease || release !== undefined ? shown : redactText(tag, 'path', renaming)}${isKnown ? digest : ''}`;
}

function argumentsOf(list: readonly unknown[], renaming: Renaming): readonly unknown[] {
  return list.map((word) => (typeof word === 'string' ? redactArgument(word, renaming) : word));
}

/** `--flag=value` and `$(POD_NAMESPACE)` in it, a binary, or the line of a shell. */
export function redactArgument(argument: string, renaming: Renaming): string {
  return argument
    .split(/(\s+)/)
    .map((word) => redactWord(word, renaming))
    .join('');
}

const binary = /(?:^|\/)(?:nginx-ingress-controller|dumb-init|controller|sh|bash)$/;

function redactWord(word: string, renaming: Renaming): string {
  if (word.trim() === '' || binary.test(word) || word === '-c' || word === '--') return word;
  const [, flag = '', value = word] = /^(--?[a-z][\w-]*=?)(.*)$/.exec(word) ?? [];
  if (value === '' || /^(?:true|false|-?\d+(?:\.\d+)?[a-z]{0,2})$/.test(value)) return word;
  const parts = value
    .split(/(\$\(\w+\))/)
    .map((part, at) => (at % 2 === 1 ? part : redactFlagValue(part, renaming)));
  return `${flag}${parts.join('')}`;
}

function redactFlagValue(value: string, renaming: Renaming): string {
  return value.startsWith('k8s.io/') ? redactText(value, 'name', renaming) : redactName(value, renaming);
}

function redactEnvironment({ name, value, valueFrom }: Fields, renaming: Renaming): Fields {
  const isPod = name === 'POD_NAMESPACE' || name === 'POD_NAME';
  return {
    name: isPod ? name : redactText(String(name), 'path', renaming),
    ...(typeof value === 'string' && { value: redactName(value, renaming) }),
    ...(isPod && valueFrom !== undefined && { valueFrom }),
  };
}
