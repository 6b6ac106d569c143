import type { Decision } from './decision.ts';
import type { ObjectRef, Origin } from './origin.ts';

/** `error`: traffic or protection would change and a person must act; `warning`: look at it; `note`: good to know. */
export type Severity = 'error' | 'warning' | 'note';

/**
 * What a client or an application can observe of a request: the fields that the conformance suite compares.
 * A header is written in lower case; `request-header:` is what the upstream sees, `response-header:` what the client sees.
 */
export type ObservableField =
  | 'status'
  | 'location'
  | 'upstream'
  | 'path'
  | 'method'
  | 'host'
  | 'share'
  | 'side-requests'
  | 'certificate'
  | 'connection'
  | `request-header:${string}`
  | `response-header:${string}`;

/** The stable description of one kind of finding. Codes are `group/kebab-name`, documented and never reused: they are the SARIF rule ids. */
export interface FindingType<Args extends object = object> {
  readonly code: string;
  readonly severity: Severity;
  /** The fields that can differ because of what the finding tells: no more than must be. */
  readonly fields: readonly ObservableField[];
  /**
   * The answer comes from elsewhere than in nginx, so the response headers of the location are among the fields, too; which they
   * are is found when the location is converted (features/convert.ts).
   */
  readonly withLocationHeaders?: true;
  /** Of the requests to its place, it speaks only of these. */
  readonly requests?: RequestClass;
  /** One sentence on what the code means, without values. */
  readonly summary: string;
  /** What is the matter, with the values of this case. */
  message(args: Args): string;
  /** What the reader can do, as sentences; '' only for a note that asks for nothing. */
  remedy(args: Args): string;
  /** Where others explain what it is about; its own page is made from all of this (`site.ts`). */
  readonly url?: string;
  /** It is the same for every host of the gateway: the platform team decides it once, and it makes no Ingress unready. */
  readonly gateway?: GatewayDecision;
}

/** A choice for the whole gateway, in sentences without values. */
export interface GatewayDecision {
  /** What has to be decided, as a question. */
  readonly question: string;
  /** What the output does now. */
  readonly applied: string;
  readonly recommended: string;
  /** Flags that apply the recommended answer; '' where it is applied already, or is a setting of the mesh. */
  readonly flags: string;
}

/**
 * Requests that a gap of the platform touches, on whatever host: a path with `//`, dot segments or percent-encoding; a body
 * over nginx's limit, or any; header names with underscores; headers over nginx's limits; a request id or forwarded headers of the
 * client's own; a request whose upstream fails to answer, or has no
 * endpoints; one for a host that no Ingress names, or whose name ends in a dot; one that nginx refuses as
 * malformed, or for its method. `odd-spelling` is an odd path or one with capitals; `answered-first` a request that nginx
 * redirects, or a preflight.
 */
export type RequestClass =
  | 'odd-path'
  | 'odd-spelling'
  | 'answered-first'
  | 'large-body'
  | 'with-body'
  | 'underscore-header'
  | 'large-headers'
  | 'client-request-id'
  | 'client-forwarded-headers'
  | 'failing-upstream'
  | 'no-endpoints'
  | 'unknown-host-https'
  | 'dotted-host'
  | 'malformed';

/**
 * The part of the traffic that a finding speaks of. `platform` is for a gap of Istio against nginx that is told once and
 * touches every request; `none` for findings that change no traffic.
 */
export type Scope =
  | { readonly kind: 'none' }
  | { readonly kind: 'platform' }
  | { readonly kind: 'requests'; readonly which: RequestClass }
  /** With `tls`, what comes over HTTPS alone. */
  | { readonly kind: 'host'; readonly host: string; readonly tls?: true }
  | { readonly kind: 'ingress'; readonly ingress: ObjectRef }
  | { readonly kind: 'location'; readonly host: string; readonly path: string; readonly match: string };

/** A typed value; its text is rendered at the edge, by `messageOf` and `remedyOf`. */
export interface Finding {
  readonly type: FindingType<never>;
  readonly args: object;
  readonly origin: Origin | undefined;
  readonly scope: Scope;
  /** A person's answer to it: `accept`, `manual` or `later`. */
  readonly decision?: Decision;
}

/** Declares a code; the table of all of them is `finding-types.ts`. */
export function findingType<Args extends object>(type: FindingType<Args>): FindingType<Args> {
  return type;
}

export function finding<Args extends object>(
  type: FindingType<Args>,
  args: Args,
  where: { readonly origin?: Origin | undefined; readonly scope?: Scope } = {},
): Finding {
  return {
    type: type as unknown as FindingType<never>,
    args,
    origin: where.origin,
    scope: where.scope ?? { kind: 'none' },
  };
}

export function messageOf(finding: Finding): string {
  return finding.type.message(finding.args as never);
}

export function remedyOf(finding: Finding): string {
  return finding.type.remedy(finding.args as never);
}
