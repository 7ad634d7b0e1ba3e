import type { CheckResult, Failure } from '../../../../src/verdict/check.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import { type Episode, type Obstacle, outOfStep } from './gateway.ts'
import type { InteractionResult, Mismatch } from './verifier.ts'
import type { Replay } from './verify-pacts.ts'

/**
 * One check an interaction, from what Pact says and what the gateway saw, both in the order of the interactions.
 * @param results undefined when the verifier was interrupted
 * @throws {HarnessError} HARNESS `VERIFIER_OUT_OF_STEP`
 */
export function judge(
  replays: readonly Replay[],
  results: readonly InteractionResult[] | undefined,
  episodes: readonly Episode[],
): CheckResult[] {
  if (results === undefined) return replays.map(interrupted)
  if (results.length !== replays.length) throw outOfStep()
  const checks = replays.map((replay, index) => {
    const result = results[index]
    const episode = episodes[index]
    if (result?.description !== replay.description || episode === undefined) throw outOfStep()
    return checkOf(replay, result, episode)
  })
  const judged = checks.map((check, index) =>
    afterPrerequisite(check, replays[index]?.prerequisite, checks, replays),
  )
  return judged.map((check, index) => withUniqueId(check, judged.slice(0, index)))
}

/** Two pacts may hold interactions of one description. */
function withUniqueId(check: CheckResult, before: readonly CheckResult[]): CheckResult {
  const same = before.filter(({ title }) => title === check.title).length
  return same === 0 ? check : { ...check, id: `${check.id}-${same + 1}` }
}

function checkOf(replay: Replay, result: InteractionResult, episode: Episode): CheckResult {
  const obstacle = episode.obstacle ?? notSent(result, episode)
  const failures = obstacle !== undefined ? [] : failuresOf(result, episode)
  return {
    ...head(replay),
    verdict: obstacle?.verdict ?? (failures.length > 0 ? 'broken' : 'held'),
    ...(obstacle !== undefined && { reason: obstacle.reason }),
    failures,
    exchanges: episode.exchanges,
    durationMs: episode.durationMs,
  }
}

function notSent({ mismatch }: InteractionResult, { exchanges }: Episode): Obstacle | undefined {
  if (exchanges.length > 0) return undefined
  return {
    verdict: 'not evaluated',
    reason: `Pact sent no request: ${redactText(mismatch?.message ?? 'it says not why')}`,
  }
}

function head({
  description,
  title,
  clauses,
}: Replay): Pick<CheckResult, 'id' | 'kind' | 'title' | 'clauses'> {
  return { id: checkId(description), kind: 'contract', title, clauses }
}

/** The id of the check that an interaction is. */
export function checkId(description: string): string {
  return `contract/${slug(description)}`
}

function slug(description: string): string {
  return description
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function interrupted(replay: Replay): CheckResult {
  return {
    ...head(replay),
    verdict: 'not evaluated',
    reason: 'interrupted',
    failures: [],
    exchanges: [],
    durationMs: 0,
  }
}

/**
 * Pact's mismatches and what it cannot state. Pact's are told as they are, since it never saw a secret; the status
 * first, which explains the others.
 */
function failuresOf({ result, mismatch }: InteractionResult, { failures }: Episode): Failure[] {
  if (result === 'OK') return failures
  const mismatches = (mismatch?.mismatches ?? []).toSorted(
    (a, b) => Number(isStatus(b)) - Number(isStatus(a)),
  )
  const found =
    mismatches.length > 0
      ? mismatches.map(failureOf)
      : [{ message: mismatch?.message ?? 'the answer does not match the pact' }]
  return [...found, ...failures]
}

function isStatus({ type }: Mismatch): boolean {
  return type === 'StatusMismatch'
}

function failureOf(found: Mismatch): Failure {
  const { mismatch = 'does not match', path, expected, actual } = found
  // Pact names the header itself.
  const where = isStatus(found) ? 'status: ' : path === undefined ? '' : `${path}: `
  return { message: `${where}${mismatch}`, expected: textOf(expected), actual: textOf(actual) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}

/** A refusal shows nothing where the same request, valid, is not accepted either, whatever else is wrong with its answer. */
function afterPrerequisite(
  check: CheckResult,
  prerequisite: string | undefined,
  checks: readonly CheckResult[],
  replays: readonly Replay[],
): CheckResult {
  if (prerequisite === undefined || check.verdict !== 'held') return check
  const accepted = checks[replays.findIndex(({ description }) => description === prerequisite)]
  const status = accepted?.exchanges.at(-1)?.response?.status
  if (status !== undefined && status < 400) return check
  return {
    ...check,
    verdict: accepted?.verdict === 'not provable here' ? accepted.verdict : 'not evaluated',
    reason: `refused as it should be, which shows nothing: "${prerequisite}" was not accepted either`,
  }
}
