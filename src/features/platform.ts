import { type Finding, finding } from '../domain/findings.ts';
import { readsPathsAsNginx } from '../domain/options.ts';
import type { Context } from './feature.ts';
import { dropsUnderscores } from './headers/connection.ts';
import { trustsForwarded } from './headers/forwarded.ts';
import * as types from './platform-findings.ts';

/** What nginx checks after it knows whether there is a backend (lua/balancer.lua rewrite, before the access phase). */
const checking = /^(?:auth-(?:type|url)|(?:allow|white|deny)list-source-range|proxy-body-size|limit-.*)$/;
const checkingGlobally = [
  'global-auth-url',
  'whitelist-source-range',
  'denylist-source-range',
  'block-cidrs',
  'proxy-body-size',
];

function checksRequests({ model, settings, options }: Context): boolean {
  return (
    options.envoyFilters === 'allow' ||
    checkingGlobally.some((key) => settings.global(key) !== undefined) ||
    model.ingresses.some(({ annotations }) => [...annotations.keys()].some((name) => checking.test(name)))
  );
}

/** Gaps between nginx's and Istio's defaults that every request, or every request of a kind, can meet: told once. */
export function platformFindings(context: Context): Finding[] {
  const { model, options, settings } = context;
  if (model.servers.length === 0)
    return model.ingresses.length === 0
      ? []
      : [finding(types.nothingServed, {}, { scope: { kind: 'platform' } })];
  const requests = (which: Parameters<typeof scopeOf>[0]) => ({ scope: scopeOf(which) });
  const parity = options.envoyFilters === 'allow';
  const unlimited = settings.global('proxy-body-size') === undefined && !parity;
  const platform = { scope: { kind: 'platform' as const } };
  const original = !options.forwardedHeaders || !parity || trustsForwarded(settings);
  return [
    ...(options.forwardedHeaders
      ? []
      : [finding(types.forwardedHeaders, {}, platform), finding(types.proxyHeader, {}, platform)]),
    ...(original ? [finding(types.originalHeaders, {}, requests('client-forwarded-headers'))] : []),
    ...(parity ? [] : [finding(types.requestId, {}, requests('client-request-id'))]),
    finding(readsPathsAsNginx(options) ? types.sentPath : types.pathNormalization, {}, requests('odd-path')),
    finding(types.dottedHosts, { stripped: parity }, requests('dotted-host')),
    ...(unlimited ? [finding(types.bodySize, {}, requests('large-body'))] : []),
    ...(readsPathsAsNginx(options) ? [] : [finding(types.headerLimits, {}, requests('large-headers'))]),
    ...(checksRequests(context) ? [finding(types.checkedFirst, {}, requests('no-endpoints'))] : []),
    ...(dropsUnderscores(settings) && !parity
      ? [finding(types.underscores, {}, requests('underscore-header'))]
      : []),
    finding(parity ? types.retries : types.upstreamFailures, {}, requests('failing-upstream')),
    ...(options.defaultCertificate === undefined
      ? [finding(types.unknownHosts, {}, requests('unknown-host-https'))]
      : []),
    finding(types.malformed, {}, requests('malformed')),
  ];
}

function scopeOf(which: Extract<Finding['scope'], { kind: 'requests' }>['which']): Finding['scope'] {
  return { kind: 'requests', which };
}
