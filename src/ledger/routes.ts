import { type Finding, finding } from '../domain/findings.ts';
import { qualifiedName } from '../domain/origin.ts';
import type { Outcome, OutcomeStatus, Subject } from '../domain/outcome.ts';
import { hostOf } from '../nginx/backends.ts';
import type { CanaryPath } from '../nginx/canaries.ts';
import type { IngressState, Location, ModelIngress, Server } from '../nginx/model.ts';
import type { PathRule, Rule } from '../read/cluster.ts';
import type { Books } from './books.ts';
import * as types from './findings.ts';
import { noTargets, type Targets } from './targets.ts';

/** Outcomes of rules, paths, TLS entries and default backends. */
export function routeOutcomes(books: Books, targets: Targets): { outcomes: Outcome[]; findings: Finding[] } {
  const outcomes: Outcome[] = [];
  const findings: Finding[] = [];
  const index = indexModel(books);
  for (const collision of books.built.collisions) {
    const kept = qualifiedName(collision.kept.owner.ingress.ref);
    const lost = qualifiedName(collision.lost.owner.ingress.ref);
    const scope = { kind: 'ingress' as const, ingress: collision.lost.owner.ingress.ref };
    findings.push(
      finding(
        types.pathCollision,
        { block: collision.block, kept, lost },
        { origin: collision.lost.origin, scope },
      ),
    );
  }
  for (const model of books.built.model.ingresses) {
    const reached = targets(model);
    const waiting = model.state.kind === 'waiting' ? [model.state.finding] : noFindings;
    const record = (
      kind: Subject['kind'],
      name: string,
      origin: Subject['origin'],
      status: OutcomeStatus,
      reason = '',
      own: readonly Finding[] = waiting,
    ): void => {
      for (const one of own) findings.push(one);
      outcomes.push({
        subject: { kind, name, value: '', origin },
        status,
        fidelity: undefined,
        targets: status === 'converted' ? reached : noTargets,
        reason,
        findings: own,
      });
    };
    const dead = reasonNotServed(model.state);
    const deadStatus: OutcomeStatus = model.state.kind === 'waiting' ? 'manual' : 'no-effect-today';
    const { ingress } = model;
    for (const [ruleIndex, rule] of ingress.rules.entries()) {
      const host = rule.host === '' ? '*' : rule.host;
      record('rule', host, rule.origin, dead === undefined ? 'converted' : deadStatus, dead);
      for (const [pathIndex, path] of (rule.paths ?? []).entries()) {
        const {
          status,
          reason,
          findings: own,
        } = dead === undefined
          ? judgePath(model, rule, path, index, [ruleIndex, pathIndex])
          : { status: deadStatus, reason: dead, findings: waiting };
        record('path', `${host}${path.path === '' ? '/' : path.path}`, path.origin, status, reason, own);
      }
    }
    for (const entry of ingress.tls) {
      const used = index.tlsOrigins.has(entry.origin);
      const status = dead !== undefined ? deadStatus : used ? 'converted' : 'no-effect-today';
      record(
        'tls',
        entry.secretName === '' ? '(default certificate)' : entry.secretName,
        entry.origin,
        status,
        dead ?? (used ? '' : 'No host takes its certificate from this entry.'),
      );
    }
    if (ingress.defaultBackend !== undefined) {
      const used = dead === undefined && index.backendOrigins.has(ingress.defaultBackend.origin);
      record(
        'default-backend',
        ingress.defaultBackend.kind === 'service'
          ? ingress.defaultBackend.name
          : ingress.defaultBackend.resource,
        ingress.defaultBackend.origin,
        dead !== undefined ? deadStatus : used ? 'converted' : 'no-effect-today',
        dead ?? (used ? '' : 'Another Ingress has the catch-all server or created the host.'),
      );
    }
  }
  return { outcomes, findings };
}

const noFindings: readonly Finding[] = [];

function reasonNotServed(state: IngressState): string | undefined {
  if (state.kind === 'served') return undefined;
  return state.kind === 'waiting'
    ? `${state.reason}.`
    : `ingress-nginx does not serve the Ingress: ${state.reason}.`;
}

