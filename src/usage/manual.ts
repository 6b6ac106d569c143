import { wrap } from '../text/paint.ts';
import {
  type CommandDescription,
  type FlagDescription,
  type ProgramDescription,
  spellings,
} from './description.ts';

/** The manual page of section 1, in the language of mdoc(7). @param date as in `August 27, 2026` */
export function manualPage(program: ProgramDescription, date: string): string {
  const { version, summary, examples, exitCodes, flags, commands } = program;
  const shared = commands.find((command) => command.flags.some(isShared))?.flags.filter(isShared) ?? [];
  return `.\\" Made from the tables that the command line is parsed with.
.Dd ${date}
.Dt INGRESS2ISTIO 1
.Os ingress2istio ${version}
.Sh NAME
.Nm ingress2istio
.Nd convert Ingresses with ingress-nginx annotations to Istio
.Sh SYNOPSIS
.Nm
.Ar command
.Op Ar options
.Op Ar inputs ...
.Nm kubectl ingress2istio
.Ar command
.Op Ar options
.Op Ar inputs ...
.Sh DESCRIPTION
${prose(summary)}.Sh COMMANDS
${commands.map(commandPart).join('')}.Sh OPTIONS
Every command has these:
${flagList(flags)}.Pp
Commands that read Ingresses have these, too:
${flagList(shared)}.Sh EXIT STATUS
.Bl -tag -width Ds
${exitCodes.map(([code, meaning]) => `.It ${code}\n${prose(`${sentence(meaning)}.`)}`).join('')}.El
.Sh EXAMPLES
${exampleList(examples.map(([line, text]) => [`ingress2istio ${line}`, text]))}.Sh SEE ALSO
.Xr kubectl 1
`;
}

function isShared({ shared }: FlagDescription): boolean {
  return shared;
}

function commandPart({ name, describe, usage, flags, examples }: CommandDescription): string {
  const [synopsis = '', ...paragraphs] = usage.split('\n\n');
  const body = paragraphs.length === 0 ? [`${describe}.`] : paragraphs;
  const own = flags.filter((flag) => !isShared(flag));
  return `.Ss ${escaped(name)}
.Bd -literal -compact
${synopsis.split('\n').map(line).join('')}.Ed
${body.map((paragraph) => `.Pp\n${prose(paragraph)}`).join('')}${own.length === 0 ? '' : flagList(own)}${examples.length === 0 ? '' : `.Pp\nFor example:\n${exampleList(examples)}`}`;
}

function flagList(flags: readonly FlagDescription[]): string {
  return `.Bl -tag -width Ds\n${flags.map((flag) => `.It ${names(flag)}\n${prose(`${flag.describe}.`)}${valueText(flag)}`).join('')}.El\n`;
}

/** As in `.Fl o , -output Ar value`; a name of several letters has its second dash written out. */
function names(flag: FlagDescription): string {
  const value = flag.value === undefined ? '' : ' Ar value';
  const spelled = spellings(flag).filter((name) => !name.startsWith('--no-'));
  const all = spelled.map((name) => `Fl ${escaped(name.slice(1))}`).join(' , ');
  return `${all}${value}${flag.negatable ? ` , Fl ${escaped(`-no-${flag.name}`)}` : ''}`;
}

function valueText({ value, describe }: FlagDescription): string {
  const words = value?.words ?? [];
  const named = words.every((word) => describe.includes(word));
  return named ? '' : prose(`Values: ${words.join(', ')}.`);
}

function exampleList(examples: readonly (readonly [command: string, text: string])[]): string {
  const items = examples.map(
    ([command, text]) => `.It\n${prose(`${sentence(text)}:`)}.Dl ${escaped(command)}\n`,
  );
  return `.Bl -bullet\n${items.join('')}.El\n`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Each sentence begins a line, as mdoc wants it, and none is longer than 80 characters. */
function prose(text: string): string {
  const sentences = text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[^.][.]) (?=[A-Z])/);
  return sentences
    .flatMap((one) => wrap(one, 72, '').split('\n'))
    .map(line)
    .join('');
}

/** A line that begins with no macro. */
function line(text: string): string {
  return `${/^[.']/.test(text) ? '\\&' : ''}${escaped(text)}\n`;
}

/** roff takes - for a hyphen, and has no other characters by itself. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replace(
      /[^\x20-\x7e]/gu,
      (character) => `\\[u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
