import type { Fidelity } from '../domain/outcome.ts';
/** How far an annotation of ingress-nginx reaches: its own locations, the whole host, or every host that uses the same Service port. */
export type AnnotationScope = 'location' | 'server' | 'upstream' | 'controller';

/** What ingress-nginx does with a value that its validator refuses (ingress-nginx 1.15.1, internal/ingress/annotations). */
export type Consequence = 'ingress-dropped' | 'location-denied' | 'host-denied' | 'ignored' | 'fail-open';

/**
 * The shape of an annotation's value. `pattern` is a JavaScript regular expression, matched by search as Go does. Beside an enum it alone decides
 * what is refused, so a value outside `values` may come through; of a `regex` it captures the part that has to compile.
 */
export interface ValueRule {
  readonly type:
    | 'bool'
    | 'int'
    | 'seconds'
    | 'size'
    | 'enum'
    | 'string'
    | 'list'
    | 'url'
    | 'regex'
    | 'cidrs'
    | 'secret'
    | 'configmap'
    | 'snippet';
  readonly values?: readonly string[];
  /** The enum is compared without regard to case. */
  readonly anyCase?: boolean;
  readonly pattern?: string;
  /** Blanks are taken out before the pattern (or the enum) is tried, as `parser.ValidateRegex(…, true)` does. */
  readonly ignoreBlanks?: boolean;
  /** White space around the value, or around each entry of a list, is taken off before the pattern is tried, as `parser.ValidateServerName` does. */
  readonly trim?: boolean;
  /** What stands between the entries of a list; a comma where it is absent. */
  readonly separator?: ',' | ' ';
  readonly onInvalid: Consequence;
  /** What happens to a blank value where ingress-nginx does not take it for "not set". */
  readonly onBlank?: Consequence;
  /**
   * What the parser itself does with a value that does not fit, where the controller does not validate. Where it is absent, a text
   * counts as it stands, and what is no value of the type is ignored.
   */
  readonly unvalidated?: Consequence;
}

/** What was otherwise in older releases. */
export interface PastRule {
  /** The releases that changed it, one for each branch, as in `1.13.2`. */
  readonly until: readonly string[];
  readonly default?: Mapping['default'];
  readonly value?: Partial<ValueRule>;
}

/** What is done with an annotation: exactly one of the four. */
export type Action =
  | { readonly kind: 'set'; readonly field: string }
  | { readonly kind: 'convert'; readonly feature: string }
  | { readonly kind: 'model'; readonly rule: string }
  | { readonly kind: 'none'; readonly advice: string };

/** One entry of `mappings/<room>/*.yaml`: the facts about one annotation of ingress-nginx. */
export interface Mapping {
  /** Without the prefix, as in `rewrite-target`. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** The release that brought the name (not its aliases); undefined: older than all that are supported. */
  readonly since: string | undefined;
  /** The release that took the annotation away. */
  readonly until: string | undefined;
  /** Older rules, the oldest first. */
  readonly was: readonly PastRule[];
  /** The file's name: the annotation group. */
  readonly group: string;
  readonly value: ValueRule;
  /** What holds when the annotation is absent and the ConfigMap says nothing; undefined: nothing happens. */
  readonly default: string | number | boolean | readonly string[] | undefined;
  /** The key of the controller's ConfigMap that gives the default, if there is one. */
  readonly configMapKey: string | undefined;
  readonly scope: AnnotationScope;
  readonly risk: 'Low' | 'Medium' | 'High' | 'Critical';
  readonly fidelity: Fidelity;
  readonly action: Action;
  /** Istio fields that the annotation turns into, as in `VirtualService.spec.http[].timeout`. */
  readonly to: readonly string[];
  /** What nginx does with it, in a sentence or two. */
  readonly nginx: string;
  /** What differs on Istio, and what people trip over; '' where nothing does. */
  readonly note: string;
  readonly docs: readonly string[];
  /** Names of conformance scenarios that prove the claim. */
  readonly verified: readonly string[];
}

/** All mappings, by name and by alias. */
export interface Mappings {
  readonly all: readonly Mapping[];
  find(name: string): Mapping | undefined;
}
