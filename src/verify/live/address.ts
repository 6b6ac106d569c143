import { isIPv6 } from 'node:net';
import { UsageError } from '../../domain/errors.ts';

/** Where a gateway listens. */
export interface GatewayAddress {
  readonly host: string;
  readonly http: number;
  readonly https: number;
}

/**
 * Reads `host[:http[:https]]`; an IPv6 address stands in brackets.
 * @throws {UsageError}
 */
export function parseAddress(text: string, flag: string): GatewayAddress {
  const [, bracketed, plain, http = '80', https = '443'] =
    /^(?:\[([^\]]+)\]|([^:[\]\s/]+))(?::(\d{1,5})(?::(\d{1,5}))?)?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const ports = [Number(http), Number(https)];
  const valid = host !== undefined && (bracketed === undefined || isIPv6(bracketed));
  if (valid && ports.every((port) => port > 0 && port < 65_536))
    return { host, http: ports[0]!, https: ports[1]! };
  throw new UsageError(
    `--${flag} cannot be ${JSON.stringify(text.slice(0, 80))}.`,
    'It takes HOST, HOST:HTTP or HOST:HTTP:HTTPS, as in 203.0.113.7 or gateway.example.com:8080:8443.',
  );
}
