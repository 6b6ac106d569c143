/** Warnings of istiod that ask nothing of a user, and why. */
const explained: readonly { readonly contains: string; readonly reason: string }[] = [
  {
    contains: 'pilot_eds_no_instances',
    reason: 'a Service of the input has no endpoints, before and after the move',
  },
  {
    contains: 'EnvoyFilter exposes internal implementation details',
    reason: 'true of every EnvoyFilter; who asks for them with --parity has been told so',
  },
];

/** The warnings that a user would have to explain. */
export function unexplained(warnings: readonly string[]): string[] {
  return warnings.filter((warning) => !explained.some(({ contains }) => warning.includes(contains)));
}
