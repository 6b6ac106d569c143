import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Extra, extraNames } from '../../src/domain/extras.ts';
import { envoys, istiods, type Mesh, mainMesh } from './meshes.ts';
import { type Profile, profiles } from './profile.ts';

/** The scenarios of the project. */
export const ownScenarios = fileURLToPath(new URL('scenarios', import.meta.url));

export interface Flags {
  readonly scenarios: string;
  readonly only: readonly string[];
  /** Every n-th scenario by name, beginning with the first. */
  readonly every: number;
  readonly mesh: Mesh;
  /** The release of ingress-nginx whose rules the conversion takes; undefined: the newest. */
  readonly controllerVersion: string | undefined;
  /** Folder with `<scenario>.json` in place of each scenario's `nginx.json`: recorded with a release's own defaults, so nothing is assumed of snippets. */
  readonly recordings: string | undefined;
  readonly profiles: readonly Profile[];
  /** A folder with YAML files: in place of scenarios, istiod and Envoy only have to take what comes of them. */
  readonly inputs: string | undefined;
  /** What Istio adds is converted and applied, too. */
  readonly extras: readonly Extra[];
  readonly json: string | undefined;
  readonly observations: string | undefined;
  readonly keep: boolean;
  /** Fail where a scenario is worse than RESULTS.md says. */
  readonly check: boolean;
  /** Write RESULTS.md. */
  readonly write: boolean;
  /** Write the figures to measured.json and docs/versions.md. */
  readonly measured: boolean;
  readonly jobs: number;
}

export const usage = `usage: npm run conformance -- [flags]
  --scenarios DIR      folder with scenarios (default: those of the project)
  --inputs DIR         in place of scenarios: istiod and Envoy have to take what comes of each YAML file in DIR
  --controller-version VERSION  rules of this release of ingress-nginx, as in 1.9.6
  --recordings DIR     what nginx answered: DIR/<scenario>.json, recorded with the defaults of that release
  --only GLOB          only the scenarios whose name matches (repeatable)
  --every N            only every N-th scenario
  --istiod DAY         istiod of that day: ${Object.keys(istiods).join(', ')} (default ${mainMesh.istiod})
  --envoy VERSION      that Envoy: ${Object.keys(envoys).join(', ')} (default ${mainMesh.envoy})
  --profile NAME       default (if not given) or parity (repeatable)
  --with LIST          with extras, as of the flag of the same name: all, or names with commas
  --json FILE          write the verdicts
  --observations DIR   write what Istio answered, as DIR/<scenario>.json
  --keep               keep the files given to the gateways, and say where
  --check              fail where a scenario is worse than in RESULTS.md
  --write              write RESULTS.md
  --measured           write the figures to measured.json, and docs/versions.md from it
  --jobs N             how many scenarios run at a time (default 6)`;

/** Something wrong with the command line. */
export class UsageError extends Error {}

export function parseFlags(args: readonly string[]): Flags {
  const { values } = attempt(() =>
    parseArgs({
      args: [...args],
      options: {
        scenarios: { type: 'string', default: ownScenarios },
        every: { type: 'string', default: '1' },
        istiod: { type: 'string', default: mainMesh.istiod },
        envoy: { type: 'string', default: mainMesh.envoy },
        only: { type: 'string', multiple: true, default: [] },
        profile: { type: 'string', multiple: true, default: ['default'] },
        inputs: { type: 'string' },
        with: { type: 'string' },
        'controller-version': { type: 'string' },
        recordings: { type: 'string' },
        json: { type: 'string' },
        observations: { type: 'string' },
        keep: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        measured: { type: 'boolean', default: false },
        jobs: { type: 'string', default: '6' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }),
  );
  if (values.help) throw new UsageError('');
  const wrong = values.profile.find((name) => !profiles.includes(name as Profile));
  if (wrong !== undefined)
    throw new UsageError(`--profile ${wrong}: there are only ${profiles.join(' and ')}`);
  const jobs = count('jobs', values.jobs);
  const every = count('every', values.every);
  oneOf('istiod', values.istiod, Object.keys(istiods));
  oneOf('envoy', values.envoy, Object.keys(envoys));
  const mesh = { istiod: values.istiod, envoy: values.envoy };
  const other = values.recordings ?? values['controller-version'] ?? values.inputs ?? values.with;
  const all =
    values.scenarios === ownScenarios && values.only.length === 0 && every === 1 && other === undefined;
  if (values.check && !all) throw new UsageError('--check needs all scenarios of the project');
  if (values.write && !(all && new Set(values.profile).size === profiles.length)) {
    throw new UsageError('--write needs all scenarios of the project, in both profiles');
  }
  const whole =
    values.only.length === 0 &&
    every === 1 &&
    values.with === undefined &&
    (values.scenarios === ownScenarios) === (values.recordings === undefined);
  if (values.measured && !(whole && values.inputs === undefined))
    throw new UsageError('--measured needs all scenarios: those of the project, or of --recordings');
  return {
    scenarios: values.scenarios,
    only: values.only,
    every,
    mesh,
    profiles: [...new Set(values.profile)] as Profile[],
    controllerVersion: values['controller-version'],
    recordings: values.recordings,
    inputs: values.inputs,
    extras: extrasOf(values.with),
    json: values.json,
    observations: values.observations,
    keep: values.keep,
    check: values.check,
    write: values.write,
    measured: values.measured,
    jobs,
  };
}

/** @throws {UsageError} there is no such one */
function extrasOf(list: string | undefined): readonly Extra[] {
  if (list === undefined) return [];
  if (list === 'all') return extraNames;
  const names = list.split(',');
  for (const name of names) oneOf('with', name, extraNames);
  return extraNames.filter((name) => names.includes(name));
}

/** @throws {UsageError} it is no number from 1 to 100 */
function count(flag: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 100)
    throw new UsageError(`--${flag} ${value}: 1 to 100`);
  return number;
}

/** @throws {UsageError} it is none of them */
function oneOf(flag: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new UsageError(`--${flag} ${value}: one of ${known.join(', ')}`);
}

function attempt<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
