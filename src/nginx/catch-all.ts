import { type ObjectSource, originOf } from '../domain/origin.ts';
import { isSince } from '../domain/release.ts';
import { globalDefaultBackend, hostOf, resolveBackend, upstreamKey } from './backends.ts';
import type { DraftLocation, DraftServer } from './draft.ts';
import type { Lookup } from './lookup.ts';
import type { Controller, ModelIngress } from './model.ts';

/**
 * The server `_`, where anything asks for it. Its `/` belongs to the oldest Ingress with a default backend and no rules,
 * whatever rules without a host say; else it is the controller's own, without annotations (scenarios no-host-and-default,
 * default-backend-service-flag).
 */
export function catchAllServer(
  served: readonly ModelIngress[],
  canaryUpstreams: ReadonlySet<string>,
  lookup: Lookup,
  controller: Controller,
): DraftServer | undefined {
  const main = served.filter(({ canary }) => !canary);
  const asks = ({ ingress }: ModelIngress): boolean => ingress.defaultBackend?.kind === 'service';
  const byDefault =
    main.find((one) => asks(one) && one.ingress.rules.length === 0) ??
    (isSince(controller.release.version, '1.3.1') ? undefined : main.find(asks));
  const hostless = main.find(({ ingress }) => ingress.rules.some((rule) => rule.host === ''));
  const backend = globalDefaultBackend(lookup, controller);
  const owner =
    byDefault ??
    hostless ??
    strayCanary(served, canaryUpstreams) ??
    (backend.kind === 'service' ? controllerItself(backend.service.source) : undefined) ??
    (main.length > 0 && hasGlobalSnippet(controller)
      ? controllerItself(controller.configOrigin!.source)
      : undefined);
  if (owner === undefined) return undefined;
  const { source } = owner.ingress;
  const own = owner === byDefault ? lastDefault(main, byDefault, controller) : undefined;
  const location: DraftLocation = {
    path: '/',
    pathType: 'Prefix',
    owner:
      own === undefined || owner.ingress.rules.length > 0
        ? { ...owner, annotations: new Map(), refused: [] }
        : owner,
    rule: undefined,
    origin: own?.backend.origin ?? originOf(source, 'spec'),
    backend:
      own === undefined ? backend : resolveBackend(own.backend, own.namespace, lookup, controller.flags),
    upstream: own === undefined ? '' : upstreamKey(own.namespace, own.backend),
    implicit: own === undefined,
  };
  return {
    host: '',
    owner,
    ingresses: owner === byDefault ? [owner] : [],
    locations: new Map([['/', [location]]]),
  };
}

type Default = { readonly namespace: string; readonly backend: NamedBackend };
type NamedBackend = Extract<ModelIngress['ingress']['defaultBackend'], { kind: 'service' }>;

/**
 * Whose backend the catch-all server has. Before 1.3.1 every Ingress with a default backend takes it, with rules or without, so the
 * last one has it (ingress-nginx 1.3.0, controller/controller.go createServers); since then the first one without rules.
 */
function lastDefault(
  main: readonly ModelIngress[],
  byDefault: ModelIngress | undefined,
  { release }: Controller,
): Default | undefined {
  const asking = isSince(release.version, '1.3.1') ? [] : main;
  const owner = asking.findLast(({ ingress }) => ingress.defaultBackend?.kind === 'service') ?? byDefault;
  const backend = owner?.ingress.defaultBackend;
  return owner === undefined || backend?.kind !== 'service'
    ? undefined
    : { namespace: owner.ingress.ref.namespace, backend };
}

/**
 * A canary for a host without a server falls to the server `_`, and its paths become locations there if its Service is
 * also a main one (getBackendServers; scenario invalid-annotation-values, where unknown hosts are served because of it).
 */
function strayCanary(
  served: readonly ModelIngress[],
  canaryUpstreams: ReadonlySet<string>,
): ModelIngress | undefined {
  const hosts = new Set(served.flatMap(({ canary, ingress }) => (canary ? [] : ingress.rules.map(hostOf))));
  return served.find(
    ({ canary, ingress }) =>
      canary &&
      ingress.rules.some(
        (rule) =>
          !hosts.has(hostOf(rule)) &&
          (rule.paths ?? []).some(
            ({ backend }) =>
              backend.kind === 'service' && !canaryUpstreams.has(upstreamKey(ingress.ref.namespace, backend)),
          ),
      ),
  );
}

/** Snippets of the ConfigMap stand in the server `_`, too, so that even its 404 differs (scenario global-snippets). */
function hasGlobalSnippet({ config, configOrigin }: Controller): boolean {
  const written = ['location-snippet', 'server-snippet'].some((key) => (config.get(key) ?? '').trim() !== '');
  return written && configOrigin !== undefined;
}

/** Stands for the controller where no Ingress makes it serve unknown hosts. */
function controllerItself(source: ObjectSource): ModelIngress {
  const nothing = {
    annotations: new Map(),
    labels: new Map(),
    createdAt: undefined,
    className: undefined,
    defaultBackend: undefined,
    tls: [],
    rules: [],
  };
  return {
    ingress: { ref: source.ref, source, ...nothing },
    annotations: new Map(),
    refused: [],
    state: { kind: 'served' },
    canary: false,
  };
}
