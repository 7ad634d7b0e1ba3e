import { findClause } from '../../contracts/clauses.ts'
import { NO_DOCUMENT } from '../ocapi/response.ts'
import type { CheckResult, Failure } from '../verdict/check.ts'
import type { LoadResult } from '../verdict/load-result.ts'

/**
 * What a load run proves.
 * - A k6 check whose name begins with clause ids (`TOKEN-1 TOKEN-2: …`) proves those clauses; any other check is
 *   part of LOAD-1, since k6 itself lets a failed check pass that no threshold names.
 * - The thresholds prove LOAD-1, but for those on `checks`, whose counts are judged by name already.
 *   With them goes that every iteration ran to its end: one that threw, or was cut off, checked nothing.
 *
 * What is no document of the API (`foreignAnswers`) proves and breaks nothing.
 *
 * A generator that was saturated did not apply the load that was asked for, so nothing held under it is proved;
 * a wrong answer is wrong under any load, so what a named check found broken stays broken.
 */
export function loadChecks(load: LoadResult): CheckResult[] {
  const checks = [...namedChecks(load), thresholdCheck(load)]
  const doubt = doubtOf(load)
  return doubt === undefined ? checks : checks.map((check) => doubted(check, doubt, load))
}

/** A run that says nothing, for no fault of the target's: the same again may say something. What is broken stays so. */
export function isInconclusive(load: LoadResult, checks: readonly CheckResult[]): boolean {
  return load.generator.saturated.length > 0 && !checks.some(({ verdict }) => verdict === 'broken')
}

const CLAUSE_PREFIX = /^((?:[A-Z]+-\d+)(?:[ ,]+[A-Z]+-\d+)*):\s*(.+)$/s

/** The clauses that a k6 check's name begins with, and the sentence behind them. */
export function parseCheckName(name: string): { clauses: string[]; title: string } {
  const match = CLAUSE_PREFIX.exec(name)
  if (match?.[1] === undefined || match[2] === undefined) return { clauses: [], title: name }
  return { clauses: match[1].split(/[ ,]+/), title: match[2] }
}

export function namedChecks(load: LoadResult): CheckResult[] {
  return load.checks
    .filter(({ name }) => !isForeign(name))
    .map(({ name, passes, fails }) => {
      const { clauses, title } = parseCheckName(name)
      const known = clauses.filter((id) => findClause(id) !== undefined)
      const total = passes + fails
      return {
        ...base(load, slug(name), title),
        exchanges:
          fails > 0 ? samplesOf(load, (sample) => sample.of === 'check' && sample.name === name) : [],
        clauses: known.length > 0 ? known : ['LOAD-1'],
        verdict: total === 0 ? 'not evaluated' : fails > 0 ? 'broken' : 'held',
        ...(total === 0 && { reason: 'the check was never made' }),
        failures:
          fails > 0
            ? [
                {
                  message: `${title}: ${fails} of ${total} failed`,
                  expected: `${total} of ${total}`,
                  actual: `${passes} of ${total}`,
                },
              ]
            : [],
      }
    })
}

