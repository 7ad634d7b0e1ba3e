import { Command } from 'commander'
import { CLAUSES, findClause } from '../../../contracts/clauses.ts'
import { checkStage } from '../../gate/stages/check.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { suggestion } from '../../verdict/suggestion.ts'
import { type RunOptions, withExamples, withSharedOptions } from '../options.ts'
import { runSession } from '../session.ts'

export function checkCommand(): Command {
  const command = new Command('check')
    .description('the stateful checks: what one request cannot show')
    .option('--clause <id...>', 'only the checks that prove these clauses')
    .option('--defect <id>', 'plant a defect in the embedded provider')
  return withExamples(withSharedOptions(command, ['deployment', 'run']), [
    ['auth-harness check', 'all of them'],
    ['auth-harness check --clause LOCK-1', 'those that prove one clause'],
  ]).action(async (options: RunOptions & { clause?: string[]; defect?: string }) => {
    const clauses = options.clause?.map(knownClause)
    await runSession(options, () => ({
      command: 'check',
      stages: [checkStage(clauses ? { clauses } : {})],
      ...(clauses && { asked: new Set(clauses) }),
    }))
  })
}

function knownClause(text: string): string {
  const clause = findClause(text.toUpperCase())
  if (clause === undefined) {
    throw new HarnessError(
      'CONFIG',
      'UNKNOWN_CLAUSE',
      `--clause: no clause has the id "${text}"${suggestion(
        text.toUpperCase(),
        CLAUSES.map(({ id }) => id),
      )}`,
      {
        remedy: `the clauses are ${CLAUSES.map(({ id }) => id).join(', ')}`,
      },
    )
  }
  return clause.id
}
