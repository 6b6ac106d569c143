import type { CommandDescription, FlagDescription, ProgramDescription, Values } from './description.ts';
import { brief, header, quoted } from './shell.ts';

/** A function of zsh's completion system, for a directory of `fpath` or for `source`. */
export function zshCompletion(program: ProgramDescription): string {
  const { flags, commands } = program;
  return `#compdef ingress2istio kubectl-ingress2istio
${header(program, 'zsh')}
_ingress2istio() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C ${flags.flatMap(specs).join(' ')} '1: :->command' '*:: :->arguments'
  case $state in
    command)
      local -a commands
      commands=(
${commands.map(({ name, describe }) => `        ${quoted(`${name}:${describe.replaceAll(':', '\\:')}`)}\n`).join('')}      )
      _describe command commands
      ;;
    arguments)
      case $line[1] in
${commands.map((command) => commandCase(command, flags)).join('')}      esac
      ;;
  esac
}

# Words that a value begins with.
_ingress2istio_begin() {
  compadd -S '' "$@"
}

_ingress2istio_or_files() {
  _alternative "words:word:($*)" 'files:file:_files'
}

if [[ $funcstack[1] == _ingress2istio ]]; then
  _ingress2istio "$@"
else
  compdef _ingress2istio ingress2istio kubectl-ingress2istio
fi
`;
}

function commandCase(
  { name, flags, first, rest }: CommandDescription,
  common: readonly FlagDescription[],
): string {
  const operands = [
    `'1:${first.files && first.words.length === 0 ? 'input' : 'name'}:${action(first)}'`,
    `'*:input:${action(rest)}'`,
  ];
  const all = [...[...flags, ...common].flatMap(specs), ...operands];
  return `        ${name})
          _arguments \\
${all.map((spec) => `            ${spec}`).join(' \\\n')}
          ;;
`;
}

/** As `_arguments` reads them: `'(-o --output)'{-o,--output=}'[describe]:value:_files'`. */
function specs({ name, alias, describe, value, repeatable, negatable }: FlagDescription): string[] {
  const text = `[${brief(describe).replace(/[[\]\\]/g, '\\$&')}]`;
  const takes = value === undefined ? '' : `:${name}:${action(value)}`;
  const long = `--${name}${value === undefined ? '' : '='}`;
  const star = repeatable ? '*' : '';
  const others = [
    `--${name}`,
    ...(alias === undefined ? [] : [`-${alias}`]),
    ...(negatable ? [`--no-${name}`] : []),
  ];
  const excludes = repeatable || others.length === 1 ? '' : `(${others.join(' ')})`;
  const negated = negatable ? [quoted(`${excludes}--no-${name}[Turn --${name} off]`)] : [];
  return [
    quoted(`${excludes}${star}${long}${text}${takes}`),
    ...(alias === undefined
      ? []
      : [quoted(`${excludes}${star}-${alias}${value === undefined ? '' : '+'}${text}${takes}`)]),
    ...negated,
  ];
}

function action({ words, files }: Values): string {
  if (words.length === 0) return files ? '_files' : ' ';
  const list = `(${words.join(' ')})`;
  if (files) return ` _ingress2istio_or_files ${words.join(' ')}`;
  return words.some((word) => word.endsWith('=')) ? `_ingress2istio_begin ${words.join(' ')}` : list;
}
