import { boolYaml11Tag, CORE_SCHEMA, mergeTag } from 'js-yaml';
import { MAX_DEPTH } from './limits.ts';

/** kubectl reads YAML 1.1 truth values (`on`, `y`), but no sexagesimal numbers and no dates (sigs.k8s.io/yaml). */
const KUBERNETES_SCHEMA = CORE_SCHEMA.withTags(boolYaml11Tag, mergeTag);

/** How js-yaml has to read a text. */
export const YAML_OPTIONS = { schema: KUBERNETES_SCHEMA, maxDepth: MAX_DEPTH };
