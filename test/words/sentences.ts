import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AnyNode, parse } from 'acorn';
import { full } from 'acorn-walk';
import { transformSync } from 'esbuild';

/** A piece of text that people may read, and the file that has it. */
export interface Sentence {
  readonly file: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a person reads has words with spaces between them; codes, names and patterns don't. */
const prose = /[A-Za-z’']{2,} [a-z’']{1,}/;

/** Strings and templates of the program, but for those of errors that only its developers see. */
export function sentencesOfSource(): Sentence[] {
  return filesBelow('src', /\.tsx?$/, /generated|\/client\//).flatMap((file) => {
    const { code } = transformSync(readFileSync(join(root, file), 'utf8'), {
      loader: file.endsWith('x') ? 'tsx' : 'ts',
      jsx: 'automatic',
    });
    return literalsOf(code)
      .filter((text) => prose.test(text))
      .map((text) => ({ file, text }));
  });
}

function literalsOf(code: string): string[] {
  const found: string[] = [];
  full(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), (node: AnyNode) => {
    if (node.type === 'Literal' && typeof node.value === 'string') found.push(node.value);
    if (node.type === 'TemplateLiteral')
      found.push(node.quasis.map(({ value }) => value.cooked ?? '').join('…'));
  });
  return found;
}

/** The lines of texts in other files: mappings, schemas, and Markdown outside of code. */
export function sentencesOf(folder: string, name: RegExp): Sentence[] {
  return filesBelow(folder, name, /generated|node_modules/).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const plain = file.endsWith('.md')
      ? text.replace(/```[\s\S]*?```|`[^`\n]*`|^ {4}.*$/gm, '…')
      : text.replace(/^\s*#.*$/gm, '');
    return plain
      .split('\n')
      .filter((line) => prose.test(line))
      .map((line) => ({ file, text: line }));
  });
}

function filesBelow(folder: string, name: RegExp, except: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => (folder === '.' ? file : `${folder}/${file}`))
    .filter((file) => name.test(file) && !except.test(file) && !file.includes('node_modules'))
    .sort();
}
