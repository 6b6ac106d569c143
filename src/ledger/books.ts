import type { Annotation } from '../decode/annotation.ts';
import type { Mappings } from '../decode/mapping.ts';
import type { Options } from '../domain/options.ts';
import type { Assembly } from '../istio/assemble.ts';
import type { TcpAssembly } from '../istio/tcp.ts';
import type { BuiltModel } from '../nginx/build.ts';
import type { Lookup } from '../nginx/lookup.ts';
import type { Converted } from '../plan/converted.ts';
import type { Cluster, Ingress } from '../read/cluster.ts';

/** All that the ledger looks at: the input, and what each step made of it. */
export interface Books {
  readonly cluster: Cluster;
  readonly lookup: Lookup;
  readonly annotations: ReadonlyMap<Ingress, readonly Annotation[]>;
  readonly built: BuiltModel;
  readonly converted: Converted;
  readonly assembly: Assembly;
  readonly tcp: TcpAssembly;
  readonly options: Options;
  readonly mappings: Mappings;
}
