import { subjectNames } from '../catalogue/subjects.ts';
import { builtInMappings } from '../decode/mappings.ts';
import { bashCompletion, kubectlCompletion } from '../usage/bash.ts';
import type { ProgramDescription } from '../usage/description.ts';
import { fishCompletion } from '../usage/fish.ts';
import type { Shell } from '../usage/shells.ts';
import { zshCompletion } from '../usage/zsh.ts';
import type { CommandLine } from './command-line.ts';
import { describedProgram } from './described.ts';

const scripts: Readonly<Record<Shell, (program: ProgramDescription) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  kubectl: kubectlCompletion,
};

/** The script that completes the command line, made from the tables that also parse it. */
export function completionScript(shell: Shell, lines: readonly CommandLine[]): string {
  return scripts[shell](describedProgram(lines, subjectNames(builtInMappings())));
}
