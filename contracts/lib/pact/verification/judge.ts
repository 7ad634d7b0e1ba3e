import { isDeepStrictEqual } from 'node:util'
import type { CheckResult, Failure } from '../../../../src/verdict/check.ts'
import { HarnessError } from '../../../../src/verdict/errors.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import type { Episode } from './gateway.ts'
import type { InteractionResult, Mismatch } from './verifier.ts'
import type { Replay } from './verify-pacts.ts'

/**
 * One check an interaction, from what Pact says and what the gateway saw. The verifier replays serially and in the
 * order of its results, so the n-th result belongs to the n-th episode.
 * @param results none when the verifier was interrupted
 */
export function judge(
  replays: readonly Replay[],
  results: readonly InteractionResult[],
  episodes: readonly Episode[],
): CheckResult[] {
  if (results.length > 0) assertAligned(results, episodes)
  const checks = replays.map((replay) => {
    const index = results.findIndex(({ description }) => description === replay.description)
    const result = results[index]
    const episode = episodes[index]
    return result === undefined || episode === undefined
      ? notReplayed(replay)
      : checkOf(replay, result, episode)
  })
  return checks.map((check, index) => afterPrerequisite(check, replays[index]?.prerequisite, checks, replays))
}

function assertAligned(results: readonly InteractionResult[], episodes: readonly Episode[]): void {
  const expected = results.map(({ providerStates }) => providerStates)
  const actual = episodes.map(({ states }) => states)
  if (!isDeepStrictEqual(expected, actual))
    throw new HarnessError(
      'HARNESS',
      'VERIFIER_OUT_OF_STEP',
      "Pact's results are not those of the requests that it sent",
    )
}

function checkOf(replay: Replay, result: InteractionResult, episode: Episode): CheckResult {
  const { obstacle } = episode
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

function head({
  description,
  title,
  clauses,
}: Replay): Pick<CheckResult, 'id' | 'kind' | 'title' | 'clauses'> {
  return { id: `contract/${slug(description)}`, kind: 'contract', title, clauses }
}

function slug(description: string): string {
  return description
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function notReplayed(replay: Replay): CheckResult {
  return {
    ...head(replay),
    verdict: 'not evaluated',
    reason: 'not replayed: the verifier ended before',
    failures: [],
    exchanges: [],
    durationMs: 0,
  }
}

/** The gateway's own findings stand for Pact's mismatches: those come from the answer that it made of them. */
function failuresOf({ result, mismatch }: InteractionResult, { failures }: Episode): Failure[] {
  if (failures.length > 0) return failures
  if (result === 'OK') return []
  const mismatches = (mismatch?.mismatches ?? []).map(failureOf)
  return mismatches.length > 0
    ? mismatches
    : [{ message: redactText(mismatch?.message ?? 'the answer does not match the pact') }]
}

function failureOf({ type, mismatch, path, key, expected, actual }: Mismatch): Failure {
  const where = type === 'StatusMismatch' ? 'status' : (path ?? key ?? type ?? 'answer')
  return {
    message: redactText(`${where}: ${mismatch ?? 'does not match'}`),
    expected: redactText(textOf(expected)),
    actual: redactText(textOf(actual)),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}

/** A refusal shows nothing where the same request, valid, is not accepted either. */
function afterPrerequisite(
  check: CheckResult,
  prerequisite: string | undefined,
  checks: readonly CheckResult[],
  replays: readonly Replay[],
): CheckResult {
  if (prerequisite === undefined || check.verdict !== 'held') return check
  const verdict =
    checks[replays.findIndex(({ description }) => description === prerequisite)]?.verdict ?? 'not evaluated'
  if (verdict === 'held') return check
  return {
    ...check,
    verdict: verdict === 'not provable here' ? verdict : 'not evaluated',
    reason: `refused as it should be, which shows nothing: its prerequisite "${prerequisite}" is ${verdict}`,
  }
}
