import {
  type CommandDescription,
  type ProgramDescription,
  spellings,
  spellingsWithValue,
  type Values,
} from './description.ts';
import { header, quoted } from './shell.ts';

/** A script for `source` that completes `ingress2istio` in bash 3.2 and newer. */
export function bashCompletion(program: ProgramDescription): string {
  return `${header(program, 'bash')}${candidates(program)}
_ingress2istio() {
  local i word words=() candidates= files= typed
  # bash also divides words at = and :.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ \${#words[@]} -gt 0 && ($word == [=:]* || \${COMP_WORDS[i - 1]} == [=:]) ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  _ingress2istio_candidates "\${words[@]}"
  word=\${words[\${#words[@]} - 1]}
  [[ $word == --*=* ]] && word=\${word#*=}
  COMPREPLY=($(compgen -W "$candidates" -- "$word"))
  # Without candidates, readline completes files.
  [[ -n $files ]] || compopt +o default 2> /dev/null
  [[ \${#COMPREPLY[@]} -gt 0 && $files ]] && COMPREPLY+=($(IFS=$'\\n' compgen -f -- "$word"))
  [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2> /dev/null
  # Readline replaces only the part after the last = or :.
  typed=\${word%"\${word##*[=:]}"}
  [[ -z $typed ]] || COMPREPLY=("\${COMPREPLY[@]#"$typed"}")
}

complete -o default -F _ingress2istio ingress2istio kubectl-ingress2istio
`;
}

/** The program by which kubectl completes the plugin: it gets the words, and prints candidates and a directive of Cobra. */
export function kubectlCompletion(program: ProgramDescription): string {
  return `#!/usr/bin/env bash
${header(program, 'kubectl, which runs it as kubectl_complete-ingress2istio')}${candidates(program)}
candidates= files=
_ingress2istio_candidates "$@"
word=\${@: -1}
[[ $word == --*=* ]] && word=\${word#*=}
found=$(compgen -W "$candidates" -- "$word")
[[ -z $found ]] || printf '%s\\n' "$found"
# Cobra's directives: 2 is no space, 4 no files.
directive=0
[[ $found == *= ]] && directive=2
[[ -n $files ]] || directive=$((directive + 4))
printf ':%s\\n' "$directive"
`;
}

/** Two functions that know the tables; what they find goes into variables of their caller. */
function candidates({ flags, commands }: ProgramDescription): string {
  const any = [...flags.flatMap(spellings)].join(' ');
  return `
# Sets candidates and files for the value of flag $2 of command $1; fails where the flag takes none.
_ingress2istio_value() {
  case $1 in
${commands.map(valueCases).join('')}    *) return 1 ;;
  esac
}

# Sets candidates and files for the last of the given words, which follow the program's name.
_ingress2istio_candidates() {
  local current previous= command= position=0 word
  while [[ $# -gt 1 ]]; do
    word=$1
    shift
    if [[ -z $command ]]; then
      [[ $word == -* ]] || command=$word
    elif [[ $word != -* ]] && ! _ingress2istio_value "$command" "$previous"; then
      position=$((position + 1))
    fi
    previous=$word
  done
  current=$1
  [[ $current == --*=* ]] && previous=\${current%%=*}
  candidates= files=
  _ingress2istio_value "$command" "$previous" && return
  candidates=
  if [[ -z $command ]]; then
    candidates=${quoted(`${commands.map(({ name }) => name).join(' ')} ${any}`)}
    return
  fi
  case $command:$current in
${commands.map(({ name, flags: own }) => `    ${name}:-*) candidates=${quoted(`${own.flatMap(spellings).join(' ')} ${any}`)} ;;\n`).join('')}  esac
  [[ $current == -* ]] && return
  case $command:$position in
${commands.map(operandCases).join('')}  esac
}
`;
}

function valueCases({ name, flags }: CommandDescription): string {
  const names = new Map<string, string[]>();
  for (const flag of flags) {
    if (flag.value === undefined) continue;
    const taken = assignments(flag.value);
    names.set(taken, [...(names.get(taken) ?? []), ...spellingsWithValue(flag)]);
  }
  if (names.size === 0) return '';
  const cases = [...names].map(([taken, spelled]) => `        ${spelled.join(' | ')}) ${taken} ;;\n`);
  return `    ${name})
      case $2 in
${cases.join('')}        *) return 1 ;;
      esac
      ;;
`;
}

function operandCases({ name, first, rest }: CommandDescription): string {
  return `    ${name}:0) ${assignments(first)} ;;\n    ${name}:*) ${assignments(rest)} ;;\n`;
}

function assignments({ words, files }: Values): string {
  return `candidates=${quoted(words.join(' '))} files=${files ? '1' : ''}`;
}
