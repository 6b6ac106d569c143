import { extname } from 'node:path';

export const formats = ['md', 'html', 'json', 'sarif', 'junit', 'codeclimate', 'text'] as const;

export type Format = (typeof formats)[number];

/** Code Climate has no extension of its own: what GitLab reads is a .json, too. */
type FileFormat = Exclude<Format, 'codeclimate'>;

const extensions: Readonly<Record<string, FileFormat>> = {
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
export function formatOfFile(path: string): FileFormat | undefined {
  const extension = extname(path).toLowerCase();
  return Object.hasOwn(extensions, extension) ? extensions[extension] : undefined;
}
