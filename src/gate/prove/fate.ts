import type { DEFECTS } from '../../target/embedded/defects.ts'
import type { CheckResult } from '../../verdict/check.ts'
import type { DefectFate, KillMatrix } from '../../verdict/kill-matrix.ts'
import type { Verdict } from '../../verdict/verdict.ts'
import type { Finding } from './child.ts'

export type DefectInfo = (typeof DEFECTS)[number]

/** What the checks of one run against a planted defect say of it. */
export function fateOf(
  defect: DefectInfo,
  { checks, error }: Pick<Finding, 'checks' | 'error'>,
  durationMs: number,
): DefectFate {
  const names = (check: CheckResult) => check.clauses.some((clause) => defect.clauses.includes(clause))
  const broken = checks.filter((check) => check.verdict === 'broken')
  const killers = broken.filter(names)
  const others = broken.filter((check) => !names(check))
  const silent = checks.find((check) => names(check) && check.verdict === 'not evaluated')
  const reason = error?.message ?? silent?.reason
  return {
    id: defect.id,
    title: defect.title,
    clauses: [...defect.clauses],
    fate: verdictOn(killers, others, error !== undefined || silent !== undefined),
    killedBy: killers.map((check) => check.id),
    alsoBroke: others.map((check) => check.id),
    ...(killers.length === 0 && reason !== undefined && { reason }),
    durationMs,
  }
}

/** A defect has survived only where everything that could have killed it had its say. */
function verdictOn(
  killers: readonly unknown[],
  others: readonly unknown[],
  silent: boolean,
): DefectFate['fate'] {
  if (killers.length > 0) return 'killed'
  if (silent) return 'not evaluated'
  return others.length > 0 ? 'killed by unrelated checks only' : 'survived'
}

/** A check that is not provable on the embedded provider alarms nobody and can kill nothing. */
export function killMatrix(correct: readonly CheckResult[], fates: readonly DefectFate[]): KillMatrix {
  const able = correct.filter((check) => check.verdict !== 'not provable here')
  const killers = new Set(fates.flatMap((fate) => fate.killedBy))
  return {
    defects: [...fates],
    checks: able.map((check) => check.id),
    falseAlarms: able.filter((check) => check.verdict === 'broken').map((check) => check.id),
    unevaluated: able.filter((check) => check.verdict === 'not evaluated').map((check) => check.id),
    idle: able.filter((check) => !killers.has(check.id)).map((check) => check.id),
  }
}

/**
 * Held: the gate has proved itself, since every defect is killed by a check that names a clause of it, every check
 * kills, and the correct provider alarms none. Without a defect, or where something gave no verdict, nothing is proved.
 */
export function proofOf({ defects, falseAlarms, unevaluated, idle }: KillMatrix): Verdict {
  const fates = new Set(defects.map(({ fate }) => fate))
  if (fates.has('survived') || fates.has('killed by unrelated checks only') || falseAlarms.length > 0)
    return 'broken'
  if (fates.size === 0 || fates.has('not evaluated') || unevaluated.length > 0) return 'not evaluated'
  return idle.length > 0 ? 'broken' : 'held'
}
