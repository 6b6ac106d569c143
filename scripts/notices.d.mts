import type { Metafile } from 'esbuild';

export function packagesOf(metafile: Metafile): string[];
export function noticesOf(folders: readonly string[]): string;
