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

/** The format that a file's extension asks for; undefined for an extension that we do not know. */
export function formatOfFile(path: string): Format | undefined {
  const extension = extname(path).toLowerCase();
  return Object.hasOwn(extensions, extension) ? extensions[extension] : undefined;
}
