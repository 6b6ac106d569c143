import { extname } from 'node:path';

export const formats = ['md', 'html', 'json', 'sarif', 'junit', 'text'] as const;

export type Format = (typeof formats)[number];

const extensions: Readonly<Record<string, Format>> = {
  '.md': 'md',
  '.markdown': 'md',
  '.html': 'html',
  '.htm': 'html',
  '.json': 'json',
  '.sarif': 'sarif',
  '.xml': 'junit',
  '.txt': 'text',
};

/** What people write for a format: its name, or another word for it. */
export const formatNames: readonly string[] = [...formats, 'markdown'];

export function formatNamed(name: string | undefined): Format | undefined {
  return name === 'markdown' ? 'md' : formats.find((format) => format === name);
}

/** The format of a file's extension; undefined for one that isn't known. */
export function formatOfFile(path: string): Format | undefined {
  const extension = extname(path).toLowerCase();
  return Object.hasOwn(extensions, extension) ? extensions[extension] : undefined;
}
