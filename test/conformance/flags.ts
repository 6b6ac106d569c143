import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Profile, profiles } from './profile.ts';

/** The scenarios of the project. */
export const ownScenarios = fileURLToPath(new URL('scenarios', import.meta.url));

export interface Flags {
  readonly scenarios: string;
  readonly only: readonly string[];
  /** The release of ingress-nginx whose rules the conversion takes; undefined: the newest. */
  readonly controllerVersion: string | undefined;
  /** Folder with `<scenario>.json` in place of each scenario's `nginx.json`: recorded with a release's own defaults, so nothing is assumed of snippets. */
  readonly recordings: string | undefined;
  readonly profiles: readonly Profile[];
  /** A folder with YAML files: in place of scenarios, istiod and Envoy only have to take what comes of them. */
  readonly inputs: string | undefined;
  readonly json: string | undefined;
  readonly observations: string | undefined;
  readonly keep: boolean;
  /** Fail where a scenario is worse than RESULTS.md says. */
  readonly check: boolean;
  /** Write RESULTS.md. */
  readonly write: boolean;
  readonly jobs: number;
}

export const usage = `usage: npm run conformance -- [flags]
  --scenarios DIR      folder with scenarios (default: those of the project)
  --inputs DIR         in place of scenarios: istiod and Envoy have to take what comes of each YAML file in DIR
  --controller-version VERSION  rules of this release of ingress-nginx, as in 1.9.6
  --recordings DIR     what nginx answered: DIR/<scenario>.json, recorded with the defaults of that release
  --only GLOB          only the scenarios whose name matches (repeatable)
  --profile NAME       default (if not given) or parity (repeatable)
  --json FILE          write the verdicts
  --observations DIR   write what Istio answered, as DIR/<scenario>.json
  --keep               keep the files given to the gateways, and say where
  --check              fail where a scenario is worse than in RESULTS.md
  --write              write RESULTS.md
  --jobs N             how many scenarios run at a time (default 6)`;

/** Something wrong with the command line. */
export class UsageError extends Error {}

export function parseFlags(args: readonly string[]): Flags {
  const { values } = attempt(() =>
    parseArgs({
      args: [...args],
      options: {
        scenarios: { type: 'string', default: ownScenarios },
        only: { type: 'string', multiple: true, default: [] },
        profile: { type: 'string', multiple: true, default: ['default'] },
        inputs: { type: 'string' },
        'controller-version': { type: 'string' },
        recordings: { type: 'string' },
        json: { type: 'string' },
        observations: { type: 'string' },
        keep: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        jobs: { type: 'string', default: '6' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }),
  );
  if (values.help) throw new UsageError('');
  const wrong = values.profile.find((name) => !profiles.includes(name as Profile));
  if (wrong !== undefined)
    throw new UsageError(`--profile ${wrong}: there are only ${profiles.join(' and ')}`);
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 100)
    throw new UsageError(`--jobs ${values.jobs}: 1 to 100`);
  const other = values.recordings ?? values['controller-version'] ?? values.inputs;
  const all = values.scenarios === ownScenarios && values.only.length === 0 && other === undefined;
  if (values.check && !all) throw new UsageError('--check needs all scenarios of the project');
  if (values.write && !(all && new Set(values.profile).size === profiles.length)) {
    throw new UsageError('--write needs all scenarios of the project, in both profiles');
  }
  return {
    scenarios: values.scenarios,
    only: values.only,
    profiles: [...new Set(values.profile)] as Profile[],
    controllerVersion: values['controller-version'],
    recordings: values.recordings,
    inputs: values.inputs,
    json: values.json,
    observations: values.observations,
    keep: values.keep,
    check: values.check,
    write: values.write,
    jobs,
  };
}

function attempt<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
