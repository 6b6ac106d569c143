import { findingType } from '../findings.ts';
import { claimAll, findingAt } from './claims.ts';
import type { Effect } from './effect.ts';
import type { Feature } from './feature.ts';

const totalTimeout = findingType<{ seconds: number; path: string }>({
  code: 'timeouts/total',
  severity: 'warning',
  fields: ['status', 'upstream', 'connection', 'side-requests', 'response-header:content-type'],
  summary: 'nginx limits the pause between two reads, Istio the whole request.',
  message: ({ seconds, path }) =>
    `proxy-read-timeout is ${seconds} s for ${path}: nginx gives up after that long without a byte, and tries a GET three times; Istio ends the whole request after ${seconds} s. Websockets are left without a limit.`,
  remedy: () =>
    'Raise the timeout where downloads, uploads or event streams take longer, or allow EnvoyFilters, which can limit the pause (--envoy-filters allow).',
  url: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute',
});

const sendTimeout = findingType<{ seconds: number }>({
  code: 'timeouts/send',
  severity: 'note',
  fields: ['status', 'connection'],
  summary: 'Istio has no limit for the pause between two writes.',
  message: ({ seconds }) =>
    `proxy-send-timeout is ${seconds} s; Istio has no limit of its own for a slow upload to the upstream.`,
  remedy: () => 'Nothing, as a rule.',
});

/** proxy-read-timeout, proxy-send-timeout and proxy-connect-timeout (ingress-nginx 1.15.1, annotations/proxy/main.go; scenarios proxy-read-timeout*, websocket). */
export const timeouts: Feature = {
  name: 'timeouts',
  findings: [totalTimeout, sendTimeout],
  location(location, { options }) {
    const { owner } = location;
    const effects: Effect[] = [];
    const findings = [];
    const read = seconds(owner.annotations.get('proxy-read-timeout')?.value);
    const send = seconds(owner.annotations.get('proxy-send-timeout')?.value);
    const connect = seconds(owner.annotations.get('proxy-connect-timeout')?.value);
    if (read !== undefined && options.envoyFilters === 'deny') {
      effects.push({ kind: 'forward', patch: { timeout: `${read}s` } });
      effects.push({
        kind: 'forward',
        variant: 'websocket',
        when: { headers: { upgrade: { regex: '(?i)websocket' } } },
        patch: { timeout: 'none' },
      });
      findings.push(
        findingAt(totalTimeout, { seconds: read, path: location.path }, location, 'proxy-read-timeout'),
      );
    }
    if (send !== undefined && options.envoyFilters === 'deny')
      findings.push(findingAt(sendTimeout, { seconds: send }, location, 'proxy-send-timeout'));
    if (options.envoyFilters === 'allow' && (read !== undefined || send !== undefined)) {
      const idle = Math.max(read ?? 60, send ?? 60);
      effects.push({
        kind: 'route-filter',
        purpose: 'idle-timeout',
        on: 'forwarded',
        value: { route: { idle_timeout: `${idle}s` } },
      });
    }
    if (connect !== undefined && location.backend.kind === 'service') {
      const policy = { connectionPool: { tcp: { connectTimeout: `${connect}s` } } };
      effects.push({
        kind: 'destination',
        purpose: 'connect-timeout',
        backend: location.backend,
        policy,
        origin: owner.annotations.get('proxy-connect-timeout')!.origin,
      });
    }
    return {
      effects,
      claims: [
        ...claimAll(owner, ['proxy-read-timeout'], 'converted', { fidelity: 'approximate' }),
        ...claimAll(
          owner,
          ['proxy-send-timeout'],
          options.envoyFilters === 'allow' ? 'converted' : 'opt-in',
          { fidelity: 'approximate' },
        ),
        ...claimAll(owner, ['proxy-connect-timeout'], 'converted'),
      ],
      findings,
    };
  },
};

/** Seconds of at least 1; nginx takes 0 for "at once", which Istio has no word for. */
function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
