import type { CheckResult } from '../verdict/check.ts'
import type { LoadResult } from '../verdict/load-result.ts'
import {
  base,
  crossedThresholds,
  doubted,
  doubtOf,
  namedChecks,
  parseCheckName,
  samplesMissing,
  samplesOf,
  unansweredRequests,
  unfinishedIterations,
} from './load-checks.ts'

/**
 * What a load run of a user's own script proves. As under k6 its thresholds judge it, those on `checks` too, and a
 * failed check by itself nothing; but a check that names clauses proves them, and every iteration must run to its
 * end.
 */
export function ownScriptChecks(load: LoadResult): CheckResult[] {
  const checks = [...namedChecks({ ...load, checks: load.checks.filter(namesClause) }), thresholdCheck(load)]
  const doubt = doubtOf(load)
  return doubt === undefined ? checks : checks.map((check) => doubted(check, doubt, load))
}

/** What went wrong and fails nothing, since no threshold judges it; each a sentence. */
export function unjudged(load: LoadResult): string[] {
  const judged = load.thresholds.some(({ metric }) => metric.replace(/\{.*/s, '') === 'checks')
  const failed = judged ? [] : load.checks.filter((check) => check.fails > 0 && !namesClause(check))
  const unanswered = unansweredRequests(load)
  return [
    ...(load.thresholds.length === 0 ? ['no thresholds: nothing was judged'] : []),
    ...failed.map(
      ({ name, passes, fails }) =>
        `the check ${JSON.stringify(name)} failed ${fails} of ${passes + fails} times, and no threshold on checks judges it`,
    ),
    ...(unanswered === undefined ? [] : [unanswered.message]),
  ]
}

function namesClause({ name }: LoadResult['checks'][number]): boolean {
  return parseCheckName(name).clauses.length > 0
}

function thresholdCheck(load: LoadResult): CheckResult {
  const { scenario, thresholds } = load
  const failures = [...crossedThresholds(thresholds), ...unfinishedIterations(load)]
  const reason = samplesMissing(load, thresholds)
  const verdict = failures.length > 0 ? 'broken' : reason === undefined ? 'held' : 'not evaluated'
  const judged =
    thresholds.length === 0
      ? `every iteration of ${scenario} runs to its end (no thresholds: nothing was judged)`
      : `${scenario} holds its thresholds, and every iteration runs to its end`
  return {
    ...base(load, 'thresholds', judged),
    clauses: ['LOAD-1'],
    verdict,
    ...(verdict === 'not evaluated' && { reason }),
    failures,
    exchanges: verdict === 'broken' ? samplesOf(load, (sample) => sample.of === 'request') : [],
  }
}
