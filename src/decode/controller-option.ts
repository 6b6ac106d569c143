import type { Fidelity } from '../domain/outcome.ts';

/** One entry of `mappings/controller/*.yaml`: a key of the controller's ConfigMap, which can change Ingresses that say nothing. */
export interface ControllerOption {
  readonly name: string;
  /** The file's name, as in `headers` or `tls`. */
  readonly category: string;
  /** Undefined where the key has no fixed default. */
  readonly default: string | number | boolean | readonly string[] | undefined;
  /** The releases that brought it and took it away; undefined: older than all that are supported, or still there. */
  readonly since?: string;
  readonly until?: string;
  /** Defaults of older releases, the oldest first: each held until the releases named, one for each branch. */
  readonly was?: readonly {
    readonly until: readonly string[];
    readonly default: string | number | boolean;
  }[];
  /** What the key does, in a sentence or two. */
  readonly effect: string;
  /** What stands for it on Istio; '' where nothing does. */
  readonly istio: string;
  /** Setting it changes what an Ingress without annotations does, or whether it is loaded. */
  readonly affectsSilentIngresses: boolean;
  /** The default value already has an effect that Istio does not have by itself. */
  readonly defaultMatters: boolean;
  readonly fidelity: Fidelity;
  readonly note: string;
}
