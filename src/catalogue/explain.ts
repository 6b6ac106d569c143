import type { ControllerOption } from '../decode/controller-option.ts';
import type { Action, Consequence, Mapping } from '../decode/mapping.ts';
import type { FindingType } from '../domain/findings.ts';
import type { Example } from './example.ts';
import { fidelityMeanings } from './fidelity.ts';
import type { Subject } from './subjects.ts';

const consequences: Record<Consequence, string> = {
  'ingress-dropped': 'the controller refuses the whole Ingress',
  'location-denied': 'the locations of the Ingress return 503',
  'host-denied': 'the whole host returns 403',
  ignored: 'the controller ignores it',
  'fail-open': 'the controller ignores it, and with it the protection: such locations are open today',
};

const scopes: Record<Mapping['scope'], string> = {
  location: 'the paths of its own Ingress',
  server: 'the whole host',
  upstream: 'every host that uses the same Service port',
  controller: 'the whole controller',
};

const valueTypes: Record<Mapping['value']['type'], string> = {
  bool: 'true or false',
  int: 'an integer',
  seconds: 'seconds',
  size: 'a size, as in 8k or 1m',
  enum: 'one of a few words',
  string: 'a string',
  list: 'a list',
  url: 'a URL',
  regex: 'a regular expression',
  cidrs: 'addresses and networks, separated by commas',
  secret: 'namespace/name of a Secret',
  configmap: 'namespace/name of a ConfigMap',
  snippet: 'nginx directives',
};

/** One paragraph of an explanation; a title alone is a heading. */
export interface Paragraph {
  readonly title: string;
  readonly text: string;
  /** Shown as it stands. */
  readonly code?: boolean;
}

/** What a subject is in nginx, what becomes of it, and what differs. */
export function explain(subject: Subject, example: Example | undefined): readonly Paragraph[] {
  const paragraphs =
    subject.kind === 'annotation'
      ? explainAnnotation(subject.mapping, subject.option)
      : subject.kind === 'option'
        ? explainOption(subject.option)
        : explainFinding(subject.type);
  const shown = example === undefined ? [] : explainExample(example);
  return [...paragraphs, ...shown].filter(({ text }) => text !== '');
}

function explainAnnotation(mapping: Mapping, option: ControllerOption | undefined): Paragraph[] {
  const { name, aliases, value, fidelity, action, to, note, docs } = mapping;
  return [
    {
      title: 'Annotation',
      text: [name, ...aliases].map((one) => `nginx.ingress.kubernetes.io/${one}`).join(', '),
    },
    { title: 'In ingress-nginx', text: mapping.nginx },
    { title: 'Value', text: valueText(mapping) },
    { title: 'Reaches', text: `${capital(scopes[mapping.scope])}.` },
    { title: 'A bad value', text: `${capital(consequences[value.onInvalid])}.` },
    {
      title: 'Global default',
      text:
        option === undefined ? '' : `The key ${option.name} of the controller's ConfigMap. ${option.effect}`,
    },
    { title: 'On Istio', text: `${capital(fidelity)}: ${fidelityMeanings[fidelity]}` },
    { title: 'Becomes', text: becomes(action, to) },
    { title: 'What differs', text: note },
    { title: 'Read more', text: docs.join('\n'), code: true },
  ];
}

function valueText({ value, default: usual, configMapKey }: Mapping): string {
  const values = value.values === undefined ? valueTypes[value.type] : value.values.join(', ');
  const written = usual === undefined ? '' : Array.isArray(usual) ? usual.join(',') : String(usual);
  const from = configMapKey === undefined ? '' : `, or what the ConfigMap's ${configMapKey} says`;
  return `${capital(values)}.${usual === undefined && from === '' ? '' : ` Default: ${written === '' ? 'nothing' : written}${from}.`}`;
}

function becomes(action: Action, to: readonly string[]): string {
  if (action.kind === 'none') return action.advice;
  return to.join(', ');
}

function explainOption(option: ControllerOption): Paragraph[] {
  const { name, istio, effect, note, fidelity, defaultMatters } = option;
  const usual = option.default;
  const remark = istio.startsWith('|') ? istio.slice(1).trim() : '';
  return [
    { title: "Key of the controller's ConfigMap", text: name },
    { title: 'In ingress-nginx', text: effect },
    {
      title: 'Default',
      text: usual === undefined ? '' : Array.isArray(usual) ? usual.join(',') : String(usual),
    },
    { title: 'On Istio', text: `${capital(fidelity)}: ${fidelityMeanings[fidelity]}` },
    { title: 'Becomes', text: istio.startsWith('|') ? '' : istio },
    { title: 'What differs', text: [remark, note].filter((part) => part !== '').join(' ') },
    {
      title: 'Without it',
      text: defaultMatters
        ? 'The default already does something that Istio does not do by itself; the report tells it once, as a gap of the platform.'
        : '',
    },
    {
      title: 'Read more',
      text: `https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#${name}`,
      code: true,
    },
  ];
}

const severities = {
  error: 'traffic or protection would change, and you have to act',
  warning: 'look at it',
  note: 'good to know',
} as const;

function explainFinding(type: FindingType<never>): Paragraph[] {
  const { code, severity, fields, summary, url } = type;
  return [
    { title: 'Finding', text: code },
    { title: 'Means', text: summary },
    { title: 'Severity', text: `${capital(severity)}: ${severities[severity]}.` },
    {
      title: 'May change',
      text: fields.length === 0 ? 'Nothing of the traffic.' : `${fields.map(named).join(', ')}.`,
    },
    { title: 'Read more', text: url ?? '', code: true },
  ];
}

/** `request-header:x-real-ip` is the header X-Real-IP as the upstream sees it. */
function named(field: string): string {
  const [kind, header] = field.split(':');
  if (header === undefined) return field;
  return `${kind === 'request-header' ? 'the request header' : 'the response header'} ${header === '(underscore)' ? 'names with an underscore' : header}`;
}

function explainExample({ sample, before, after }: Example): Paragraph[] {
  return [
    { title: `Before (samples/${sample}/input.yaml)`, text: before, code: true },
    { title: 'After', text: after, code: true },
  ];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