interface Judged {
  readonly status: OutcomeStatus;
  readonly reason: string;
  readonly findings: readonly Finding[];
}

const converted: Judged = { status: 'converted', reason: '', findings: noFindings };

interface Index {
  readonly locations: ReadonlyMap<PathRule, Location>;
  readonly lost: ReadonlyMap<PathRule, string>;
  readonly canaries: ReadonlyMap<string, CanaryPath['outcome']['kind']>;
  readonly tlsOrigins: ReadonlySet<unknown>;
  readonly backendOrigins: ReadonlySet<unknown>;
  readonly closed: ReadonlySet<Location>;
  readonly unmatched: ReadonlySet<Location>;
}

function indexModel({ built, converted: { closed }, assembly }: Books): Index {
  const locations = new Map<PathRule, Location>();
  const tlsOrigins = new Set<unknown>();
  const backendOrigins = new Set<unknown>();
  for (const server of built.model.servers) {
    for (const entry of tlsEntriesOf(server)) tlsOrigins.add(entry);
    for (const location of server.locations) {
      if (location.rule !== undefined) locations.set(location.rule, location);
      backendOrigins.add(location.origin);
    }
  }
  return {
    locations,
    lost: new Map(built.lost.map(({ path, winner }) => [path, qualifiedName(winner.owner.ingress.ref)])),
    canaries: new Map(
      built.canaryPaths.map(({ ingress, rule, path, outcome }) => [
        `${qualifiedName(ingress.ingress.ref)} ${rule} ${path}`,
        outcome.kind,
      ]),
    ),
    tlsOrigins,
    backendOrigins,
    closed: new Set([...closed, ...assembly.closed]),
    unmatched: assembly.unmatched,
  };
}

function tlsEntriesOf(server: Server): unknown[] {
  return server.tls === undefined ? [] : [server.tls.origin];
}

function judgePath(
  model: ModelIngress,
  rule: Rule,
  path: PathRule,
  index: Index,
  [ruleIndex, pathIndex]: [number, number],
): Judged {
  const where = { origin: path.origin, scope: { kind: 'ingress' as const, ingress: model.ingress.ref } };
  const location = index.locations.get(path);
  if (path.backend.kind === 'resource') {
    return {
      status: 'no-effect-today',
      reason: 'ingress-nginx skips resource backends.',
      findings: [finding(types.resourceBackend, { resource: path.backend.resource }, where)],
    };
  }
  if (location !== undefined) {
    if (index.closed.has(location))
      return { status: 'closed', reason: "Its protection couldn't be converted.", findings: [] };
    if (index.unmatched.has(location))
      return {
        status: 'impossible',
        reason: 'Istio cannot match its host, or Envoy its pattern.',
        findings: [],
      };
    return converted;
  }
  const winner = index.lost.get(path);
  if (winner !== undefined) {
    return {
      status: 'no-effect-today',
      reason: `${winner} has the same host and path and comes first.`,
      findings: [finding(types.pathLost, { path: path.path, winner }, where)],
    };
  }
  const canary = index.canaries.get(`${qualifiedName(model.ingress.ref)} ${ruleIndex} ${pathIndex}`);
  if (canary === 'merged') return { status: 'converted', reason: '', findings: [] };
  if (canary !== undefined) {
    const reason =
      canary === 'shadowed'
        ? 'another canary of the same Service comes first'
        : canary === 'no-service'
          ? 'its Service or port is not in the input'
          : `no location of ${hostOf(rule) === '' ? 'the catch-all server' : hostOf(rule)} has this path and type`;
    return {
      status: 'no-effect-today',
      reason: `The canary does nothing today: ${reason}.`,
      findings: [finding(types.canaryUnused, { path: path.path, reason }, where)],
    };
  }
  return {
    status: 'no-effect-today',
    reason: 'nginx has no location for it: the name belongs to a canary, or nginx refuses the block.',
    findings: [],
  };
}
