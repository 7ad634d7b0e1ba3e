import { CLAUSES, type Clause } from '../../contracts/clauses.ts'
import { type CheckResult, isAbout, verdictFor } from '../verdict/check.ts'
import type { ClauseRow } from '../verdict/run-result.ts'
import { combineVerdicts, type Verdict } from '../verdict/verdict.ts'

export interface KnownFailure {
  readonly clause: string
  readonly reason: string
}

/**
 * One row a clause: what the checks that name it say of it together.
 * @param asked ids of the clauses that this run was to prove; one that no check spoke of is not evaluated
 */
export function clauseTable(
  checks: readonly CheckResult[],
  asked: ReadonlySet<string>,
  knownFailures: readonly KnownFailure[] = [],
): ClauseRow[] {
  return CLAUSES.filter((clause) => asked.has(clause.id)).map((clause) =>
    row(
      clause,
      checks.filter((check) => check.clauses.includes(clause.id)),
      knownFailures.find((failure) => failure.clause === clause.id),
    ),
  )
}

function row(clause: Clause, checks: readonly CheckResult[], known: KnownFailure | undefined): ClauseRow {
  const verdict = combineVerdicts(checks.map((check) => verdictFor(check, clause.id)))
  const reason = rowReason(clause.id, verdict, checks)
  return {
    id: clause.id,
    text: clause.text,
    source: clause.source,
    severity: clause.severity,
    verdict,
    ...(reason && { reason }),
    checks: checks.map((check) => check.id),
    ...(known && { knownFailure: known.reason }),
  }
}

/** Why a clause is not simply held: the distinct reasons of the checks that gave it its verdict, or that could not speak. */
function rowReason(clauseId: string, verdict: Verdict, checks: readonly CheckResult[]): string | undefined {
  if (checks.length === 0) return 'no check spoke of it in this run'
  const speaking = checks.filter((check) =>
    verdict === 'held' ? check.verdict === 'not provable here' : verdictFor(check, clauseId) === verdict,
  )
  const reasons = speaking
    .map((check) => check.failures.find((failure) => isAbout(failure, clauseId))?.message ?? check.reason)
    .filter((reason) => reason !== undefined)
  const text = [...new Set(reasons)].join('; ')
  if (text === '') return undefined
  return verdict === 'held' ? `in part not provable here: ${text}` : text
}

/**
 * What a row counts for in the verdict of the run. A known failure does not fail it; an entry of the configuration
 * whose clause no longer fails does, or the list would outlive its reasons.
 */
export function countsAs(row: ClauseRow): Verdict {
  if (row.knownFailure === undefined) return row.verdict
  if (row.verdict === 'broken') return 'held'
  return row.verdict === 'held' ? 'broken' : row.verdict
}
