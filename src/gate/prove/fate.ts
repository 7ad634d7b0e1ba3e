import type { CheckResult } from '../../verdict/check.ts'
import type { DefectFate, KillMatrix } from '../../verdict/kill-matrix.ts'
import type { Finding } from './child.ts'

export interface DefectInfo {
  readonly id: string
  readonly title: string
  readonly clauses: readonly string[]
  /** Only load shows it. */
  readonly underLoad: boolean
}

/** What the checks of one run against a planted defect say of it. */
export function fateOf(
  defect: DefectInfo,
  { checks, error }: Pick<Finding, 'checks' | 'error'>,
  durationMs: number,
): DefectFate {
  const broken = checks.filter((check) => check.verdict === 'broken')
  const related = broken.filter((check) => check.clauses.some((clause) => defect.clauses.includes(clause)))
  const unrelated = broken.filter((check) => !related.includes(check))
  return {
    id: defect.id,
    title: defect.title,
    clauses: [...defect.clauses],
    fate: verdictOn(related.length, unrelated.length, error !== undefined),
    killedBy: related.map((check) => check.id),
    alsoBroke: unrelated.map((check) => check.id),
    ...(error && { reason: error.message }),
    durationMs,
  }
}

function verdictOn(related: number, unrelated: number, failed: boolean): DefectFate['fate'] {
  if (related > 0) return 'killed'
  if (failed) return 'not evaluated'
  return unrelated > 0 ? 'killed by unrelated checks only' : 'survived'
}

/** A check that is not provable on the embedded provider alarms nobody and can kill nothing. */
export function killMatrix(correct: readonly CheckResult[], fates: readonly DefectFate[]): KillMatrix {
  const able = correct.filter((check) => check.verdict !== 'not provable here')
  const killers = new Set(fates.flatMap((fate) => fate.killedBy))
  return {
    defects: [...fates],
    checks: able.map((check) => check.id),
    falseAlarms: able.filter((check) => check.verdict !== 'held').map((check) => check.id),
    idle: able.filter((check) => !killers.has(check.id)).map((check) => check.id),
  }
}

/** True when the gate has proved itself. */
export function isProved(matrix: KillMatrix): boolean {
  return (
    matrix.defects.length > 0 &&
    matrix.defects.every(({ fate }) => fate === 'killed') &&
    matrix.falseAlarms.length === 0 &&
    matrix.idle.length === 0
  )
}
