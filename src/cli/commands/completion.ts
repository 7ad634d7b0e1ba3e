import { Argument, Command } from 'commander'
import { renderCompletion, SHELLS, type Shell } from '../completion.ts'
import { withExamples } from '../options.ts'

export function completionCommand(): Command {
  const command = new Command('completion')
    .description('print a completion script')
    .addArgument(new Argument('<shell>').choices(SHELLS))
  return withExamples(command, [
    ['auth-harness completion bash > ~/.local/share/bash-completion/completions/auth-harness', ''],
    ['auth-harness completion zsh > ~/.zfunc/_auth-harness', 'with ~/.zfunc in fpath'],
    ['auth-harness completion fish > ~/.config/fish/completions/auth-harness.fish', ''],
  ]).action((shell: Shell) => {
    const program = command.parent
    if (program === null) throw new Error('completion is a command of a program')
    process.stdout.write(renderCompletion(shell, program))
  })
}
