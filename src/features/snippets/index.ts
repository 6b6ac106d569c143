import { type Finding, finding } from '../../domain/findings.ts';
import type { Origin } from '../../domain/origin.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { type Directive, type Parsed, parseDirectives, walk } from '../../nginx/directives/parse.ts';
import type { Location, ModelIngress, Server } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { type Claim, type FeatureResult, nothing } from '../../plan/result.ts';
import type { Context, Feature } from '../feature.ts';
import { snippetFindings, syntax, syntaxClosed } from './findings.ts';
import { interpret } from './interpret.ts';
import { type InheritedHeaders, isForSuccesses, ownLocations } from './locations.ts';
import { originOfDirective, type Scope, shorten, type Verdict, worst } from './scope.ts';
import {
  annotationSnippet,
  chosenServerSnippet,
  globalSnippet,
  locationScope,
  type Snippet,
  serverScope,
  serverSnippets,
} from './sources.ts';

/** configuration-snippet and server-snippet, and the ConfigMap's location-snippet and server-snippet. */
export const snippets: Feature = {
  name: 'snippets',
  findings: snippetFindings,
  location(location, context) {
    if (location.denied !== undefined)
      return inactive(
        location.owner,
        ['configuration-snippet'],
        'The location returns 503 today, without its snippet.',
      );
    const own = annotationSnippet(location.owner, 'configuration-snippet');
    if (own !== undefined && !context.model.controller.snippets)
      return inactive(location.owner, ['configuration-snippet'], notAllowed);
    const active = [own, globalSnippet('location-snippet', context)].filter(
      (snippet) => snippet !== undefined,
    );
    if (active.length === 0 && serverSnippets(location.server, context).length === 0) return nothing;
    const results = active.map((snippet) =>
      readSnippet(snippet, locationScope(snippet, location, context), location.server),
    );
    const effects = results.flatMap((result) => result.effects);
    return {
      // What is added comes behind what is set, as in nginx.
      effects: [...effects, ...inheritedEffects(location, context, effects)],
      claims: results.flatMap(({ claims }) => claims),
      findings: results.flatMap(({ findings }) => findings),
      outcomes: results.flatMap(({ outcomes }) => outcomes ?? []),
    };
  },
  server(server, context) {
    const allowed = context.model.controller.snippets;
    const results: FeatureResult[] = serverSnippets(server, context).map((snippet) => {
      const result = readSnippet(snippet, serverScope(snippet, server, context), server);
      // Access rules and added headers go to the locations that have none of their own.
      return { ...result, effects: result.effects.filter((effect) => !isInherited(effect)) };
    });
    const chosen = allowed ? chosenServerSnippet(server)?.annotation : undefined;
    for (const ingress of server.ingresses) {
      const annotation = ingress.annotations.get('server-snippet');
      if (annotation === undefined || annotation === chosen) continue;
      const reason = !allowed
        ? notAllowed
        : 'Another Ingress of the host has one, and nginx takes the first.';
      results.push(inactive(ingress, ['server-snippet'], reason));
    }
    return {
      effects: results.flatMap(({ effects }) => effects),
      claims: results.flatMap(({ claims }) => claims),
      findings: results.flatMap(({ findings }) => findings),
      outcomes: results.flatMap(({ outcomes }) => outcomes ?? []),
    };
  },
};

const notAllowed = 'The controller does not allow snippets.';

/** Snippets that do nothing today: their directives, too. */
function inactive(ingress: ModelIngress, names: readonly string[], reason: string): FeatureResult {
  const found = names.flatMap((name) => annotationSnippet(ingress, name) ?? []);
  const verdict: Verdict = { status: 'no-effect-today', reason, effects: [], findings: [] };
  return {
    effects: [],
    claims: found.flatMap(({ annotation }): Claim[] =>
      annotation === undefined ? [] : [{ annotation, status: 'no-effect-today', reason }],
    ),
    findings: [],
    outcomes: found.flatMap((snippet) =>
      [...walk(parseDirectives(snippet.text).directives)].map((directive) =>
        outcomeOf(directive, verdict, snippet.origin),
      ),
    ),
  };
}

/** Everything that a snippet asks for at its place. */
function readSnippet(
  snippet: Snippet,
  scope: Scope,
  server: Server,
): FeatureResult & { outcomes: readonly Outcome[] } {
  const parsed = parseDirectives(snippet.text);
  if (parsed.problem !== undefined) return unreadable(snippet, parsed, scope);
  const count = server.locations.length;
  const reading = interpret(parsed.directives, scope, count);
  const verdicts = new Map(reading.verdicts);
  const effects = [...reading.effects];
  if (scope.place === 'server') {
    const own = ownLocations(
      parsed.directives,
      server,
      scope,
      inheritedHeaders(parsed.directives, reading.verdicts),
    );
    for (const [directive, verdict] of own.verdicts) verdicts.set(directive, verdict);
    effects.push(...own.effects);
  }
  const outcomes = [...walk(parsed.directives)].flatMap((directive) => {
    const verdict = verdicts.get(directive);
    return verdict === undefined ? [] : [outcomeOf(directive, verdict, snippet.origin)];
  });
  const findings = [...walk(parsed.directives)].flatMap(
    (directive) => verdicts.get(directive)?.findings ?? [],
  );
  return { effects, claims: claimsOf(snippet, [...verdicts.values()]), findings, outcomes };
}

