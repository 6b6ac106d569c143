import type { HeaderMatch, HeaderOperations, Redirect, StringMatch } from '../istio-api/types.ts';
import type { Match } from '../nginx/model.ts';

/** A match of nginx, or a regular expression of RE2 for the whole path as Envoy sees it. */
export type RouteMatch = Match | { readonly kind: 'whole'; readonly path: string };

/** A condition beside the location's own match; all parts have to hold. */
export interface Condition {
  /** True: over HTTPS; false: over plain HTTP. */
  readonly tls?: boolean;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers?: Readonly<Record<string, HeaderMatch>>;
  readonly withoutHeaders?: Readonly<Record<string, HeaderMatch>>;
  readonly queryParams?: Readonly<Record<string, StringMatch>>;
  /** In place of the location's matches. */
  readonly matches?: readonly RouteMatch[];
}

/** The order in which nginx answers by itself (nginx/SEMANTICS: what happens to a request). */
export const answerPhases = [
  'certificate',
  'client-denied',
  'www',
  'app-root',
  'server-denied',
  'server-snippet',
  'body-size',
  'slash-redirect',
  'denied',
  'preflight',
  'snippet',
  'redirect',
  'ssl-redirect',
  'closed',
  'error-page',
  'unavailable',
] as const;
export type AnswerPhase = (typeof answerPhases)[number];

export type Answer =
  | { readonly redirect: Redirect; readonly headers?: HeaderOperations }
  | { readonly status: number; readonly body?: string; readonly headers?: HeaderOperations };

/** The gateway answers by itself; without a condition nothing after it is reached. */
export interface AnswerEffect {
  readonly kind: 'answer';
  readonly phase: AnswerPhase;
  /** For the route's name, and for route filters that are about this answer alone. */
  readonly variant?: string;
  readonly when?: Condition;
  readonly answer: Answer;
  /** nginx gives the answer outside of the location, so it carries only headers that are set for the server, or for all servers. */
  readonly place?: 'server' | 'http';
}
