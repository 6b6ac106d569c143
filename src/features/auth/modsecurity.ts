import { type Finding, findingType } from '../../domain/findings.ts';
import type { Location } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingAt, hasAny, idle } from '../claims.ts';
import type { Feature } from '../feature.ts';
import { isChecked } from './access-lists.ts';

const closed = findingType<{ path: string }>({
  code: 'modsecurity/closed',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: "ModSecurity refuses requests and isn't converted, so the route returns 503.",
  message: ({ path }) =>
    `ModSecurity refuses requests at ${path} by its rules, which Istio doesn't have. The route returns 503 until you choose an option.`,
  remedy: () =>
    'Give the rules to the Coraza plugin (a WasmPlugin of the gateway), or decide in the review what takes its place.',
  url: 'https://github.com/corazawaf/coraza-proxy-wasm',
});

const detectionOnly = findingType<{ path: string }>({
  code: 'modsecurity/detection-only',
  severity: 'warning',
  fields: [],
  summary: "ModSecurity only logs, and its log isn't preserved.",
  message: ({ path }) =>
    `With the configuration that comes with the controller ModSecurity writes down suspicious requests at ${path} and refuses none; on Istio they are not written down. If your modsecurity.conf was replaced by one with SecRuleEngine On, requests are refused today and will not be.`,
  remedy: () => 'Use the Coraza plugin (a WasmPlugin of the gateway) if the log is wanted.',
  url: 'https://github.com/corazawaf/coraza-proxy-wasm',
});

/** What a person has to carry over; the transaction id cannot be. */
const rules = ['enable-modsecurity', 'enable-owasp-core-rules', 'modsecurity-snippet'];
const names = [...rules, 'modsecurity-transaction-id'];

/**
 * The firewall of a location (ingress-nginx 1.15.1, template/template.go buildModSecurityForLocation). Its recommended
 * configuration says `SecRuleEngine DetectionOnly`; only rules that say `On`, or that we cannot see, refuse requests.
 */
export const modsecurity: Feature = {
  name: 'modsecurity',
  findings: [closed, detectionOnly],
  location(location, { settings }) {
    const { owner } = location;
    const everywhere = settings.global('enable-modsecurity')?.trim() === 'true';
    if (!everywhere && !hasAny(owner, names)) return nothing;
    const own = owner.annotations.get('enable-modsecurity')?.value;
    if (own === false || (own === undefined && !everywhere)) return idle(owner, names, 'ModSecurity is off.');
    if (!isChecked(location)) return idle(owner, names, 'The location answers without ModSecurity.');
    return refuses(location, settings, everywhere)
      ? {
          effects: [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }],
          claims: claimAll(owner, rules, 'closed', { reason: "ModSecurity isn't converted." }),
          findings: [tell(closed, location)],
        }
      : {
          ...nothing,
          claims: claimAll(owner, rules, 'manual', { reason: 'ModSecurity only logs here.' }),
          findings: [tell(detectionOnly, location)],
        };
  },
};

function tell(type: typeof closed, location: Location): Finding {
  const name = names.find((one) => location.owner.annotations.has(one));
  return findingAt(type, { path: location.path }, location, name);
}

/** Files that the controller's image holds; both leave the engine at DetectionOnly. */
const knownFiles = ['/etc/nginx/modsecurity/modsecurity.conf', '/etc/nginx/owasp-modsecurity-crs/'];

/** Whether any of the rules switches the engine on, or includes a file that might. */
function refuses({ owner }: Location, settings: Settings, everywhere: boolean): boolean {
  const texts = [
    String(owner.annotations.get('modsecurity-snippet')?.value ?? ''),
    everywhere ? (settings.global('modsecurity-snippet') ?? '') : '',
  ].join('\n');
  if (/^\s*SecRuleEngine\s+["']?On\b/im.test(texts) || /ctl:ruleEngine=On\b/i.test(texts)) return true;
  return [...texts.matchAll(/^\s*Include\s+["']?([^"'\s]+)/gim)].some(
    ([, file = '']) => !knownFiles.some((known) => file.startsWith(known)),
  );
}
