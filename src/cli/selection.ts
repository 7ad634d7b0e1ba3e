import type { Command } from 'commander'
import { CLAUSES, findClause } from '../../contracts/clauses.ts'
import { proves } from '../gate/left-out.ts'
import { HarnessError } from '../verdict/errors.ts'
import { STAGES, type StageName } from '../verdict/run-result.ts'
import { suggestion } from '../verdict/suggestion.ts'

/** What of a command's checks is run, and how much is told of it. */
export interface SelectionOptions {
  readonly clause?: readonly string[]
  readonly grep?: string
  readonly list?: true
  readonly bail?: true
  readonly verbose?: true
}

export function withSelection(command: Command): Command {
  return command
    .optionsGroup('Selection:')
    .option('--clause <id...>', 'only what proves these clauses')
    .option('--grep <text>', 'only checks and interactions whose id or title contains this, in any case')
    .option('--list', 'print what would be run, and run nothing')
    .option('--bail', 'stop at the first that is broken')
    .option('--verbose', 'print every exchange on standard error, redacted')
}

/**
 * The clauses that `--clause` names, in any case.
 * @param stages those of the command
 * @throws {HarnessError} CONFIG `UNKNOWN_CLAUSE`, or `CLAUSE_OF_OTHER_STAGE` where none of the stages proves one
 */
export function selectedClauses(
  ids: readonly string[] | undefined,
  stages: readonly StageName[],
): string[] | undefined {
  return ids?.map((text) => {
    const clause = findClause(text.toUpperCase())
    const known = CLAUSES.map(({ id }) => id)
    if (clause === undefined)
      throw new HarnessError(
        'CONFIG',
        'UNKNOWN_CLAUSE',
        `--clause: no clause has the id "${text}"${suggestion(text.toUpperCase(), known)}`,
        { remedy: `the clauses are ${known.join(', ')}` },
      )
    if (!stages.some((stage) => proves(stage, clause))) {
      const others = STAGES.filter((stage) => proves(stage, clause))
      throw new HarnessError(
        'CONFIG',
        'CLAUSE_OF_OTHER_STAGE',
        `--clause: ${stages.join(', ')} does not prove ${clause.id}; ${others.join(' and ')} does`,
        { remedy: `run auth-harness ${others[0] === 'load' ? 'load SCENARIO' : others[0]}` },
      )
    }
    return clause.id
  })
}
