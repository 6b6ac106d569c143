import type { Argv, Options } from 'yargs';
import type {
  CommandDescription,
  FlagDescription,
  ProgramDescription,
  Values,
} from '../usage/description.ts';
import { isNegatable, valuesOf } from '../usage/values.ts';
import { version } from '../version.ts';
import { type CommandLine, inputFlags, type Operands } from './command-line.ts';
import { exitCodes, globalFlags, programExamples, summary } from './program.ts';
import type { Terminal } from './terminal.ts';

/** The command line as data. @param subjects what `explain` explains */
export function describedProgram(
  lines: readonly CommandLine[],
  subjects: readonly string[],
): ProgramDescription {
  return {
    version,
    summary,
    examples: programExamples,
    exitCodes,
    flags: Object.entries(globalFlags).map(([name, options]) => flagOf(name, options)),
    commands: lines.map((line) => commandOf(line, subjects)),
  };
}

const nothing: Values = { words: [], files: false };
const files: Values = { words: [], files: true };

function commandOf(line: CommandLine, subjects: readonly string[]): CommandDescription {
  const record = new Recorder();
  // Of a command, declaring uses these methods and no other.
  line.declare(record as unknown as Argv, { program: 'ingress2istio' } as Terminal);
  const { name, describe, operands } = line;
  return {
    name,
    describe,
    usage: record.text,
    flags: record.flags,
    examples: record.examples,
    first: operands === undefined ? files : firstOf(operands, subjects),
    rest: operands === undefined || operands.files ? files : nothing,
  };
}

function firstOf({ first }: Operands, subjects: readonly string[]): Values {
  return { words: first === 'subjects' ? subjects : first, files: false };
}

/** Stands where a command expects yargs, and keeps what it declares. */
class Recorder {
  text = '';
  readonly flags: FlagDescription[] = [];
  readonly examples: [string, string][] = [];

  usage(text: string): this {
    this.text = text;
    return this;
  }

  option(name: string, options: Options): this {
    this.flags.push(flagOf(name, options));
    return this;
  }

  example(command: string, text: string): this {
    this.examples.push([command, text]);
    return this;
  }
}

function flagOf(name: string, { alias, describe = '', type, array, choices }: Options): FlagDescription {
  const words = choices?.map(String);
  return {
    name,
    alias: typeof alias === 'string' ? alias : undefined,
    describe: String(describe),
    value:
      type === 'boolean'
        ? undefined
        : words === undefined
          ? (valuesOf(name) ?? nothing)
          : { words, files: false },
    repeatable: array === true,
    negatable: isNegatable(name),
    shared: inputFlags.includes(name),
  };
}
