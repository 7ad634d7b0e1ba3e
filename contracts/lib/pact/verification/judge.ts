import type { Part, Problem } from '../../../../src/ocapi/problem.ts'
import type { CheckResult, Failure } from '../../../../src/verdict/check.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import { findClause } from '../../../clauses.ts'
import type { Expectation } from './beyond-pact.ts'
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
  const problems = obstacle !== undefined ? [] : problemsOf(replay, result, episode)
  const unseen = unseenClauses(replay, problems, episode)
  return {
    ...head(replay),
    verdict: obstacle?.verdict ?? (problems.length > 0 ? 'broken' : 'held'),
    ...(obstacle !== undefined && { reason: obstacle.reason }),
    failures: problems.map((problem) => failureOf(problem, replay.clauses)),
    ...(unseen.length > 0 && { unseen }),
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
 * What our own reading finds, then what Pact alone finds: its word for what was found already says nothing new. Pact's
 * are told as they are, since it never saw a secret.
 */
function problemsOf(
  { expectation }: Replay,
  { result, mismatch }: InteractionResult,
  { problems }: Episode,
): Problem[] {
  if (result === 'OK') return problems
  const found = (mismatch?.mismatches ?? []).map((one) => problemOfPact(one, expectation))
  const known = new Set(problems.map(({ about }) => about))
  const others = found.filter(({ about }) => !isExplained(about, known))
  if (problems.length > 0 || found.length > 0) return [...problems, ...others]
  return [{ about: 'status', message: mismatch?.message ?? 'the answer does not match the pact' }]
}

/** With another status everything else is another matter, and what is in a header comes with the header. */
function isExplained(about: Part, known: ReadonlySet<Part>): boolean {
  if (known.has(about) || known.has('status')) return true
  if (about === 'bearer') return known.has('token')
  return about === 'fault type' && known.has('fault')
}

function problemOfPact(found: Mismatch, expectation: Expectation): Problem {
  const { mismatch = 'does not match', path, expected, actual } = found
  // Pact names the header itself.
  const where = isStatus(found) ? 'status: ' : path === undefined ? '' : `${path}: `
  return {
    about: partOf(found, expectation),
    message: `${where}${mismatch}`,
    expected: textOf(expected),
    actual: textOf(actual),
  }
}

function partOf(found: Mismatch, { kind }: Expectation): Part {
  if (isStatus(found)) return 'status'
  if (/authorization/i.test(`${found.path ?? ''} ${found.mismatch ?? ''}`)) return 'bearer'
  if (kind === 'accepted') return 'customer'
  return found.path === '$.fault.type' ? 'fault type' : 'fault'
}

function isStatus({ type }: Mismatch): boolean {
  return type === 'StatusMismatch'
}

function failureOf({ about, message, expected, actual }: Problem, clauses: readonly string[]): Failure {
  const broken = clauses.filter((id) => findClause(id)?.about?.includes(about))
  return {
    message: redactText(message),
    ...(expected !== undefined && { expected: redactText(expected) }),
    ...(actual !== undefined && { actual: redactText(actual) }),
    // What no clause of the interaction is about breaks the interaction as a whole.
    ...(broken.length > 0 && broken.length < clauses.length && { clauses: broken }),
  }
}

/** An answer with a wrong status has nothing of what the right one has, and without the header there is no token. */
function unseenClauses(
  { clauses, expectation }: Replay,
  problems: readonly Problem[],
  { exchanges }: Episode,
): string[] {
  const found = new Set(problems.map(({ about }) => about))
  const hidden = new Set<Part>(found.has('bearer') ? ['token'] : [])
  if (found.has('status')) {
    const status = exchanges[0]?.response?.status ?? 0
    for (const part of ['customer', 'bearer', 'token'] as const) hidden.add(part)
    if (expectation.kind === 'accepted' || status < 400) hidden.add('fault')
  }
  return clauses.filter((id) => {
    const about: readonly Part[] = findClause(id)?.about ?? []
    return about.length > 0 && about.every((part) => hidden.has(part))
  })
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
  const wasJudged = accepted?.verdict === 'held' || accepted?.verdict === 'broken'
  if (wasJudged && accepted.exchanges[0]?.response?.status === 200) return check
  return {
    ...check,
    verdict: accepted?.verdict === 'not provable here' ? accepted.verdict : 'not evaluated',
    reason: `refused as it should be, which shows nothing: "${prerequisite}" was not accepted either`,
  }
}
