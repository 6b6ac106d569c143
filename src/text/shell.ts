/** A text of the input as one word of a POSIX shell, for commands that people copy. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9._/:@=-]+$/.test(text) && !text.startsWith('-')
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}
