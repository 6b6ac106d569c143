import type { AnnotationValue } from '../decode/annotation.ts';
import type { ControllerOption } from '../decode/controller-option.ts';
import type { Mappings } from '../decode/mapping.ts';
import { mappingsIn } from '../decode/mappings.ts';
import type { Controller, ModelIngress, Setting } from './model.ts';

/** Settings as the controller resolves them: annotation, else ConfigMap, else default. */
export interface Settings {
  /** The release that runs, as in `1.9.6`. */
  readonly release: string;
  /** The setting of that annotation name for an Ingress; undefined where none of the three says anything. */
  of(ingress: ModelIngress, name: string): Setting<AnnotationValue> | undefined;
  /** A key of the controller's ConfigMap as written; undefined where it is absent or blank. */
  global(key: string): string | undefined;
  /** What a key is where nothing is written, in the release that runs. */
  usual(key: string): ControllerOption['default'];
}

export function settingsReader(controller: Controller, all: Mappings): Settings {
  const release = controller.release.version;
  const mappings = mappingsIn(all, release);
  const global = (key: string): string | undefined => {
    const raw = controller.config.get(key);
    return raw === undefined || raw.trim() === '' ? undefined : raw;
  };
  return {
    release,
    global,
    usual: (key) => controller.options.get(key)?.default,
    of(ingress, name) {
      const annotation = ingress.annotations.get(name);
      if (annotation?.value !== undefined) return { value: annotation.value, from: annotation };
      const mapping = mappings.find(name);
      if (mapping === undefined) return undefined;
      const written = mapping.configMapKey === undefined ? undefined : global(mapping.configMapKey);
      const parsed =
        written === undefined
          ? undefined
          : asValue(written, mapping.value.type === 'cidrs' ? [] : mapping.default);
      if (parsed !== undefined) return { value: parsed, from: 'configmap' };
      return mapping.default === undefined ? undefined : { value: mapping.default, from: 'default' };
    },
  };
}

/** A ConfigMap's text in the type of the default; undefined where it does not fit, which the controller warns of and ignores. */
function asValue(text: string, like: AnnotationValue | undefined): AnnotationValue | undefined {
  const trimmed = text.trim();
  if (typeof like === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : undefined;
  if (typeof like === 'number') return /^[+-]?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
  if (Array.isArray(like))
    return trimmed
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  return trimmed;
}
