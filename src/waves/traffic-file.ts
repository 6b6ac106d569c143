import { ConfigError } from '../domain/errors.ts';

const schema = 'ingress2istio/verify-log/v1';

/**
 * Requests by host, from the text of a report of `verify --log --format json`; `name` is for messages.
 * @throws {ConfigError} it is no such report
 */
export function trafficByHost(text: string, name: string): ReadonlyMap<string, number> {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    report = undefined;
  }
  const { schema: found, classes } = (typeof report === 'object' && report !== null ? report : {}) as {
    readonly schema?: unknown;
    readonly classes?: unknown;
  };
  if (found !== schema || !Array.isArray(classes))
    throw new ConfigError(
      `${name} is no report of verify --log.`,
      'Write one with ingress2istio verify INPUT --log access.log --format json -o traffic.json.',
    );
  const requests = new Map<string, number>();
  for (const one of classes as readonly { readonly host?: unknown; readonly requests?: unknown }[]) {
    if (typeof one?.host !== 'string' || typeof one.requests !== 'number') continue;
    const host = one.host === '*' ? '' : one.host.toLowerCase();
    requests.set(host, (requests.get(host) ?? 0) + one.requests);
  }
  return requests;
}
