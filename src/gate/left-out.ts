import { CLAUSES, type Clause } from '../../contracts/clauses.ts'
import type { ClauseRow, StageName, StageResult } from '../verdict/run-result.ts'

/** What the user kept from running: told wherever the result is, and never held. */
export interface LeftOut {
  readonly stages: readonly StageName[]
  /** Load scenarios, where the load stage runs at all. */
  readonly scenarios: readonly string[]
}

/** The clauses that the specs themselves prove; the others of a pact are proved by replaying it. */
export const PROVED_BY_SPECS: readonly string[] = ['SDK-1', 'SDK-2']

/** Whether a stage has a way to prove a clause. */
export function proves(stage: StageName, { id, proofs }: Clause): boolean {
  switch (stage) {
    case 'contract':
      return PROVED_BY_SPECS.includes(id)
    case 'verify':
      return proofs.includes('contract') && !PROVED_BY_SPECS.includes(id)
    case 'check':
      return proofs.includes('behaviour')
    case 'load':
      return proofs.includes('load')
  }
}

/** The stages that were left out, as a result shows them. */
export function leftOutStages({ stages }: LeftOut): StageResult[] {
  return stages.map((name) => ({
    name,
    verdict: 'not provable here',
    reason: 'left out (gate.stages, --stages)',
    durationMs: 0,
  }))
}

/**
 * A clause that only what was left out could have proved is not provable here. One that a stage of this run should
 * have spoken of stays not evaluated.
 * @param ran the results of the stages that were run
 */
export function withLeftOut(
  rows: readonly ClauseRow[],
  leftOut: LeftOut,
  ran: readonly StageResult[],
): ClauseRow[] {
  return rows.map((row) => {
    const clause = CLAUSES.find(({ id }) => id === row.id)
    if (clause === undefined || row.checks.length > 0) return row
    const chosen = ran.filter(({ name }) => proves(name, clause))
    const missed = leftOut.stages.filter((name) => proves(name, clause))
    if (chosen.length === 0 && missed.length > 0)
      return notProvable(row, `only ${missed.join(' and ')} proves it, which was left out (--stages)`)
    const loadRan = chosen.every(({ name, reason }) => name === 'load' && reason === undefined)
    if (chosen.length > 0 && loadRan && leftOut.scenarios.length > 0)
      return notProvable(
        row,
        `no scenario that was run proves it; left out: ${leftOut.scenarios.join(', ')} (--scenarios)`,
      )
    return row
  })
}

function notProvable(row: ClauseRow, reason: string): ClauseRow {
  return { ...row, verdict: 'not provable here', reason }
}
