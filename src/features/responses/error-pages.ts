import { type Finding, finding } from '../../domain/findings.ts';
import { qualifiedName } from '../../domain/origin.ts';
import { serviceHost } from '../../istio-api/service-host.ts';
import { globalDefaultBackend } from '../../nginx/backends.ts';
import type { Location, ServiceBackend } from '../../nginx/model.ts';
import { defaultBackendOf } from '../../nginx/servers.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Effect } from '../../plan/effect.ts';
import { literal } from '../../plan/format.ts';
import { luaOnRoutes } from '../../plan/lua.ts';
import { type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll, findingAt, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { headersOutside } from '../headers/headers-outside.ts';
import { policyOf } from '../traffic/retries.ts';
import { fallbackScript } from './error-fallback.ts';
import { builtIn, fallbackOptIn, optIn, standIn, withoutBody } from './error-pages-findings.ts';
import { errorPagesScript } from './error-pages-script.ts';

const names = ['custom-http-errors', 'default-backend', 'disable-proxy-intercept-errors'];

/**
 * custom-http-errors, default-backend and disable-proxy-intercept-errors (ingress-nginx 1.15.1, controller/controller.go
 * getBackendServers, template/nginx.tmpl CUSTOM_ERRORS; scenarios custom-http-errors, global-custom-http-errors, no-endpoints).
 */
export const errorPages: Feature = {
  name: 'error-pages',
  findings: [optIn, fallbackOptIn, builtIn, withoutBody, standIn],
  location(location, context) {
    const { owner, missing, backend } = location;
    const stands = missing === undefined ? nothing : standingIn(location, missing);
    const pages = pagesOf(location, context);
    const fallback =
      backend.kind === 'service' && missing === undefined && !isGlobalDefault(location)
        ? defaultBackendOf(owner, context.cluster)
        : undefined;
    if (pages === undefined && fallback === undefined && missing === undefined)
      return idle(owner, names, 'There is nothing to replace.');
    const written =
      context.options.envoyFilters === 'allow' ? scripted(pages, fallback, location, context) : [];
    const reported =
      context.options.envoyFilters === 'allow'
        ? kept(pages, location, context)
        : left(pages, fallback, location, context);
    return {
      effects: [...stands.effects, ...builtInAnswer(pages, location), ...written],
      claims: claimsOf(pages, fallback, location, context),
      findings: [...stands.findings, ...reported],
    };
  },
};

interface Pages {
  readonly codes: readonly number[];
  readonly intercept: boolean;
  /** Undefined for the backend that is built in. */
  readonly backend: ServiceBackend | undefined;
  /** What the built-in backend makes of an error: its own answer is 404, which it cannot replace in its turn. */
  readonly builtInStatus: number;
  /** Whether the list is that of the controller's ConfigMap. */
  readonly global: boolean;
}

/**
 * The Service of `default-backend` counts with a list of the Ingress itself only, and not where requests go to the controller's
 * own default backend anyway, as in the `/` that nginx adds to a host (controller/controller.go getBackendServers).
 */
function pagesOf(location: Location, { settings, cluster, model }: Context): Pages | undefined {
  const { owner } = location;
  const setting = settings.of(owner, 'custom-http-errors');
  const codes = codesOf(setting?.value);
  if (setting === undefined || codes.length === 0) return undefined;
  const own = owner.annotations.has('custom-http-errors');
  const fallback = globalDefaultBackend(cluster, model.controller);
  const disabled = own
    ? settings.of(owner, 'disable-proxy-intercept-errors')?.value === true
    : settings.global('disable-proxy-intercept-errors')?.trim() === 'true';
  return {
    codes,
    intercept: !disabled,
    backend:
      (own && !isGlobalDefault(location) ? defaultBackendOf(owner, cluster) : undefined) ??
      (fallback.kind === 'service' ? fallback : undefined),
    builtInStatus: globalCodes(settings).includes(404) ? 500 : 404,
    global: !own,
  };
}

/** Whether requests go to the default backend of the controller. */
function isGlobalDefault({ rule, upstream }: Location): boolean {
  return rule === undefined && upstream === undefined;
}

function globalCodes(settings: Settings): readonly number[] {
  return codesOf(
    settings
      .global('custom-http-errors')
      ?.split(',')
      .map((code) => code.trim()),
  );
}

/** nginx gives the error pages of its own backend in a location of their own, without the headers of this one. */
function builtInAnswer(pages: Pages | undefined, { backend, denied }: Location): Effect[] {
  if (pages === undefined || pages.backend !== undefined || denied !== undefined) return [];
  const status = backend.kind === 'not-found' ? 404 : backend.kind === 'unavailable' ? 503 : undefined;
  return status === undefined || !pages.codes.includes(status)
    ? []
    : [{ kind: 'answer', phase: 'error-page', place: 'server', answer: { status: pages.builtInStatus } }];
}

function codesOf(value: unknown): readonly number[] {
  if (!Array.isArray(value)) return [];
  return [...new Set(value.map(Number))].filter((code) => code >= 400 && code <= 599).sort((a, b) => a - b);
}

/** nginx tells the stand-in what it stands in for. */
function standingIn(location: Location, missing: NonNullable<Location['missing']>): FeatureResult {
  const { backend } = location;
  const set = Object.fromEntries(
    Object.entries(contextHeaders(location)).map(([name, value]) => [name, literal(value)]),
  );
  const request = { set: { 'x-code': '503', 'x-format': '%REQ(ACCEPT)%', ...set } };
  const name = backend.kind === 'service' ? qualifiedName(backend.service.ref) : '';
  return {
    effects: [{ kind: 'forward', patch: { request } }],
    claims: [],
    findings: [findingAt(standIn, { ...missing, backend: name }, location, 'default-backend')],
  };
}

/** The headers by which an error backend knows where the request comes from. */
function contextHeaders({ owner, rule, missing, backend }: Location): Record<string, string> {
  const { namespace, name } = owner.ingress.ref;
  const named = rule?.backend.kind === 'service' ? rule.backend : undefined;
  const service =
    named?.name ??
    missing?.service.split('/')[1] ??
    (backend.kind === 'service' ? backend.service.ref.name : '');
  const port = named?.port ?? (backend.kind === 'service' ? backend.port.port : undefined);
  return {
    'x-namespace': namespace,
    'x-ingress-name': name,
    ...(service !== '' && { 'x-service-name': service }),
    ...(port !== undefined && { 'x-service-port': String(port) }),
  };
}

function scripted(
  pages: Pages | undefined,
  fallback: ServiceBackend | undefined,
  location: Location,
  context: Context,
): Effect[] {
  const { options, settings } = context;
  const cluster = ({ service, port }: ServiceBackend) =>
    `outbound|${port.port}||${serviceHost(service.ref, options)}`;
  const headers = contextHeaders(location);
  const effects: Effect[] = [];
  if (pages !== undefined) {
    const { codes, intercept, backend, builtInStatus } = pages;
    const script = errorPagesScript({
      codes,
      intercept,
      cluster: backend && cluster(backend),
      builtInStatus,
      headers,
      kept: headersOutside(location.server, context),
    });
    effects.push(...luaOnRoutes('error-pages', script, { before: 'first', on: 'all' }));
  }
  if (fallback !== undefined) {
    const { owner } = location;
    const script = fallbackScript({
      cluster: cluster(fallback),
      headers,
      forwardedHeaders: options.forwardedHeaders,
      withoutPassword: owner.annotations.has('auth-type'),
      timeout: Number(settings.of(owner, 'proxy-read-timeout')?.value ?? 60),
      tries: policyOf(owner, settings).tries,
    });
    effects.push(
      ...luaOnRoutes('default-backend', script, { before: 'router', on: 'forwarded', priority: 80 }),
    );
  }
  return effects;
}

function claimsOf(
  pages: Pages | undefined,
  fallback: ServiceBackend | undefined,
  { owner, missing }: Location,
  { options }: Context,
): FeatureResult['claims'] {
  const status = options.envoyFilters === 'allow' ? ('converted' as const) : ('opt-in' as const);
  const more =
    status === 'opt-in' ? { reason: 'It needs an EnvoyFilter.' } : { fidelity: 'approximate' as const };
  const idle = { reason: 'It names no Service, or there is nothing to replace.' };
  const used = pages !== undefined && !pages.global;
  return [
    ...claimAll(owner, ['custom-http-errors'], used ? status : 'no-effect-today', used ? more : idle),
    ...(missing !== undefined
      ? claimAll(owner, ['default-backend'], 'converted', { fidelity: 'equivalent' })
      : claimAll(
          owner,
          ['default-backend'],
          fallback === undefined ? 'no-effect-today' : status,
          fallback === undefined ? idle : more,
        )),
    ...claimAll(
      owner,
      ['disable-proxy-intercept-errors'],
      used ? status : 'no-effect-today',
      used ? more : idle,
    ),
  ];
}

function left(
  pages: Pages | undefined,
  fallback: ServiceBackend | undefined,
  location: Location,
  context: Context,
): Finding[] {
  const findings: Finding[] = [];
  if (pages !== undefined) {
    const backend =
      pages.backend === undefined ? "nginx's own default backend" : qualifiedName(pages.backend.service.ref);
    const args = { codes: pages.codes.join(', '), backend };
    findings.push(
      pages.global
        ? finding(optIn, args, { origin: context.model.controller.configOrigin, scope: { kind: 'platform' } })
        : findingAt(optIn, args, location, 'custom-http-errors'),
      ...built(pages, context),
    );
  }
  if (fallback !== undefined)
    findings.push(
      findingAt(fallbackOptIn, { backend: qualifiedName(fallback.service.ref) }, location, 'default-backend'),
    );
  return findings;
}

function kept(pages: Pages | undefined, location: Location, context: Context): Finding[] {
  if (pages === undefined) return [];
  const named = pages.global ? undefined : 'custom-http-errors';
  return [
    ...(pages.backend === undefined ? [] : [findingAt(withoutBody, {}, location, named)]),
    ...built(pages, context),
  ];
}

function built({ backend, global, codes }: Pages, { model }: Context): Finding[] {
  if (backend !== undefined || !global) return [];
  const where = { origin: model.controller.configOrigin, scope: { kind: 'platform' as const } };
  return [finding(builtIn, { codes: codes.join(', ') }, where)];
}
