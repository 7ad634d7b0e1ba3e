import type { Clause } from '../../../contracts/clauses.ts'
import type { DEFECTS } from '../../target/embedded/defects.ts'
import { CHECK_KINDS, type CheckResult, verdictFor } from '../../verdict/check.ts'
import type { Claim, DefectFate, KillMatrix } from '../../verdict/kill-matrix.ts'
import type { Verdict } from '../../verdict/verdict.ts'
import type { Finding } from './child.ts'

export type DefectInfo = (typeof DEFECTS)[number]

/** What the checks of one run against a planted defect say of it. */
export function fateOf(
  defect: DefectInfo,
  { checks, error }: Pick<Finding, 'checks' | 'error'>,
  durationMs: number,
): DefectFate {
  const about = (check: CheckResult) => check.clauses.filter((clause) => defect.clauses.includes(clause))
  const kills = checks.flatMap((check) =>
    about(check)
      .filter((clause) => verdictFor(check, clause) === 'broken')
      .map((clause): Claim => ({ check: check.id, clause })),
  )
  const killers = new Set(kills.map(({ check }) => check))
  const others = checks.filter((check) => check.verdict === 'broken' && !killers.has(check.id))
  const silent = checks.find((check) => about(check).length > 0 && check.verdict === 'not evaluated')
  const reason = error?.message ?? silent?.reason
  return {
    id: defect.id,
    title: defect.title,
    clauses: [...defect.clauses],
    fate: verdictOn(kills, others, error !== undefined || silent !== undefined),
    killedBy: kills,
    alsoBroke: others.map((check) => check.id),
    ...(kills.length === 0 && reason !== undefined && { reason }),
    durationMs,
  }
}

/** A defect has survived only where everything that could have killed it had its say. */
function verdictOn(
  kills: readonly unknown[],
  others: readonly unknown[],
  silent: boolean,
): DefectFate['fate'] {
  if (kills.length > 0) return 'killed'
  if (silent) return 'not evaluated'
  return others.length > 0 ? 'killed by unrelated checks only' : 'survived'
}

/** A defect after the gate has run against it. */
export interface Examined extends Pick<Finding, 'checks' | 'error'> {
  readonly fate: DefectFate
}

/**
 * What the fates say of the gate. A check that is not provable on the embedded provider alarms nobody and can kill
 * nothing.
 * @param clauses the catalogue, with the ways in which each is to be proved
 * @param exempt clauses of which no defect can prove a claim
 */
export function killMatrix(
  correct: readonly CheckResult[],
  examined: readonly Examined[],
  { clauses, exempt }: { clauses: readonly Clause[]; exempt: KillMatrix['exempt'] },
): KillMatrix {
  const able = correct.filter((check) => check.verdict !== 'not provable here')
  const kinds = new Map(able.map(({ id, kind }) => [id, kind]))
  const claims = able.flatMap(({ id, clauses }) => clauses.map((clause): Claim => ({ check: id, clause })))
  const kills = examined.flatMap(({ fate }) => fate.killedBy)
  const killing = new Set(kills.map(nameOf))
  const isExempt = (clause: string) => exempt.some((entry) => entry.clause === clause)
  const killingNothing = claims.filter((claim) => !isExempt(claim.clause) && !killing.has(nameOf(claim)))
  const isUnheard = (claim: Claim) => examined.some((one) => isSilent(one, claim))
  const unheard = killingNothing.filter(isUnheard)
  const proved = new Set([...kills, ...unheard].map(({ check, clause }) => `${clause} ${kinds.get(check)}`))
  return {
    defects: examined.map(({ fate }) => fate),
    checks: able.map(({ id }) => id),
    claims: claims.length,
    falseAlarms: able.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id),
    unevaluated: able.filter(({ verdict }) => verdict === 'not evaluated').map(({ id }) => id),
    idle: killingNothing.filter((claim) => !isUnheard(claim)),
    unheard,
    idleProofs: clauses
      .filter(({ id }) => !isExempt(id))
      .flatMap(({ id, proofs }) =>
        CHECK_KINDS.filter((kind) => proofs.includes(kind) && !proved.has(`${id} ${kind}`)).map((proof) => ({
          clause: id,
          proof,
        })),
      ),
    exempt: [...exempt],
  }
}

/** Whether a claim may yet kill a defect: it is about a clause of it, and its check has given no verdict. */
export function isSilent({ fate, checks, error }: Examined, { check, clause }: Claim): boolean {
  if (!fate.clauses.includes(clause)) return false
  const said = checks.find(({ id }) => id === check)
  return said === undefined ? error !== undefined : said.verdict === 'not evaluated'
}

function nameOf({ check, clause }: Claim): string {
  return `${clause} ${check}`
}

/**
 * Held: the gate has proved itself, since every defect is killed by a check that finds a clause of it broken, every
 * claim of a check and every way of proof kills, and the correct provider alarms none. Without a defect, or where
 * something gave no verdict, nothing is proved.
 */
export function proofOf(matrix: KillMatrix): Verdict {
  const { defects, falseAlarms, unevaluated, idle, unheard, idleProofs } = matrix
  const fates = new Set(defects.map(({ fate }) => fate))
  if (fates.has('survived') || fates.has('killed by unrelated checks only') || falseAlarms.length > 0)
    return 'broken'
  if (fates.size === 0 || fates.has('not evaluated') || unevaluated.length > 0 || unheard.length > 0)
    return 'not evaluated'
  return idle.length > 0 || idleProofs.length > 0 ? 'broken' : 'held'
}

/**
 * What two runs say together: a verdict that one of them gave, and broken where one of them found it so. What a busy
 * machine kept from a verdict may be run again, and nothing that was found is lost.
 */
export function together(before: Finding, now: Finding): Finding {
  const found = new Map(before.checks.map((check) => [check.id, check]))
  for (const check of now.checks) {
    const earlier = found.get(check.id)
    const stands =
      earlier?.verdict === 'broken' || (earlier?.verdict === 'held' && check.verdict !== 'broken')
    if (!stands) found.set(check.id, check)
  }
  return { checks: [...found.values()], error: before.error && now.error }
}