function claimsOf({ annotation }: Snippet, verdicts: readonly Verdict[]): Claim[] {
  if (annotation === undefined) return [];
  const found = worst(verdicts);
  if (found === undefined)
    return [{ annotation, status: 'no-effect-today', reason: 'The snippet contains no directive.' }];
  const { status, fidelity, reason } = found;
  return [
    { annotation, status, ...(fidelity !== undefined && { fidelity }), ...(reason !== '' && { reason }) },
  ];
}

function outcomeOf(directive: Directive, verdict: Verdict, origin: Origin): Outcome {
  return {
    subject: {
      kind: 'directive',
      name: directive.name,
      value: shorten(directive.text),
      origin: originOfDirective(directive, { origin }),
    },
    status: verdict.status,
    fidelity: verdict.fidelity,
    targets: [],
    reason: verdict.reason,
    findings: verdict.findings,
  };
}

/** nginx refuses its configuration with such a snippet. What looks like a protection is closed rather than left out. */
function unreadable(
  snippet: Snippet,
  { problem, directives }: Parsed,
  scope: Scope,
): FeatureResult & { outcomes: readonly Outcome[] } {
  const where = { origin: snippet.origin, scope: scope.about };
  const { name, text, annotation } = snippet;
  const { message, line, column } = problem!;
  const findings: Finding[] = [finding(syntax, { name, problem: message, line, column }, where)];
  const effects: Effect[] = [];
  const protects = /\b(?:deny|auth_\w+|access_by_lua\w*|ssl_verify_client|return\s+40\d)\b/.test(text);
  if (protects) {
    findings.push(finding(syntaxClosed, { name }, where));
    effects.push({
      kind: 'answer',
      phase: scope.place === 'location' ? 'closed' : 'server-snippet',
      answer: { status: 503 },
    });
  }
  const status = protects ? 'closed' : 'invalid';
  const verdict: Verdict = {
    status,
    reason: `The snippet breaks off at line ${line}: ${message}.`,
    effects: [],
    findings: [],
  };
  return {
    effects,
    claims: annotation === undefined ? [] : [{ annotation, status, reason: verdict.reason }],
    findings,
    outcomes: [...walk(directives)].map((directive) => outcomeOf(directive, verdict, snippet.origin)),
  };
}

function addsHeader(effect: Effect): boolean {
  return (
    (effect.kind === 'response-headers' || effect.kind === 'status-headers') &&
    effect.response.add !== undefined
  );
}

/** Effects of a server that its locations take over unless they have directives of the same kind. */
function isInherited(effect: Effect): boolean {
  return effect.kind === 'policy' || addsHeader(effect);
}

/** What a location has from the server's snippets. */
function inheritedEffects(location: Location, context: Context, own: readonly Effect[]): Effect[] {
  const inherited = serverSnippets(location.server, context);
  if (inherited.length === 0) return [];
  const names = ['whitelist-source-range', 'allowlist-source-range', 'denylist-source-range'];
  const hasRules =
    own.some(({ kind }) => kind === 'policy') ||
    names.some((name) => context.settings.of(location.owner, name)?.value !== undefined);
  const hasAdded = own.some(addsHeader) || location.owner.annotations.has('auth-url');
  return inherited.flatMap((snippet) => {
    const scope = locationScope(snippet, location, context);
    const parsed = parseDirectives(snippet.text);
    if (parsed.problem !== undefined) return [];
    return interpret(parsed.directives, { ...scope, place: 'server' }, 1).effects.filter(
      (effect) => isInherited(effect) && !(effect.kind === 'policy' ? hasRules : hasAdded),
    );
  });
}

function inheritedHeaders(
  directives: readonly Directive[],
  verdicts: ReadonlyMap<Directive, Verdict>,
): InheritedHeaders {
  const found = directives.flatMap((directive) =>
    (verdicts.get(directive)?.effects ?? []).flatMap((effect) =>
      effect.kind === 'response-headers' && effect.when === undefined
        ? [{ response: effect.response, onEveryStatus: !isForSuccesses(directive) }]
        : [],
    ),
  );
  return {
    always: found
      .filter(({ response, onEveryStatus }) => response.add === undefined && onEveryStatus)
      .map(({ response }) => response),
    added: found.filter(({ response, onEveryStatus }) => response.add !== undefined || !onEveryStatus),
  };
}
