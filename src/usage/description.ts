/** What may stand in a place of the command line. Neither words nor files: anything, such as the name of a namespace. */
export interface Values {
  /** A word that ends with = is the beginning of a value. */
  readonly words: readonly string[];
  readonly files: boolean;
}

export interface FlagDescription {
  readonly name: string;
  readonly alias: string | undefined;
  readonly describe: string;
  /** Undefined for a flag without a value. */
  readonly value: Values | undefined;
  readonly repeatable: boolean;
  /** Whether `--no-NAME` means something, too. */
  readonly negatable: boolean;
  /** Whether every command that reads Ingresses has it. */
  readonly shared: boolean;
}

export interface CommandDescription {
  readonly name: string;
  readonly describe: string;
  readonly usage: string;
  readonly flags: readonly FlagDescription[];
  readonly examples: readonly (readonly [command: string, text: string])[];
  /** The first word after the command, and those that follow. */
  readonly first: Values;
  readonly rest: Values;
}

/** The command line as data, for completion and the manual page. */
export interface ProgramDescription {
  readonly version: string;
  readonly summary: string;
  readonly examples: readonly (readonly [line: string, text: string])[];
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  readonly flags: readonly FlagDescription[];
  readonly commands: readonly CommandDescription[];
}

/** Names by which a flag is written: `--output` and `-o`; `--tls` and `--no-tls`. */
export function spellings({ name, alias, negatable }: FlagDescription): string[] {
  return [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`]), ...(negatable ? [`--no-${name}`] : [])];
}

/** Those of its spellings that a value follows. */
export function spellingsWithValue(flag: FlagDescription): string[] {
  return spellings(flag).filter((name) => flag.value !== undefined && !name.startsWith('--no-'));
}
