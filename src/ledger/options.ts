import type { ControllerOption } from '../decode/controller-option.ts';
import { nearestNames } from '../decode/suggest.ts';
import { type Finding, finding } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import { inside, type Origin } from '../domain/origin.ts';
import type { Outcome, OutcomeStatus } from '../domain/outcome.ts';
import { filterOptions, handledOptions } from '../features/controller-options.ts';
import { parseBool } from '../nginx/go-bool.ts';
import type { Books } from './books.ts';
import * as types from './findings.ts';

interface Verdict {
  readonly status: OutcomeStatus;
  readonly reason: string;
  readonly findings?: readonly Finding[];
}

/** Outcomes of the keys that the controller's ConfigMap sets; each key that ingress-nginx 1.15.1 knows has one, whatever its value. */
export function optionOutcomes({ built, options }: Books): { outcomes: Outcome[]; findings: Finding[] } {
  const { config, unread, options: known, configOrigin, release } = built.model.controller;
  if (configOrigin === undefined) return { outcomes: [], findings: [] };
  const outcomes = [...config, ...unread].map(([name, value]): Outcome => {
    const option = known.get(name);
    const origin = inside(configOrigin, name);
    const {
      status,
      reason,
      findings = [],
    } = option === undefined
      ? unknownKey(name, known, origin, release.version)
      : judgeOption(option, value, origin, options);
    return {
      subject: { kind: 'option', name, value: value.slice(0, 200), origin },
      status,
      fidelity: status === 'converted' ? option?.fidelity : undefined,
      targets: [],
      reason,
      findings,
    };
  });
  return { outcomes, findings: outcomes.flatMap(({ findings }) => findings) };
}

function unknownKey(
  name: string,
  known: ReadonlyMap<string, unknown>,
  origin: Origin,
  release: string,
): Verdict {
  const suggestions = nearestNames(name, [...known.keys()]);
  return {
    status: 'unknown',
    reason: `ingress-nginx ${release} has no such key and ignores it.`,
    findings: [finding(types.unknownOption, { name, suggestions, release }, { origin })],
  };
}

/** What becomes of a key with this value. Pure, so that the catalogue test can ask it about all of them. */
export function judgeOption(
  option: ControllerOption,
  value: string,
  origin: Origin | undefined,
  options: Options,
): Verdict {
  const { name } = option;
  if (value.trim() === '') return { status: 'no-effect-today', reason: 'A blank value counts as not set.' };
  const problem = problemOf(option, value);
  if (problem !== undefined) {
    const args = { name, value: value.slice(0, 200), reason: problem };
    return { status: 'invalid', reason: problem, findings: [finding(types.invalidOption, args, { origin })] };
  }
  if (isDefault(option, value)) {
    const reason = option.defaultMatters
      ? "It's the default; if Istio lacks it, the report lists it once for the whole gateway."
      : 'It is the default.';
    return { status: handledOptions.has(name) ? 'converted' : 'not-needed', reason };
  }
  if (handledOptions.has(name)) return { status: 'converted', reason: '' };
  if (filterOptions.has(name)) {
    if (options.envoyFilters === 'allow') return { status: 'converted', reason: '' };
    const args = { name, istio: counterpartOf(option) };
    const reason = 'It needs EnvoyFilters (--envoy-filters allow).';
    return { status: 'opt-in', reason, findings: [finding(types.optInOption, args, { origin })] };
  }
  const args = { name, effect: option.effect, istio: counterpartOf(option), note: option.note };
  switch (option.fidelity) {
    case 'not-needed':
      return { status: 'not-needed', reason: remarkOf(option) };
    case 'impossible':
      return {
        status: 'impossible',
        reason: remarkOf(option),
        findings: [finding(types.impossibleOption, args, { origin })],
      };
    default:
      return {
        status: 'manual',
        reason: remarkOf(option),
        findings: [finding(types.manualOption, args, { origin })],
      };
  }
}

/** `istio` of the facts: a field, or after `|` a remark in its place. */
function counterpartOf({ istio }: ControllerOption): string {
  return istio.startsWith('|') ? '' : istio;
}

function remarkOf({ istio, note, effect }: ControllerOption): string {
  const remark = istio.startsWith('|') ? istio.slice(1).trim() : '';
  return [remark, note].filter((part) => part !== '').join(' ') || effect;
}

/** The controller decodes with weak types and leaves out what does not fit (ingress-nginx 1.15.1, template/configmap.go). */
function problemOf({ default: like }: ControllerOption, value: string): string | undefined {
  const text = value.trim();
  if (typeof like === 'boolean' && parseBool(text) === undefined) return 'it is neither true nor false';
  if (typeof like === 'number' && !Number.isInteger(like))
    return Number.isFinite(Number(text)) ? undefined : 'it is not a number';
  if (typeof like === 'number' && !/^[+-]?\d+$/.test(text)) return 'it is not an integer';
  return undefined;
}

function isDefault({ default: usual }: ControllerOption, value: string): boolean {
  if (usual === undefined) return false;
  const text = value.trim();
  if (typeof usual === 'boolean') return parseBool(text) === usual;
  if (typeof usual === 'number') return Number(text) === usual;
  return text === (typeof usual === 'string' ? usual : usual.join(','));
}
