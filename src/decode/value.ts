import { RE2JS } from 're2js';
import type { AnnotationValue, KnownAnnotation } from './annotation.ts';
import { normalizeLines, parseBool, parseCidrs, parseInteger, trimSpace } from './go-values.ts';
import type { Consequence, ValueRule } from './mapping.ts';

export type DecodedValue = Pick<KnownAnnotation, 'value' | 'problem'>;

/** No API server stores more in all annotations of an object together; a longer text would only wear out the regular expressions. */
const longestValue = 256 * 1024;

const unset: DecodedValue = { value: undefined, problem: undefined };

/**
 * Makes the function that reads an annotation's value by its rule, as ingress-nginx 1.15.1 does (annotations/parser): first the validator,
 * on the text as written, then the value. What is blank after that counts as not set, unless the rule says otherwise.
 */
export function valueDecoder(rule: ValueRule): (raw: string) => DecodedValue {
  const refuse = validator(rule);
  const blank = rule.onBlank === undefined ? unset : invalid('is blank', rule.onBlank);
  return (raw) => {
    if (raw === '') return blank;
    if (raw.length > longestValue) return invalid('is longer than Kubernetes allows', rule.onInvalid);
    const reason = refuse(raw);
    if (reason !== undefined) return invalid(reason, rule.onInvalid);
    const text = normalizeLines(raw);
    return text === '' ? blank : read(rule, text);
  };
}

/**
 * The same where the controller does not validate: only what the parser of the annotation itself asks for counts, and a text is taken as it stands
 * (ingress-nginx 1.11.5, annotations/parser/validators.go checkAnnotation, and each parser).
 */
export function unvalidatedDecoder(rule: ValueRule): (raw: string) => DecodedValue {
  const { unvalidated } = rule;
  if (unvalidated !== undefined) return valueDecoder({ ...rule, onInvalid: unvalidated });
  const refuse = isText(rule) ? () => undefined : validator({ ...rule, onInvalid: 'ignored' });
  const blank = rule.onBlank === undefined ? unset : invalid('is blank', rule.onBlank);
  return (raw) => {
    if (raw === '') return blank;
    if (raw.length > longestValue) return invalid('is longer than Kubernetes allows', 'ignored');
    const reason = refuse(raw);
    if (reason !== undefined) return invalid(reason, 'ignored');
    const text = normalizeLines(raw);
    return text === '' ? blank : read(rule, text);
  };
}

function isText({ type }: ValueRule): boolean {
  return ['string', 'list', 'url', 'regex', 'secret', 'configmap', 'snippet'].includes(type);
}

function invalid(reason: string, consequence: Consequence): DecodedValue {
  return { value: undefined, problem: { reason, consequence } };
}

/** Says what is wrong with a text, as the rest of a sentence that begins with the annotation; undefined where nothing is. */
type Validator = (raw: string) => string | undefined;

function validator(rule: ValueRule): Validator {
  if (rule.pattern !== undefined)
    return rule.type === 'regex' ? compiles(rule.pattern) : matches(rule, rule.pattern);
  switch (rule.type) {
    case 'bool':
      return (raw) => (parseBool(raw) === undefined ? 'is neither true nor false' : undefined);
    case 'int':
    case 'seconds':
      return (raw) => (parseInteger(raw) === undefined ? 'is not an integer without a unit' : undefined);
    case 'size':
      return (raw) =>
        /^[0-9]+[bkmg]?$/i.test(raw.replaceAll(' ', '')) ? undefined : 'is not a size such as 8m';
    case 'cidrs':
      return (raw) =>
        parseCidrs(raw) === undefined ? 'is not a list of IP addresses and networks' : undefined;
    case 'enum':
      return oneOf(rule);
    default:
      return () => undefined;
  }
}

function oneOf({ values = [], anyCase = false, ignoreBlanks = false }: ValueRule): Validator {
  const known = new Set(anyCase ? values.map((value) => value.toLowerCase()) : values);
  return (raw) => {
    const text = ignoreBlanks ? raw.replaceAll(' ', '') : trimSpace(raw);
    return known.has(anyCase ? text.toLowerCase() : text) ? undefined : `is not one of ${values.join(', ')}`;
  };
}

function matches(rule: ValueRule, pattern: string): Validator {
  const regex = new RegExp(pattern);
  if (rule.trim) {
    const entries = (raw: string) => (rule.type === 'list' ? raw.split(rule.separator ?? ',') : [raw]);
    return (raw) => (entries(raw).every((entry) => regex.test(trimSpace(entry))) ? undefined : refused);
  }
  return (raw) => {
    const text = rule.ignoreBlanks ? raw.replaceAll(' ', '') : raw;
    // A line break is refused whatever the pattern says (annotations/parser/validators.go, MaliciousRegex).
    return regex.test(text) && !/[\r\n]/.test(text) ? undefined : refused;
  };
}

const refused = 'has a form or characters that are not allowed';

function compiles(pattern: string): Validator {
  const regex = new RegExp(pattern);
  return (raw) => {
    const match = regex.exec(raw);
    if (match === null) return refused;
    try {
      RE2JS.compile(match[1] ?? raw);
      return undefined;
    } catch {
      return 'is not a regular expression that Go knows';
    }
  };
}

/** The value of a text that the validator let pass. Its second looks differ from the first, so a few texts still come to nothing. */
function read(rule: ValueRule, text: string): DecodedValue {
  const value = typedValue(rule, text);
  return value === undefined
    ? invalid('passes the check of the controller, but nginx cannot use it', 'ignored')
    : { value, problem: undefined };
}

function typedValue(rule: ValueRule, text: string): AnnotationValue | undefined {
  switch (rule.type) {
    case 'bool':
      return parseBool(text);
    case 'int':
    case 'seconds':
      return parseInteger(text);
    case 'size':
      return bytes(text);
    case 'cidrs':
      return parseCidrs(text);
    case 'list':
      return entriesOf(text, rule.separator);
    case 'enum':
      return enumValue(rule, text);
    case 'snippet':
      return text;
    default:
      return trimSpace(text);
  }
}

function entriesOf(text: string, separator: ',' | ' ' = ','): readonly string[] {
  const entries = separator === ',' ? text.split(',') : text.split(/[\t\n\f\r ]+/);
  return entries.map(trimSpace).filter((entry) => entry !== '');
}

function enumValue({ values = [], anyCase, pattern }: ValueRule, text: string): string | undefined {
  if (values.includes(text)) return text;
  if (anyCase) return values.find((value) => value.toLowerCase() === text.toLowerCase());
  return pattern === undefined ? undefined : text;
}

const factors = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
]);

/** The check admits the unit `b` and blanks inside, the template does not write them (controller/template/template.go, isValidByteSize). */
function bytes(text: string): number | undefined {
  const [, digits, unit] = /^([0-9]+)([kmg]?)$/i.exec(text) ?? [];
  const factor = factors.get(unit?.toLowerCase() ?? '');
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
