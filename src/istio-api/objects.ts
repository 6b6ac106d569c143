/** An object of the output. `spec` is typed by its kind in `types.ts` where features build it. */
export interface IstioObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

/** Not a kind that a cluster knows: `output/` writes it as Helm values, which nobody can apply by mistake. */
export const meshConfigKind = 'MeshConfig';
