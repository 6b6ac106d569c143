import type { Probe, ProbeRequest } from '../judge/probe.ts';
import { type Answer, send, type Target } from './client.ts';
import type { Comparer, LiveResult } from './compare.ts';
import { named } from './model-probes.ts';
import { pacer } from './pace.ts';

/** The methods that change nothing (RFC 9110, 9.2.1). */
export const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What a run sends. */
export interface Plan {
  readonly probes: readonly Probe[];
  /** Probes that are left out, as their method is not allowed. */
  readonly unsafe: number;
  /** Probes that are left out, as there are too many. */
  readonly left: number;
}

/** The probes that may be sent: of allowed methods, to hosts that are asked for, without bodies and credentials of their own. */
export function planOf(
  probes: readonly Probe[],
  limits: {
    readonly methods: readonly string[];
    readonly hosts: (host: string) => boolean;
    readonly max: number;
  },
): Plan {
  const meant = probes.filter(({ request }) => limits.hosts(request.host) && request.protocol !== 'tcp');
  const allowed = meant.filter(({ request }) => limits.methods.includes(request.method ?? 'GET'));
  return {
    probes: allowed.slice(0, limits.max).map(harmless),
    unsafe: meant.length - allowed.length,
    left: Math.max(0, allowed.length - limits.max),
  };
}

const credentials = /^(?:authorization|proxy-authorization|cookie|x-api-key|x-auth-.*)$/i;

/** A cookie that only chooses a canary is none. */
function isCredential(name: string, value: string): boolean {
  return credentials.test(name) && !/^(?:a=b; )?[\w-]+=(?:always|never)$/.test(value);
}

function harmless({ name, request, ...rest }: Probe): Probe {
  const {
    body: _body,
    bodySize: _bodySize,
    clientCert: _clientCert,
    sourceIP: _sourceIP,
    headers = {},
    ...kept
  } = request;
  const own = Object.entries(headers).filter(([header, value]) => !isCredential(header, value));
  return { ...rest, name, request: { ...kept, headers: Object.fromEntries(own), repeat: 1 } };
}

export interface SessionOptions {
  readonly from: Target;
  readonly to: Target;
  /** Requests in a second to each side. */
  readonly rate: number;
  readonly comparer: Comparer;
  /** Hosts to which redirects are followed, once. */
  readonly follows: (host: string) => boolean;
  readonly stopped: () => boolean;
  readonly onResult: (result: LiveResult, done: number) => void;
}

/** How many probes wait for answers at a time. */
const width = 8;

/** Asks both gateways. The results are in the order of the probes; a run that is stopped keeps what it has. */
export async function runSession(probes: readonly Probe[], options: SessionOptions): Promise<LiveResult[]> {
  const { from, to, rate, comparer, onResult, stopped } = options;
  const [paceFrom, paceTo] = [pacer(rate), pacer(rate)];
  const asking = async (
    request: ProbeRequest,
    target: Target,
    pace: () => Promise<void>,
  ): Promise<Answer> => {
    await pace();
    return send(request, target);
  };
  const ask = async (probe: Probe): Promise<{ result: LiveResult; next: ProbeRequest | undefined }> => {
    const { request } = probe;
    const [before, after] = await Promise.all([asking(request, from, paceFrom), asking(request, to, paceTo)]);
    // What differs by itself shows when the old side is asked twice.
    const again = comparer.differs(probe, before, after) ? await asking(request, from, paceFrom) : undefined;
    return {
      result: comparer.compare(probe, { before, again, after }),
      next: targetOf(request, before, after),
    };
  };
  const queue: Probe[] = [...probes];
  const known = new Set(queue.map(({ name }) => name));
  const results: (LiveResult | undefined)[] = [];
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    while (next < queue.length && !stopped()) {
      const index = next++;
      const { result, next: target } = await ask(queue[index]!);
      results[index] = result;
      onResult(result, ++done);
      for (const probe of target === undefined || !options.follows(target.host) ? [] : named([target])) {
        if (known.has(probe.name) || index >= probes.length) continue;
        known.add(probe.name);
        queue.push(probe);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return results.filter((result) => result !== undefined);
}

/** Where both answers redirect to. */
function targetOf(
  { scheme, host, path }: ProbeRequest,
  before: Answer,
  after: Answer,
): ProbeRequest | undefined {
  const [one, other] = [before.headers['location'], after.headers['location']];
  if (typeof one !== 'string' || one !== other) return undefined;
  if (!URL.canParse(one, `${scheme}://${host}${path}`)) return undefined;
  const url = new URL(one, `${scheme}://${host}${path}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  return {
    scheme: url.protocol === 'https:' ? 'https' : 'http',
    host: url.hostname,
    path: url.pathname + url.search,
  };
}
