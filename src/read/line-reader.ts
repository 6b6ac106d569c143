export const [TAB, NEWLINE, SPACE, QUOTE, HASH, TICK, DASH, COLON] = [9, 10, 32, 34, 35, 39, 45, 58] as const;

/** Thrown for all that js-yaml has to read. */
export const odd = new Error('no plain block YAML');

/** Goes through the lines of a text of block YAML, and looks at one. */
export class LineReader {
  protected readonly text: string;
  protected readonly end: number;
  /** The first character of the line that is read next, and its column; -1 after the last line. */
  protected start = 0;
  protected column = 0;

  constructor(text: string, end: number) {
    this.text = text;
    this.end = end;
  }

  /** Goes to the next line that holds more than space and comments. */
  protected advance(from: number): void {
    const text = this.text;
    for (let line = from; line < this.end; ) {
      let at = line;
      while (text.charCodeAt(at) === SPACE) at++;
      if (at >= this.end) break;
      const char = text.charCodeAt(at);
      if (char === TAB) throw odd;
      if (char === NEWLINE) line = at + 1;
      else if (char === HASH) line = this.lineEnd(at) + 1;
      else {
        this.start = at;
        this.column = at - line;
        return;
      }
    }
    this.start = this.end;
    this.column = -1;
  }

  protected lineEnd(at: number): number {
    const end = this.text.indexOf('\n', at);
    return end === -1 || end > this.end ? this.end : end;
  }

  /** The offset of the next line, where nothing but space or a comment is left of this one. */
  protected restIsEmpty(at: number): number {
    const next = this.skipSpaces(at);
    if (!this.isLineEnd(next) && !(this.text.charCodeAt(next) === HASH && next > at)) throw odd;
    return this.lineEnd(next) + 1;
  }

  protected skipSpaces(at: number): number {
    let next = at;
    while (this.text.charCodeAt(next) === SPACE) next++;
    return next;
  }

  protected isLineEnd(at: number): boolean {
    return at >= this.end || this.text.charCodeAt(at) === NEWLINE;
  }

  protected isSpaceOrEnd(at: number): boolean {
    return this.isLineEnd(at) || this.text.charCodeAt(at) === SPACE;
  }

  protected isDash(at: number): boolean {
    return this.text.charCodeAt(at) === DASH && this.isSpaceOrEnd(at + 1);
  }

  /** The offset of the colon that ends the key of a line; -1 where the line has no key. */
  protected colonAfter(at: number): number {
    const text = this.text;
    const first = text.charCodeAt(at);
    if (first === QUOTE || first === TICK) {
      const end = text.indexOf(text[at]!, at + 1) + 1;
      return end > 0 && text.charCodeAt(end) === COLON && this.isSpaceOrEnd(end + 1) ? end : -1;
    }
    for (let colon = at; colon < this.end; colon++) {
      const char = text.charCodeAt(colon);
      if (char === COLON && this.isSpaceOrEnd(colon + 1)) return colon;
      if (char === NEWLINE) return -1;
    }
    return -1;
  }
}
