import type { AnnotationValue } from '../decode/annotation.ts';
import type { Location, NginxModel } from '../nginx/model.ts';
import type { Settings } from '../nginx/settings.ts';
import type { ConfigMap } from '../read/cluster.ts';
import type { Patterns, ServerIndex } from './nginx-location.ts';

/** What the reading of nginx's model goes by. */
export interface NginxContext {
  readonly model: NginxModel;
  readonly settings: Settings;
  readonly patterns: Patterns;
  readonly servers: ServerIndex;
  /** Names that nginx only redirects, and where to: the other of `x` and `www.x`. */
  readonly www: ReadonlyMap<string, string>;
  configMap(reference: string): ConfigMap | undefined;
}

export function annotationText({ owner }: Location, name: string): string | undefined {
  const value: AnnotationValue | undefined = owner.annotations.get(name)?.value;
  return value === undefined ? undefined : String(value);
}
