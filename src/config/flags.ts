import { UsageError } from '../domain/errors.ts';
import { type Extra, extraNames } from '../domain/extras.ts';
import type { ControllerOptions, TcpSplit } from '../domain/options.ts';
import { type Choice, choices } from './choices.ts';
import { didYouMean } from './nearest.ts';
import type { Layer } from './settings.ts';

/**
 * The layer of the command line: what was said there, checked.
 * @throws {UsageError} a value that the choice does not allow
 */
export function layerOfFlags(given: Readonly<Record<string, unknown>>): Layer {
  const layer = new Map<string, unknown>();
  for (const choice of choices) {
    const value = given[choice.flag];
    if (value === undefined) continue;
    layer.set(choice.key, read(choice, value));
  }
  return layer;
}

function read(choice: Choice, given: unknown): unknown {
  if (choice.type === 'labels') return labels(choice, given);
  if (choice.type === 'controllers') return controllersOf(choice, given);
  if (choice.type === 'extras') return extrasOf(choice, given);
  if (choice.type === 'splits') return splitsOf(choice, given);
  if (choice.type === 'words') return (Array.isArray(given) ? given : [given]).flatMap(words);
  if (Array.isArray(given)) throw wrong(choice, 'is given twice', 'Give it once.');
  if (choice.type === 'boolean') return given;
  const text = String(given);
  if (choice.type === 'integer') {
    const number = Number(text);
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = choice;
    if (/^\d+$/.test(text) && number >= minimum && number <= maximum) return number;
    throw wrong(choice, `is not ${quoted(text)}`, `It takes an integer from ${minimum} to ${maximum}.`);
  }
  if (text === '') throw wrong(choice, 'is empty', 'Give a value, or leave the flag out.');
  if (choice.values !== undefined && !choice.values.includes(text)) {
    throw wrong(choice, `cannot be ${quoted(text)}`, `It takes one of: ${choice.values.join(', ')}.`);
  }
  if (choice.pattern !== undefined && !new RegExp(choice.pattern).test(text)) {
    throw wrong(choice, `cannot be ${quoted(text)}`, `It takes ${choice.form}.`);
  }
  return text;
}

function labels(choice: Choice, given: unknown): Record<string, string> {
  const pairs = (Array.isArray(given) ? given : [given]).flatMap((text) => String(text).split(','));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = labelPattern.exec(pair) ?? [];
      if (key !== undefined && value !== undefined) return [key, value];
      throw wrong(choice, `cannot be ${quoted(pair)}`, 'It takes a label such as istio=ingressgateway.');
    }),
  );
}

const labelPattern = /^((?:[a-z0-9.-]{1,253}\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,62})=([A-Za-z0-9._-]{0,63})$/;

/** `nginx-internal=istio-internal/istio=internal-gateway,zone=a`: class, namespace and labels. */
function controllersOf(choice: Choice, given: unknown): ControllerOptions[] {
  const found = (Array.isArray(given) ? given : [given]).map((text): ControllerOptions => {
    const [, name, namespace, selector] = gatewayPattern.exec(String(text)) ?? [];
    if (name === undefined || namespace === undefined)
      throw wrong(
        choice,
        `cannot be ${quoted(String(text))}`,
        'It takes a class, a namespace and labels, such as nginx-internal=istio-internal/istio=internal-gateway.',
      );
    return { class: name, gateway: { namespace, selector: labels(choice, selector) } };
  });
  for (const [index, { class: name }] of found.entries()) {
    if (found.findIndex((other) => other.class === name) !== index)
      throw wrong(choice, `names ${quoted(name)} twice`, 'Give each class one gateway.');
  }
  return found;
}

const gatewayPattern = /^([A-Za-z0-9][A-Za-z0-9./_-]{0,252})=([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/(.+)$/s;

/** `outlier-detection,telemetry`, each once and in the order of the table. */
function extrasOf(choice: Choice, given: unknown): Extra[] {
  const names = (Array.isArray(given) ? given : [given]).flatMap((text) => String(text).split(','));
  const wanted = new Set(names.map((name) => name.trim()));
  for (const name of wanted) {
    if (extraNames.some((known) => known === name)) continue;
    const guess = didYouMean(name, extraNames);
    throw wrong(
      choice,
      `cannot be ${quoted(name)}`,
      `${guess}It takes one or more of: ${extraNames.join(', ')}.`,
    );
  }
  return extraNames.filter((name) => wanted.has(name));
}

/** `5432=database/next:5432@10`: port, Service with its port, and percent. */
function splitsOf(choice: Choice, given: unknown): TcpSplit[] {
  return (Array.isArray(given) ? given : [given]).map((text) => {
    const [, port, service, weight] = splitPattern.exec(String(text)) ?? [];
    if (service !== undefined && Number(weight) <= 100)
      return { port: Number(port), service, weight: Number(weight) };
    throw wrong(
      choice,
      `cannot be ${quoted(String(text))}`,
      'It takes a port, a Service with its port, and a share in percent, such as 5432=database/postgres-next:5432@10.',
    );
  });
}

const splitPattern =
  /^([1-9][0-9]{0,4})=([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?:[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?)@([1-9][0-9]{0,2})$/;

/** `--a=b --c d` as `--a=b` and `--c d`. */
function words(text: unknown): string[] {
  return String(text)
    .trim()
    .split(/\s+(?=--?[a-z])/)
    .filter((word) => word !== '');
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function wrong(choice: Choice, problem: string, wayOut: string): UsageError {
  return new UsageError(`--${choice.flag} ${problem}.`, wayOut);
}
