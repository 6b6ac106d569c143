// Examples of what no sample sets: an Ingress like any other, with a valid value of the annotation or of the key.
import { cut } from '../../../src/catalogue/example.ts';
import type { Conversion } from '../../../src/conversion/conversion.ts';
import { allFindings } from '../../../src/conversion/places.ts';
import type { ControllerOption } from '../../../src/decode/controller-option.ts';
import type { Mapping } from '../../../src/decode/mapping.ts';
import { toYaml } from '../../../src/emit/yaml.ts';
import { differenceOf } from './difference.ts';
import {
  convertText,
  findingShown,
  outcomeOf,
  profiles,
  type Said,
  type Shown,
  saidOf,
  shortProfiles,
} from './observed.ts';

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { ports: [{ name: 'http', port: 80 }] },
};

function ingressWith(
  annotations: Readonly<Record<string, string>>,
  { path = '/', tls = false }: { readonly path?: string; readonly tls?: boolean } = {},
): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop', annotations },
    spec: {
      ingressClassName: 'nginx',
      ...(tls ? { tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }] } : {}),
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [
              {
                path,
                pathType: path === '/' ? 'Prefix' : 'ImplementationSpecific',
                backend: { service: { name: 'web', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  };
}

function configMapWith(data: Readonly<Record<string, string>>): object {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' },
    data,
  };
}

/** An annotation that no Ingress of a sample has. */
export function madeForAnnotation(mapping: Mapping): Shown {
  const key = `nginx.ingress.kubernetes.io/${mapping.name}`;
  const value = valueFor(mapping);
  const before = { kind: 'Ingress', metadata: ingressMetadata({ [key]: value }) };
  return shownWith(
    before,
    (there) => [
      ingressWith(there ? { [key]: value } : {}),
      configMapWith({ 'allow-snippet-annotations': 'true' }),
    ],
    (conversion) => saidOf(outcomeOf(conversion, 'annotation', [mapping.name, ...mapping.aliases])),
  );
}

function ingressMetadata(annotations: Readonly<Record<string, string>>): object {
  return { name: 'web', namespace: 'shop', annotations };
}

/** A key of the ConfigMap, with a value of a scenario or one that isn't its default. */
export function madeForOption(option: ControllerOption, observed: string | undefined): Shown {
  const data = { [option.name]: observed ?? another(option.default) };
  return shownWith(
    configMapWith(data),
    (there) => [ingressWith({}), configMapWith(there ? data : {})],
    (conversion) => saidOf(outcomeOf(conversion, 'option', [option.name])),
  );
}

/** Converted with and without it: the objects that differ, with the flags that make a difference. */
function shownWith(
  before: object,
  inputWith: (there: boolean) => readonly object[],
  said: (conversion: Conversion) => readonly Said[],
): Shown {
  const shown = shortProfiles.map(({ flags, options }): Shown => {
    const [without, conversion] = [false, true].map((there) =>
      convertText(toYaml([...inputWith(there), service]), options),
    );
    const [old, current] = [without!, conversion!].map(({ objects }) =>
      toYaml(objects.map(({ object }) => object)),
    );
    return {
      file: '',
      flags,
      before: toYaml([before]).trimEnd(),
      after: old === current ? '' : cut(differenceOf(old!, current!)),
      isDifference: true,
      said: said(conversion!),
    };
  });
  return shown.find(({ after }) => after !== '') ?? shown[0]!;
}

/** A valid value that isn't the default. */
function valueFor({ value: { type, values }, default: usual }: Mapping): string {
  const other = values?.find((one) => one !== usual);
  if (other !== undefined) return other;
  if (typeof usual === 'boolean') return String(!usual);
  if (typeof usual === 'number') return String(usual + 1);
  return typicalValues[type];
}

const typicalValues: Readonly<Record<Mapping['value']['type'], string>> = {
  bool: 'true',
  int: '2',
  seconds: '30',
  size: '16k',
  enum: 'on',
  string: 'example',
  list: 'first,second',
  url: 'https://www.example.com/',
  regex: '^/shop',
  cidrs: '10.0.0.0/8',
  secret: 'shop/credentials',
  configmap: 'shop/settings',
  snippet: 'add_header X-Example "1";',
};

function another(usual: ControllerOption['default']): string {
  if (typeof usual === 'boolean') return String(!usual);
  if (typeof usual === 'number') return String(usual + 1);
  if (Array.isArray(usual)) return 'first,second';
  return typeof usual === 'string' && /^\d+[kmg]$/.test(usual) ? `1${usual}` : 'example';
}

/** What provokes a finding: see provoking.yaml. */
export interface Provocation {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly tls?: boolean;
  readonly text?: string;
}

/** The finding where it's made to show; throws where nothing provokes it. */
export function madeForFinding(code: string, provocation: Provocation): Shown {
  const { annotations = {}, config = {}, text } = provocation;
  const ingress = ingressWith(withPrefix(annotations), provocation);
  const configMap = configMapWith({
    'allow-snippet-annotations': 'true',
    'annotations-risk-level': 'Critical',
    ...config,
  });
  for (const { flags, options } of profiles) {
    const conversion = convertText(text ?? toYaml([ingress, configMap, service]), options);
    const finding = allFindings(conversion).find(({ type }) => type.code === code);
    if (finding === undefined) continue;
    const shown = findingShown(finding, '', flags, conversion);
    const before = text ?? (Object.keys(config).length > 0 ? toYaml([configMapWith(config)]) : shown.before);
    return { ...shown, before };
  }
  throw new Error(`provoking.yaml doesn't provoke ${code}.`);
}

function withPrefix(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [
      name.includes('/') ? name : `nginx.ingress.kubernetes.io/${name}`,
      value,
    ]),
  );
}
