import type { Finding } from '../domain/findings.ts';
import type { ObjectSource } from '../domain/origin.ts';
import type { Cluster, ConfigMap } from '../read/cluster.ts';
import { type Mapping as Fields, isMapping } from '../read/fields.ts';
import { parsePiece } from '../read/parse.ts';
import { type ReadSource, rawObject } from '../read/source.ts';
import { type Piece, pieceText } from '../read/text.ts';

/**
 * The objects of the input as they are written, those included that a finding is about and that are not used, in the order of the
 * result. Objects of other kinds are not among them. Each is parsed again, so that nothing has to be kept.
 */
export function* writtenObjects(cluster: Cluster): Generator<Fields> {
  for (const map of cluster.configMaps) if (!hasPiece(map.source)) yield configMapOf(map);
  const parsed = lastParsed();
  const seen = new Set<string>();
  for (const source of sourcesOf(cluster)) {
    if (!hasPiece(source)) continue;
    const { piece } = source;
    const key = JSON.stringify([piece.file.name, piece.start, piece.within]);
    if (seen.has(key)) continue;
    seen.add(key);
    let value = parsed(piece);
    for (const step of piece.within) value = (value as Record<string | number, unknown> | undefined)?.[step];
    if (isMapping(value) && typeof value['kind'] === 'string' && !/List$/.test(value['kind'])) yield value;
  }
}

/** What the reader found that is about no object: broken documents, files that can't be read. */
export function problemsWithoutObject(cluster: Cluster): readonly Finding[] {
  return cluster.findings.filter(
    ({ origin, type }) => type.severity !== 'note' && (origin === undefined || !isObject(origin.source)),
  );
}

function isObject(source: ObjectSource): boolean {
  return hasPiece(source) && rawObject(source) !== undefined;
}

function hasPiece(source: ObjectSource): source is ReadSource {
  const { piece } = source as Partial<ReadSource>;
  return piece !== undefined && piece.end > piece.start;
}

/** That of --controller-config, which is in no file of the input. */
function configMapOf({ ref: { name, namespace }, data }: ConfigMap): Fields {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: Object.fromEntries(data),
  };
}

function* sourcesOf(cluster: Cluster): Generator<ObjectSource> {
  const lists = [
    cluster.ingressClasses,
    cluster.controllers,
    cluster.meshWorkloads,
    cluster.issuerDefaults,
    cluster.configMaps,
    cluster.ingresses,
    cluster.services,
    cluster.secrets,
    cluster.related,
    cluster.istioObjects,
  ];
  for (const list of lists) for (const { source } of list) yield source;
  for (const { origin } of cluster.findings) if (origin !== undefined) yield origin.source;
}

/** Many objects may be in one piece, such as a List in one line: the last one is kept. */
function lastParsed(): (piece: Piece) => unknown {
  let last: { readonly piece: Piece; readonly value: unknown } | undefined;
  return (piece) => {
    if (last?.piece.file !== piece.file || last.piece.start !== piece.start) {
      const result = parsePiece(pieceText(piece));
      last = { piece, value: result.ok ? result.value : undefined };
    }
    return last.value;
  };
}
