import { memoize } from '../../memoize.ts';
import crds from './crds.generated.json' with { type: 'json' };
import { kindSchema, type Schema, sharedRules } from './shapes.ts';

/** A field as Istio's custom resource definitions have it (scripts/istio-crds.ts). */
export interface CrdNode {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  /** Takes any field. */
  readonly open?: boolean;
  readonly properties?: Readonly<Record<string, CrdNode>>;
  readonly items?: CrdNode;
  readonly values?: CrdNode;
  /** The first release that has it, of those that are told apart. */
  readonly since?: string;
}

interface Crd {
  readonly apiVersions: readonly string[];
  readonly spec: CrdNode;
}

const definitions = crds as unknown as Readonly<Record<string, Crd>>;

/** Where we are stricter than the definition of a kind, and why; everything else is as Istio has it. */
export interface KindRules {
  /**
   * Keywords that are added to a field, or put in the place of its own. A field is named by the end of its path below `spec`, as in
   * `http[].match[].uri`, `tls.mode` or `headers{}` for the values of a map; '' is `spec` itself.
   */
  readonly rules: Readonly<Record<string, Schema>>;
  /** Fields that are never written, by the ends of their paths: Istio gave them up, or takes them for something else than they say. */
  readonly without?: readonly string[];
}

/** The closed schema of a kind. Strings and lists that are written are never empty, where no rule says otherwise. */
export function schemaOfCrd(kind: string, { rules, without = [] }: KindRules): Schema {
  const { apiVersions, spec } = definitions[kind]!;
  const all = Object.entries({ ...sharedRules, ...rules }).sort(([a], [b]) => a.length - b.length);
  const shared = new Map<string, string>();
  const $defs: Record<string, Schema> = {};

  /** A rule with a type says everything; others add to what is there. */
  const own = (path: string): Schema => {
    const rules = all.filter(([end]) => isEnd(end, path)).map(([, rule]) => rule);
    const whole = rules.findLastIndex((rule) => 'type' in rule);
    return Object.assign({}, ...rules.slice(Math.max(0, whole)));
  };

  const build = (node: CrdNode, path: string): Schema => {
    const rule = own(path);
    if (typeof rule['$ref'] === 'string') return rule;
    const required = [...new Set([...(node.required ?? []), ...((rule['required'] as string[]) ?? [])])];
    return share(
      {
        ...('type' in rule ? {} : plain(node, path)),
        ...rule,
        ...(required.length > 0 && node.properties ? { required } : {}),
      },
      path,
    );
  };

  const plain = ({ type, properties, items, values, open, ...limits }: CrdNode, path: string): Schema => {
    if (properties !== undefined && open !== true) {
      const fields = Object.entries(properties)
        .map(([name, node]) => [name, node, path === '' ? name : `${path}.${name}`] as const)
        .filter(([, , below]) => !without.some((end) => isEnd(end, below)))
        .map(([name, node, below]) => [name, build(node, below)]);
      return { type: 'object', properties: Object.fromEntries(fields), additionalProperties: false };
    }
    if (values !== undefined) return { type: 'object', additionalProperties: build(values, `${path}{}`) };
    if (items !== undefined)
      return { type: 'array', items: build(items, `${path}[]`), minItems: 1, ...listLimits(limits) };
    if (type === 'string')
      return limits.enum === undefined ? { type, minLength: 1 } : { type, enum: limits.enum };
    if (type === 'integer') {
      const { minimum = 0, maximum = largest } = limits;
      return { type, minimum, maximum: Math.min(maximum, largest) };
    }
    return { type: type ?? 'object' };
  };

  /** Each distinct shape is a definition: a function of its own in the compiled validator, which V8 optimises. */
  const share = (schema: Schema, path: string): Schema => {
    const text = JSON.stringify(schema);
    if (path === '' || text.length < 100) return schema;
    const known = shared.get(text);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    const wanted = /(\w+)[[\]{}]*$/.exec(path)?.[1] ?? 'field';
    let name = wanted;
    for (let count = 2; name in $defs; count++) name = `${wanted}${count}`;
    shared.set(text, name);
    $defs[name] = schema;
    return { $ref: `#/$defs/${name}` };
  };

  return kindSchema(kind, apiVersions, build(spec, ''), $defs);
}

const largest = 2 ** 31 - 1;

function listLimits({ maxItems }: CrdNode): Schema {
  return maxItems === undefined ? {} : { maxItems };
}

function isEnd(end: string, path: string): boolean {
  return path === end || (end !== '' && path.endsWith(`.${end}`));
}

/** A field that is newer than the release for which an object is written. */
interface NewerField {
  /** As in `spec.servers[0].tls.ecdhCurves`. */
  readonly path: string;
  /** The release that brought it. */
  readonly since: string;
}

/** Looks for fields that are newer than a release, in objects of any kind; of most kinds there are none to look for. */
export function newerFieldsOf(release: string): (kind: string, spec: object) => readonly NewerField[] {
  const hasNewer = memoize(
    (node: CrdNode): boolean =>
      (node.since !== undefined && isNewer(node.since, release)) ||
      [...Object.values(node.properties ?? {}), node.items, node.values].some(
        (below) => below !== undefined && hasNewer(below),
      ),
  );
  return (kind, spec) => {
    const root = definitions[kind]?.spec;
    return root === undefined || !hasNewer(root) ? [] : newerFields(spec, root, release, hasNewer);
  };
}

function newerFields(
  spec: object,
  root: CrdNode,
  release: string,
  hasNewer: (node: CrdNode) => boolean,
): readonly NewerField[] {
  const found: { path: string; since: string }[] = [];
  const walk = (value: unknown, node: CrdNode | undefined, path: string): void => {
    if (node === undefined || typeof value !== 'object' || value === null || !hasNewer(node)) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) step(item, node.items, `${path}[${index}]`);
      return;
    }
    for (const [name, item] of Object.entries(value))
      step(item, node.properties?.[name] ?? node.values, `${path}.${name}`);
  };
  const step = (value: unknown, node: CrdNode | undefined, path: string): void => {
    if (node?.since !== undefined && isNewer(node.since, release)) found.push({ path, since: node.since });
    else walk(value, node, path);
  };
  walk(spec, root, 'spec');
  return found;
}

function isNewer(a: string, b: string): boolean {
  const [major = 0, minor = 0] = a.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = b.split('.').map(Number);
  return major === otherMajor ? minor > otherMinor : major > otherMajor;
}
