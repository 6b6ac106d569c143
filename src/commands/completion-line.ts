import { UsageError } from '../domain/errors.ts';
import { visible } from '../text/escape.ts';
import { shells } from '../usage/shells.ts';
import type { CommandLine } from './command-line.ts';
import { writeStdout } from './terminal.ts';

/** @param lines the commands that are completed, with this one */
export const completionLine = (lines: () => readonly CommandLine[]): CommandLine => ({
  name: 'completion',
  describe: 'Print a script that completes commands, flags, and names in your shell',
  flags: [],
  operands: { first: shells, files: false },
  declare: (command, { program }) =>
    command
      .usage(
        `${program} completion ${shells.join('|')}\n\nPrints a script that completes commands, flags, their values, and what explain explains. The script starts no program.`,
      )
      .example(`source <(${program} completion bash)`, 'In this bash; the same for zsh')
      .example(`${program} completion fish > ~/.config/fish/completions/ingress2istio.fish`, 'For every fish')
      .example(
        `${program} completion kubectl > ~/bin/kubectl_complete-ingress2istio`,
        'For the plugin: make it executable, in a directory of your PATH',
      ),
  async run(parsed, terminal) {
    const [word, ...more] = parsed._.slice(1).map(String);
    const shell = shells.find((name) => name === word);
    if (shell === undefined || more.length > 0)
      throw new UsageError(
        word === undefined || more.length > 0
          ? 'One shell is needed.'
          : `There is no completion for ${JSON.stringify(visible(word, 80))}.`,
        `It takes one of: ${shells.join(', ')}.`,
      );
    const { completionScript } = await import('./completion.ts');
    await writeStdout(terminal, completionScript(shell, lines()));
    return 0;
  },
});
