import type { BuildOptions, Metafile, Plugin } from 'esbuild';

export const lateBuiltins: Plugin;
export function bundle(options: BuildOptions): Promise<{
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly metafile: Metafile;
}>;
