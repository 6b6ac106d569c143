import { type Finding, findingType } from '../../domain/findings.ts';
import type { Denial, Location, Server } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import { findingAt } from '../claims.ts';
import type { Feature } from '../feature.ts';

const deniedToday = findingType<{ reason: string; status: number }>({
  code: 'location/denied-today',
  severity: 'warning',
  fields: [],
  summary: 'nginx serves nothing here today.',
  message: ({ reason, status }) =>
    `ingress-nginx returns ${status} here today, because ${reason}. The conversion does the same.`,
  remedy: () => 'Fix the cause and convert again, or remove the Ingress.',
});

const releaseDecides = findingType<{ reason: string; status: number }>({
  code: 'location/release-decides',
  severity: 'error',
  fields: [],
  summary: "Whether the controller serves this path depends on its release, which the input doesn't show.",
  message: ({ reason, status }) =>
    `ingress-nginx 1.15.1 returns ${status} here, because ${reason}. Before 1.12 it serves the path, and nothing shows which release runs. The output returns ${status}.`,
  remedy: () => 'Set the release that runs with --controller-version, as in --controller-version 1.11.5.',
});

/** What is reported of something that the controller denies. */
function denialFinding(
  { reason, origin, unsure = false }: Denial,
  status: number,
  location: Location,
): Finding {
  return { ...findingAt(unsure ? releaseDecides : deniedToday, { reason, status }, location), origin };
}

const noBackend = findingType<{ reason: string }>({
  code: 'location/no-backend',
  severity: 'warning',
  fields: [],
  summary: 'The Service of a path is not in the input.',
  message: ({ reason }) =>
    `If the input is complete, ingress-nginx returns 503 here, because ${reason}. The conversion does the same.`,
  remedy: () => 'Add the Services to the input (kubectl get services -A -o yaml), or remove the path.',
});

/** What nginx answers without asking anybody: denied locations, missing backends, its own 404 and its slash redirects. */
export const answers: Feature = {
  name: 'answers',
  findings: [deniedToday, releaseDecides, noBackend],
  server(server, { model }) {
    if (server.denied === undefined) {
      const effects = healthCheck(server, model.controller.flags.healthCheckPath);
      return effects.length === 0 ? nothing : { effects, claims: [], findings: [] };
    }
    const effects: Effect[] = [{ kind: 'answer', phase: 'server-denied', answer: { status: 403 } }];
    return {
      effects,
      claims: [],
      findings: [
        {
          ...denialFinding(server.denied, 403, server.locations[0]!),
          scope: { kind: 'host', host: server.host },
        },
      ],
    };
  },
  location(location) {
    const effects: Effect[] = [];
    if (location.slashRedirectFrom !== undefined) {
      effects.push({
        kind: 'answer',
        phase: 'slash-redirect',
        when: { matches: [{ kind: 'exact', path: location.slashRedirectFrom }] },
        answer: { redirect: { uri: location.path, redirectCode: 301 } },
      });
    }
    if (location.denied !== undefined) {
      const reported = denialFinding(location.denied, 503, location);
      return {
        effects: [...effects, { kind: 'answer', phase: 'denied', answer: { status: 503 } }],
        claims: [],
        findings: [reported],
      };
    }
    if (location.backend.kind === 'unavailable') {
      const reported = {
        ...findingAt(noBackend, { reason: location.backend.reason }, location),
        origin: location.backend.origin,
      };
      return {
        effects: [...effects, { kind: 'answer', phase: 'unavailable', answer: { status: 503 } }],
        claims: [],
        findings: [reported],
      };
    }
    if (location.backend.kind === 'not-found')
      effects.push({ kind: 'answer', phase: 'unavailable', answer: { status: 404 } });
    return effects.length === 0 ? nothing : { effects, claims: [], findings: [] };
  },
};

/**
 * The catch-all server answers health checks of load balancers in a prefix location of its own, unless an Ingress has a location
 * there (template/nginx.tmpl `HealthzURI`; nginx tries regular expressions first).
 */
function healthCheck({ host, regex, locations }: Server, path: string): Effect[] {
  const taken = locations.some(({ matches }) => matches.some((match) => match.path.startsWith(path)));
  if (host !== '' || regex || taken) return [];
  return [
    {
      kind: 'answer',
      phase: 'server-snippet',
      variant: 'health-check',
      when: { matches: [{ kind: 'prefix', path }] },
      answer: { status: 200 },
    },
  ];
}
