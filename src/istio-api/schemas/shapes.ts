/**
 * The words in which the schemas are written. Every object is closed: a field that is not named is an error. `description` is
 * shown to people, as what the value has to be.
 */
export type Schema = { readonly [keyword: string]: unknown };

/** An object with these fields and no other. */
export function closed(
  properties: Record<string, Schema>,
  required: readonly string[] = [],
  rules: Schema = {},
): Schema {
  return { type: 'object', properties, required, additionalProperties: false, ...rules };
}

export function list(items: Schema, minItems = 1, rules: Schema = {}): Schema {
  return { type: 'array', items, minItems, ...rules };
}

export function map(values: Schema, keys?: Schema): Schema {
  return {
    type: 'object',
    additionalProperties: values,
    ...(keys === undefined ? {} : { propertyNames: keys }),
  };
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: 'string', enum: values };
}

export function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

export function matching(pattern: string, description: string, maxLength?: number): Schema {
  return { type: 'string', pattern, description, ...(maxLength === undefined ? {} : { maxLength }) };
}

/** Exactly one of these fields. Written without `oneOf`, which is slow: it builds an error for each branch that does not hold. */
export function exactlyOne(...fields: readonly string[]): Schema {
  return {
    anyOf: fields.map((field) => ({ required: [field] })),
    not: atMostOne(...fields)['not'],
    description: `an object with exactly one of ${fields.join(', ')}`,
  };
}

/** One of these fields at most. */
export function atMostOne(...fields: readonly string[]): Schema {
  const pairs = fields.flatMap((a, index) => fields.slice(index + 1).map((b) => ({ required: [a, b] })));
  return { not: { anyOf: pairs }, description: `an object with at most one of ${fields.join(', ')}` };
}

export const text: Schema = { type: 'string', minLength: 1 };
export const anyText: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', minimum: 0, maximum: 2 ** 31 - 1 };
export const port: Schema = { type: 'integer', minimum: 1, maximum: 65535 };
export const percent: Schema = closed({ value: { type: 'number', minimum: 0, maximum: 100 } }, ['value']);

const label = '[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?';
export const dnsLabel = matching(
  '^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$',
  'a DNS label of at most 63 characters',
  63,
);
export const dnsName = matching(
  '^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$',
  'a DNS name of at most 253 characters',
  253,
);
/** ValidateFQDN, but for all-numeric top labels, which IP addresses have. */
export const hostName = matching(`^${label}(?:\\.${label})*\\.?$`, 'a host name', 255);
/** ValidateWildcardDomain: a wildcard stands at the start of the first label. */
export const wildcardHost = matching(
  `^(?:\\*|\\*?(?:${label}|-[-a-zA-Z0-9]*[a-zA-Z0-9])(?:\\.${label})*\\.?|\\*(?:\\.${label})+\\.?)$`,
  'a host name, perhaps with a wildcard at its start',
  255,
);
/** ValidateDuration: at least a millisecond, whole milliseconds. */
const atLeastMillisecond = matching(
  '^(?!0*(?:\\.0*)?[a-z])(?:\\d{1,9}ms|\\d{1,9}(?:\\.\\d{1,3})?s|\\d{1,6}[mh])$',
  'a duration of at least 1ms, in whole milliseconds',
);
export const duration = ref('duration');
export const wholeSeconds = matching('^0*[1-9]\\d{0,8}s$', 'a duration of at least 1s, in whole seconds');
/** Where `0s` has a meaning of its own. */
export const durationOrZero = matching(
  '^(?:\\d{1,9}ms|\\d{1,9}(?:\\.\\d{1,3})?s|\\d{1,6}[mh])$',
  'a duration, or 0s',
);

/** As Kubernetes has it: an optional prefix, then at most 63 characters. */
const qualifiedKey = matching(
  '^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[-\\w.]{0,61}[A-Za-z0-9])?$',
  'a key as Kubernetes allows it for labels and annotations',
);
const labelValue = matching(
  '^(?:[A-Za-z0-9](?:[-\\w.]{0,61}[A-Za-z0-9])?)?$',
  'a label value of at most 63 characters',
);
export const labels = ref('labels');
export const texts = ref('texts');

/** What many kinds share. Each is a function of its own in the compiled validators, which keeps them small. */
export const sharedDefinitions: Record<string, Schema> = {
  metadata: closed({ name: dnsLabel, namespace: dnsLabel, labels, annotations: map(anyText, qualifiedKey) }, [
    'name',
    'namespace',
  ]),
  labels: map(labelValue, qualifiedKey),
  texts: list(text),
  duration: atLeastMillisecond,
};

/** The schema of a kind; `$defs` may be named by `ref` inside of `spec`. */
export function kindSchema(
  kind: string,
  apiVersions: readonly string[],
  spec: Schema,
  $defs: Record<string, Schema> = {},
): Schema {
  return {
    ...closed({ apiVersion: oneOf(...apiVersions), kind: oneOf(kind), metadata: ref('metadata'), spec }, [
      'apiVersion',
      'kind',
      'metadata',
      'spec',
    ]),
    $defs: { ...sharedDefinitions, ...$defs },
  };
}

/** Rules for fields that several kinds have (crd.ts, `KindRules`). */
export const sharedRules: Readonly<Record<string, Schema>> = {
  labels,
  matchLabels: labels,
  // `.`: the namespace of the object; `*`: all.
  'exportTo[]': matching('^(?:[.*~]|[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)$', 'a namespace, `.`, `*` or `~`'),
  selector: { required: ['matchLabels'] },
  'targetRefs[].group': anyText,
};
