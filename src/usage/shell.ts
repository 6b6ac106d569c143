import type { ProgramDescription } from './description.ts';

/** What stands at the top of every script. */
export function header({ version }: ProgramDescription, shell: string): string {
  return `# Completion of ingress2istio ${version} for ${shell}; it starts no program.\n`;
}

/** A text as one word of a POSIX shell, and of zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For lists that show one line: the first part of the sentence. */
export function brief(describe: string): string {
  return describe.split('; ')[0]!;
}
