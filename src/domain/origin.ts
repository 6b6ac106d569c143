/** The identity of a Kubernetes object; `namespace` is `default` where the object names none, '' for cluster-scoped kinds. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A place in a text; `line` and `column` count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The identity of an object that was read. It makes its printed name once: as a key, every step asks for it. */
export class ReadRef implements ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  #qualified: string | undefined;

  constructor({ kind, namespace, name }: ObjectRef) {
    this.kind = kind;
    this.namespace = namespace;
    this.name = name;
  }

  get qualified(): string {
    this.#qualified ??= printed(this);
    return this.#qualified;
  }
}

/** The path of a value inside an object, as in `['metadata', 'annotations', 'kubernetes.io/ingress.class']`. */
export type Path = readonly (string | number)[];

/** One object of the input as it was read. Finding a position parses the object's own text again, so ask for few. */
export interface ObjectSource {
  readonly ref: ObjectRef;
  readonly file: string;
  /** The position of the value at `path`, or of the nearest ancestor that the text holds. */
  locate(path: Path): Position;
}

/** Where a value of the input came from. Goes with everything that was read, through every step. */
export interface Origin {
  readonly source: ObjectSource;
  readonly path: Path;
}

export function originOf(source: ObjectSource, ...path: (string | number)[]): Origin {
  return { source, path };
}

/** The origin of a value further inside. */
export function inside(origin: Origin, ...path: (string | number)[]): Origin {
  return { source: origin.source, path: [...origin.path, ...path] };
}

export function positionOf(origin: Origin): Position {
  return origin.source.locate(origin.path);
}

/** `namespace/name`, the way Kubernetes tools print it. */
export function qualifiedName(ref: ObjectRef): string {
  return ref instanceof ReadRef ? ref.qualified : printed(ref);
}

function printed({ namespace, name }: ObjectRef): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
