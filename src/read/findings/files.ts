import { findingType } from '../../domain/findings.ts';
import { shellWord } from '../../text/shell.ts';
import { shown } from '../../text/shown.ts';

interface FileArgs {
  readonly file: string;
}

export const unreadableFile = findingType<FileArgs & { readonly reason: string }>({
  code: 'input/unreadable-file',
  severity: 'error',
  fields: [],
  summary: 'A file or directory of the input could not be read.',
  message: ({ file, reason }) => `${shown(file)} could not be read: ${reason}.`,
  remedy: () => 'Check the path and its permissions, and run again; everything else was read.',
});

export const emptyFile = findingType<FileArgs>({
  code: 'input/empty-file',
  severity: 'warning',
  fields: [],
  summary: 'The input file is empty.',
  message: ({ file }) => `${shown(file)} is empty.`,
  remedy: () => 'Check the command that wrote it, for instance that kubectl reached the cluster.',
});

export const unrenderedChart = findingType<FileArgs>({
  code: 'input/unrendered-chart',
  severity: 'error',
  fields: [],
  summary: 'A directory of the input is a Helm chart, which must be rendered first.',
  message: ({ file }) =>
    `The directory ${shown(file)} wasn't read: it's a Helm chart, and its templates aren't manifests yet.`,
  remedy: ({ file }) =>
    `Render it first (helm template RELEASE ${shellWord(file)} | ingress2istio convert -).`,
  url: 'https://helm.sh/docs/helm/helm_template/',
});

export const unbuiltKustomization = findingType<FileArgs & { readonly fields: readonly string[] }>({
  code: 'input/unbuilt-kustomization',
  severity: 'error',
  fields: [],
  summary:
    'A directory of the input is a kustomization that changes its resources, so it must be built first.',
  message: ({ file, fields }) =>
    `The directory ${shown(file)} wasn't read: its kustomization changes what it lists (${fields.join(', ')}).`,
  remedy: ({ file }) => `Build it first (kubectl kustomize ${shellWord(file)} | ingress2istio convert -).`,
  url: 'https://kubernetes.io/docs/tasks/manage-kubernetes-objects/kustomization/',
});

export const binaryFile = findingType<FileArgs>({
  code: 'input/binary-file',
  severity: 'error',
  fields: [],
  summary: 'A file of the input is not text.',
  message: ({ file }) => `${shown(file)} contains zero bytes, so it isn't YAML or JSON; it wasn't read.`,
  remedy: () => 'Unpack or convert it first, or remove it; a file in UTF-16 needs its byte order mark.',
});

export const damagedText = findingType<FileArgs>({
  code: 'input/damaged-text',
  severity: 'warning',
  fields: [],
  summary: 'A file of the input is not valid UTF-8.',
  message: ({ file }) => `${shown(file)} is not valid UTF-8; the bytes that are not were read as "\ufffd".`,
  remedy: () => 'Save the file as UTF-8: Kubernetes accepts nothing else.',
});

export const tooLarge = findingType<FileArgs & { readonly limit: number }>({
  code: 'input/too-large',
  severity: 'error',
  fields: [],
  summary: 'A file of the input is larger than can be read at once.',
  message: ({ file, limit }) =>
    `${shown(file)} is larger than ${Math.floor(limit / 1024 / 1024)} MiB; it was not read.`,
  remedy: () =>
    'Dump fewer kinds (without events, pods and custom resources that play no part) or split it into several files.',
});

export const noYaml = findingType<FileArgs>({
  code: 'input/no-yaml-in-directory',
  severity: 'warning',
  fields: [],
  summary: 'A directory of the input contains no YAML or JSON file.',
  message: ({ file }) => `The directory ${shown(file)} contains no file that ends in .yaml, .yml, or .json.`,
  remedy: () => 'Name the directory that contains the manifests, or name the files themselves.',
});

export const directoryLoop = findingType<FileArgs>({
  code: 'input/directory-loop',
  severity: 'note',
  fields: [],
  summary: 'A symbolic link leads back into a directory that is being read.',
  message: ({ file }) => `${shown(file)} is a link back to a directory around it; it was not followed.`,
  remedy: () => '',
});

export const fileFindingTypes = [
  unreadableFile,
  emptyFile,
  unrenderedChart,
  unbuiltKustomization,
  binaryFile,
  damagedText,
  tooLarge,
  noYaml,
  directoryLoop,
];
