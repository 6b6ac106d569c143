/** What the help and the manual page say of the program as a whole. */
export const summary =
  "Converts Ingresses with ingress-nginx annotations to Istio, and reports what it couldn't convert.";

export const programExamples: readonly (readonly [line: string, text: string])[] = [
  ['convert dump.yaml --output istio', 'Convert a dump (kubectl get ingress,service -A -o yaml)'],
  ['report dump.yaml -o report.html', 'See what is left before you decide'],
  ['review dump.yaml', 'Answer the open questions'],
];

export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'fine'],
  [1, 'findings at or above --fail-on'],
  [2, 'usage or internal error'],
];

/** Flags of every command, and of none. */
export const globalFlags = {
  help: { type: 'boolean', alias: 'h', describe: 'Show help' },
  version: { type: 'boolean', describe: 'Show version number' },
  debug: { type: 'boolean', describe: 'Show where an internal error comes from' },
} as const;
