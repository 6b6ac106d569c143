import type { FindingType } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import type { Lookup } from '../nginx/lookup.ts';
import type { Location, ModelIngress, NginxModel, Server } from '../nginx/model.ts';
import type { Settings } from '../nginx/settings.ts';
import type { FeatureResult } from '../plan/result.ts';

/** What every feature may look at. */
export interface Context {
  readonly cluster: Lookup;
  readonly model: NginxModel;
  readonly options: Options;
  /** Servers by host. */
  readonly servers: ReadonlyMap<string, Server>;
  /** The value of a setting for a location: annotation, else the controller's ConfigMap, else its default. */
  readonly settings: Settings;
}

/**
 * One group of annotations that needs code. `location` is called for each location, `server` for each server, `ingress` for
 * each Ingress that the controller serves, with the whole model at hand; all are pure.
 */
export interface Feature {
  /** As in `action: convert: <name>` of the mappings. */
  readonly name: string;
  readonly findings: readonly FindingType<never>[];
  location?(location: Location, context: Context): FeatureResult;
  server?(server: Server, context: Context): FeatureResult;
  /** What does not hang on a location, such as the claims of a canary. Effects are not taken. */
  ingress?(ingress: ModelIngress, context: Context): Omit<FeatureResult, 'effects'>;
}
