import { fidelities } from '../catalogue/fidelity.ts';
import { choices } from '../config/choices.ts';
import { selectKeys } from '../selection/terms.ts';
import { tieKinds } from '../waves/candidates.ts';
import type { Values } from './description.ts';

const anything: Values = { words: [], files: false };
const files: Values = { words: [], files: true };
const words = (...names: readonly string[]): Values => ({ words: names, files: false });

/** What flags take that are no choice of a list for yargs; a test holds it complete. */
const valuesByFlag: Readonly<Record<string, Values>> = {
  against: { words: ['cluster'], files: true },
  by: anything,
  cacert: files,
  config: files,
  context: anything,
  'controller-config': files,
  decisions: files,
  from: anything,
  'from-namespace': anything,
  header: anything,
  hosts: anything,
  ignore: anything,
  key: files,
  kubeconfig: files,
  log: files,
  'log-format': anything,
  mappings: files,
  max: anything,
  'max-length': anything,
  methods: words('POST', 'PUT', 'PATCH', 'DELETE'),
  moved: anything,
  output: files,
  'owner-label': anything,
  pin: anything,
  plan: files,
  probes: files,
  rate: anything,
  report: files,
  select: words(...selectKeys.map((key) => `${key}=`)),
  status: words(...fidelities),
  timeout: anything,
  to: anything,
  together: words(...tieKinds, 'none'),
  traffic: files,
  'wave-size': anything,
};

/** The values of a flag; undefined where nobody said what it takes. */
export function valuesOf(flag: string): Values | undefined {
  if (Object.hasOwn(valuesByFlag, flag)) return valuesByFlag[flag];
  const choice = choices.find((one) => one.flag === flag);
  return choice === undefined ? undefined : words(...(choice.values ?? []));
}

/** `--no-parity` takes back what the config file says, and `--no-decisions` ignores the file. */
export function isNegatable(flag: string): boolean {
  return flag === 'decisions' || choices.some((choice) => choice.flag === flag && choice.type === 'boolean');
}
