import { findingType } from '../../domain/findings.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingOf } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';

const provider = findingType<object>({
  code: 'logging/provider',
  severity: 'note',
  fields: [],
  summary: 'The access log of the gateway is written to its standard output.',
  message: () =>
    'A Telemetry object can leave requests out of the log only together with a log provider; it names `envoy`, which writes all other requests of the gateway to its standard output, in place of the log that the mesh has set.',
  remedy: () => 'Name another provider in the Telemetry object if the mesh logs elsewhere.',
  url: 'https://istio.io/latest/docs/tasks/observability/logs/telemetry-api/',
});

/**
 * enable-access-log, and the keys of the ConfigMap that switch the log off (ingress-nginx 1.15.1, annotations/log/main.go,
 * nginx.tmpl `access_log off`). Envoy's log is filtered by the routes of the location.
 */
export const logging: Feature = {
  name: 'logging',
  findings: [provider],
  server(_server, context) {
    return { ...nothing, effects: ofTheGateway(context) };
  },
  location({ owner }) {
    const annotation = owner.annotations.get('enable-access-log');
    if (annotation === undefined) return nothing;
    if (annotation.value !== false)
      return {
        ...nothing,
        claims: claimAll(owner, ['enable-access-log'], 'not-needed', {
          reason: 'The gateway logs every request that nothing takes out of the log.',
        }),
      };
    return {
      effects: [unlogged],
      claims: claimAll(owner, ['enable-access-log'], 'converted', { fidelity: 'equivalent' }),
      findings: [findingOf(provider, {}, owner, 'enable-access-log')],
    };
  },
};

const unlogged: Effect = { kind: 'telemetry', log: 'not-here' };
const nowhere: Effect = { kind: 'telemetry', log: 'nowhere' };

function ofTheGateway({ settings }: Context): Effect[] {
  const off = ['disable-access-log', 'disable-http-access-log'].some(
    (key) => settings.global(key)?.trim() === 'true',
  );
  if (off) return [nowhere];
  const paths = (settings.global('skip-access-log-urls') ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  return paths.length === 0 ? [] : [{ kind: 'telemetry', log: { notFor: paths } }];
}
