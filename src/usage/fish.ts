import {
  type CommandDescription,
  type FlagDescription,
  type ProgramDescription,
  spellingsWithValue,
  type Values,
} from './description.ts';
import { brief, header } from './shell.ts';

/** A script for fish's completions directory, or for `source`. */
export function fishCompletion(program: ProgramDescription): string {
  const { flags, commands } = program;
  return `${header(program, 'fish')}
# Whether the line has this command ('' is none yet), and with "first" or "rest", whether a word follows it.
function __ingress2istio_at
    set -l words (commandline -opc)[2..-1]
    set -l valued ${withValue(commands)}
    set -l operands
    set -l previous
    for word in $words
        string match -q -- '-*' $word; or contains -- "$previous" $valued; or set -a operands $word
        set previous $word
    end
    test "$operands[1]" = "$argv[1]"; or return 1
    switch "$argv[2]"
        case first
            test (count $operands) -eq 1
        case rest
            test (count $operands) -gt 1
    end
end

complete -c ingress2istio -f
${flags.map((flag) => flagLines('', flag)).join('')}${commands.map(({ name, describe }) => line(at(''), `-a ${name} -d ${word(describe)}`)).join('')}${commands.map(commandLines).join('')}
complete -c kubectl-ingress2istio -w ingress2istio
`;
}

/** Flags that a value follows; none is without one in another command. */
function withValue(commands: readonly CommandDescription[]): string {
  return [...new Set(commands.flatMap(({ flags }) => flags.flatMap(spellingsWithValue)))].sort().join(' ');
}

function commandLines({ name, flags, first, rest }: CommandDescription): string {
  const firstWords =
    first.words.length === 0 ? '' : line(at(`${name} first`), `-a ${word(first.words.join(' '))}`);
  const files = rest.files ? line(at(first.files ? name : `${name} rest`), '-F') : '';
  return `\n${flags.map((flag) => flagLines(at(name), flag)).join('')}${firstWords}${files}`;
}

function flagLines(condition: string, { name, alias, describe, value, negatable }: FlagDescription): string {
  const short = alias === undefined ? '' : `-s ${alias} `;
  const text = `-d ${word(brief(describe))}`;
  const negated = negatable ? line(condition, `-l no-${name} -d ${word(`Turn --${name} off`)}`) : '';
  return `${line(condition, `${short}-l ${name} ${taken(value)}${text}`)}${negated}`;
}

function taken(value: Values | undefined): string {
  if (value === undefined) return '';
  const words = value.words.length === 0 ? '' : `-a ${word(value.words.join(' '))} `;
  return `-r ${value.files ? '-F' : '-f'} ${words}`;
}

function line(condition: string, rest: string): string {
  return `complete -c ingress2istio ${condition}${rest}\n`;
}

function at(words: string): string {
  return `-n ${word(`__ingress2istio_at ${words === '' ? "''" : words}`)} `;
}

function word(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