/** One check, since a threshold over iterations that threw, or were cut off, has not measured what it says. */
function thresholdCheck(load: LoadResult): CheckResult {
  const thresholds = load.thresholds.filter(({ metric }) => metric.replace(/\{.*/s, '') !== 'checks')
  const foreign = foreignReason(load)
  const crossed = crossedThresholds(thresholds)
  const unanswered = unansweredRequests(load)
  const failures = [
    ...(foreign !== undefined && failedRequests(load) <= foreignCount(load) ? [] : crossed),
    ...unfinishedIterations(load),
    ...(unanswered === undefined ? [] : [unanswered]),
  ]
  const reason = foreignDoubt(load, crossed) ?? silence(load, thresholds)
  const verdict = failures.length > 0 ? 'broken' : reason === undefined ? 'held' : 'not evaluated'
  return {
    ...base(
      load,
      'thresholds',
      `${load.scenario} holds its thresholds under the profile ${load.profile}, and every iteration runs to its end`,
    ),
    clauses: ['LOAD-1'],
    verdict,
    ...(verdict === 'not evaluated' && { reason }),
    failures,
    exchanges: verdict === 'broken' ? samplesOf(load, (sample) => sample.of === 'request') : [],
  }
}

type Threshold = LoadResult['thresholds'][number]

export function crossedThresholds(thresholds: readonly Threshold[]): Failure[] {
  return thresholds
    .filter((threshold) => threshold.verdict === 'broken')
    .map(({ metric, expression, actual }) => ({
      message: `threshold crossed: ${metric} ${expression}`,
      expected: expression,
      ...(actual !== undefined && { actual: String(actual) }),
    }))
}

/** Why thresholds that were not crossed say nothing, where they do not. */
function silence(load: LoadResult, thresholds: readonly Threshold[]): string | undefined {
  return thresholds.length === 0 ? 'the scenario has no thresholds' : samplesMissing(load, thresholds)
}

/** Why there is nothing that thresholds could judge, where it is so. */
export function samplesMissing(
  { iterations }: LoadResult,
  thresholds: readonly Threshold[],
): string | undefined {
  if (iterations.completed + iterations.failed + iterations.interrupted === 0) return 'no iteration ran'
  const empty = thresholds.filter(({ verdict }) => verdict !== 'held').map(({ metric }) => metric)
  return empty.length === 0 ? undefined : `no samples: ${[...new Set(empty)].join(', ')}`
}

const ENDS = {
  abort: 'the script aborted the run',
  fail: 'the script marked the run as failed',
  teardown: 'the run was not cleaned up after',
} as const

export function unfinishedIterations(load: LoadResult): Failure[] {
  const { failed, interrupted } = load.iterations
  const failures: Failure[] = []
  if (failed > 0) {
    const first = load.exceptions[0]?.message
    failures.push({
      message: `${failed} iterations ended by an exception${first === undefined ? '' : `: ${first}`}`,
      expected: '0',
      actual: String(failed),
    })
  }
  if (interrupted > 0 && !load.interrupted) {
    failures.push({
      message: `${interrupted} iterations were cut off by the end of gracefulStop`,
      expected: '0',
      actual: String(interrupted),
    })
  }
  if (load.stopped !== undefined && load.stopped.by !== 'threshold') {
    failures.push({ message: `${ENDS[load.stopped.by]}: ${load.stopped.reason}` })
  }
  return failures
}

interface ForeignAnswers {
  readonly kind: string
  readonly count: number
}

const FOREIGN = `${NO_DOCUMENT}: `

function isForeign(name: string): boolean {
  return name.startsWith(FOREIGN)
}

/**
 * The answers of a run that are no document of the API, by kind such as `429 text/html`, the most frequent first. The
 * scripts count them as checks, which always fail.
 */
function foreignAnswers({ checks }: Pick<LoadResult, 'checks'>): ForeignAnswers[] {
  return checks
    .filter(({ name, fails }) => isForeign(name) && fails > 0)
    .map(({ name, fails }) => ({ kind: name.slice(FOREIGN.length), count: fails }))
    .sort((one, other) => other.count - one.count)
}

/** The result with these answers as `foreign`, and out of its checks. */
export function separateForeign(load: LoadResult): LoadResult {
  const foreign = foreignAnswers(load)
  if (foreign.length === 0) return load
  return { ...load, checks: load.checks.filter(({ name }) => !isForeign(name)), foreign }
}

function foreignCount({ foreign = [] }: LoadResult): number {
  return foreign.reduce((sum, { count }) => sum + count, 0)
}

function failedRequests({ metrics }: LoadResult): number {
  return metrics.http_req_failed?.values.passes ?? 0
}

function foreignReason({ foreign = [] }: LoadResult): string | undefined {
  if (foreign.length === 0) return undefined
  return `answers that are ${NO_DOCUMENT}: ${foreign.map(({ kind, count }) => `${kind}: ${count}`).join(', ')}`
}

/**
 * Why thresholds say nothing of the API in a run with answers that are not its own: they were crossed by no more
 * requests than those; or some of those did not count as failed requests, as a login page with 200 does not; or
 * there was nothing else.
 */
function foreignDoubt(load: LoadResult, crossed: readonly Failure[]): string | undefined {
  const reason = foreignReason(load)
  if (reason === undefined) return undefined
  const nothingElse = load.checks.every(({ passes, fails }) => passes + fails === 0)
  return crossed.length > 0 || nothingElse || failedRequests(load) < foreignCount(load) ? reason : undefined
}

/** From here on k6's error codes are those of answers: 1000 plus the status. */
const FIRST_ANSWER_CODE = 1400

/**
 * Requests that got no answer. Refused ones count 0 ms in k6's durations, so an outage would improve a percentile:
 * unless a threshold on the failed requests judges them, they are a failure by themselves.
 */
export function unansweredRequests({ errors, thresholds }: LoadResult): Failure | undefined {
  const unanswered = errors.filter(({ code }) => code < FIRST_ANSWER_CODE)
  if (unanswered.length === 0) return undefined
  if (thresholds.some(({ metric }) => metric.replace(/\{.*/s, '') === 'http_req_failed')) return undefined
  const kinds = unanswered.map(({ code, message, count }) => `${count} × ${code} ${message}`)
  return {
    message: `requests got no answer, and no threshold on http_req_failed judges them: ${kinds.join('; ')}`,
    expected: '0',
    actual: String(unanswered.reduce((sum, { count }) => sum + count, 0)),
  }
}

/** The evidence of a failure under load: examples. */
export function samplesOf(
  { samples }: LoadResult,
  isOf: (sample: LoadResult['samples'][number]) => boolean,
): CheckResult['exchanges'] {
  return samples.filter(isOf).map(({ exchange }) => exchange)
}

export function base(load: LoadResult, name: string, title: string) {
  return {
    id: `load/${load.scenario}/${name}`,
    kind: 'load' as const,
    title,
    durationMs: load.durationMs,
  }
}

/** Why this run can prove nothing, where it cannot. */
export function doubtOf(load: LoadResult): string | undefined {
  if (load.generator.saturated.length > 0)
    return `the load generator was saturated: ${load.generator.saturated.join('; ')}`
  if (load.interrupted) return 'the run was interrupted'
  return undefined
}

export function doubted(check: CheckResult, reason: string, load: LoadResult): CheckResult {
  const wrongUnderAnyLoad = check.verdict === 'broken' && check.id !== `load/${load.scenario}/thresholds`
  return wrongUnderAnyLoad
    ? check
    : { ...check, verdict: 'not evaluated', reason, failures: [], exchanges: [] }
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
