import { Command } from 'commander'
import { checkStage } from '../../gate/stages/check.ts'
import { type RunOptions, withExamples, withSharedOptions } from '../options.ts'
import { type SelectionOptions, selectedClauses, withSelection } from '../selection.ts'
import { runSession } from '../session.ts'

export function checkCommand(): Command {
  const command = new Command('check')
    .description('the stateful checks: what one request cannot show')
    .option('--defect <id>', 'plant a defect in the embedded provider')
  return withExamples(withSharedOptions(withSelection(command), ['deployment', 'run']), [
    ['auth-harness check', 'all of them'],
    ['auth-harness check --clause LOCK-1', 'those that prove one clause'],
    [
      'auth-harness check --grep session --bail --verbose',
      'some, to the first that is broken, with exchanges',
    ],
  ]).action(async (options: RunOptions & SelectionOptions & { defect?: string }) => {
    const clauses = selectedClauses(options.clause, ['check'])
    await runSession(options, () => ({
      command: 'check',
      stages: [checkStage({ clauses, grep: options.grep })],
      ...(clauses && { asked: new Set(clauses) }),
    }))
  })
}
