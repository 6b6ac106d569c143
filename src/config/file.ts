import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { ConfigError, systemReason } from '../domain/errors.ts';
import { choices } from './choices.ts';
import { didYouMean } from './nearest.ts';
import schema from './schema.json' with { type: 'json' };
import type { Layer } from './settings.ts';

/**
 * The layer of a config file. A relative `controllerConfig` in it is taken from the file's own directory.
 * @throws {ConfigError} it cannot be read, or does not fit the schema: with file, line and column of each problem
 */
export function layerOfFile(file: string, directory: string): Layer {
  const path = resolve(directory, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The config file ${file} cannot be read: ${systemReason(error)}.`,
      'Give another one with --config.',
    );
  }
  const layer = layerOfText(text, file);
  const controllerConfig = layer.get('controllerConfig');
  if (typeof controllerConfig !== 'string' || isAbsolute(controllerConfig)) return layer;
  return new Map([...layer, ['controllerConfig', join(dirname(path), controllerConfig)]]);
}

/** `name` is for messages. */
export function layerOfText(text: string, name: string): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const broken = document.errors.map((error) => `${at(error.pos[0])} ${error.message.trim()}`);
  if (broken.length > 0) throw refused(broken);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch {
    throw refused([`${name} uses more aliases than a config file needs`]);
  }
  if (value === null || value === undefined) return new Map();
  const validate = new Ajv({ allErrors: true }).compile(schema);
  if (!validate(value)) {
    const problems = (validate.errors ?? []).map((error) => ({
      offset: offsetOf(document, error),
      text: sentenceOf(error),
    }));
    problems.sort((a, b) => a.offset - b.offset);
    throw refused([...new Set(problems.map((problem) => `${at(problem.offset)} ${problem.text}`))]);
  }
  const layer = new Map<string, unknown>();
  for (const { key } of choices) {
    const found = valueAt(value, key);
    if (found !== undefined) layer.set(key, found);
  }
  return layer;
}

function valueAt(value: unknown, key: string): unknown {
  let found = value;
  for (const part of key.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}

function refused(problems: readonly string[]): ConfigError {
  return new ConfigError(problems.join('\n'), 'Correct the config file; README.md lists its keys.');
}

/** Where the key or value that the error speaks of begins. */
function offsetOf(document: Document, error: ErrorObject): number {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const extra = extraKey(error);
  if (extra !== undefined && isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === extra);
    if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0;
  }
  return isRanged(node) ? node.range[0] : 0;
}

function isRanged(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function extraKey(error: ErrorObject): string | undefined {
  if (error.keyword === 'additionalProperties') return error.params['additionalProperty'] as string;
  if (error.keyword === 'propertyNames') return error.params['propertyName'] as string;
  return undefined;
}

function sentenceOf(error: ErrorObject): string {
  const key = error.instancePath.split('/').slice(1).map(unescapePointer).join('.');
  const name = key === '' ? 'the file' : key;
  const choice = choices.find((candidate) => candidate.key === key);
  switch (error.keyword) {
    case 'additionalProperties': {
      const extra = String(error.params['additionalProperty']);
      const prefix = key === '' ? '' : `${key}.`;
      const known = choices
        .map((candidate) => candidate.key)
        .filter((candidate) => candidate.startsWith(prefix))
        .map((candidate) => candidate.slice(prefix.length).split('.')[0]!);
      return `unknown key ${JSON.stringify(extra)}. ${didYouMean(extra, new Set(known))}`.trim();
    }
    case 'enum':
      return `${name} takes one of: ${(error.params['allowedValues'] as unknown[]).join(', ')}`;
    case 'type':
      return `${name} takes ${typeNames[String(error.params['type'])] ?? error.params['type']}`;
    case 'pattern':
      return `${name} takes ${choice?.form ?? `a value like ${error.params['pattern']}`}`;
    default:
      return `${name} ${error.message ?? 'is not valid'}`;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'an integer',
  object: 'keys with values',
  string: 'a string (put it in quotes)',
};
