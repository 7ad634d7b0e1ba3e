import type { ExecutorName, Scenario } from '../options/options.ts'
import { constantArrivalRate } from './constant-arrival-rate.ts'
import { constantVus } from './constant-vus.ts'
import type { Executor } from './executor.ts'
import { perVuIterations } from './per-vu-iterations.ts'
import { rampingArrivalRate } from './ramping-arrival-rate.ts'
import { rampingVus } from './ramping-vus.ts'
import { sharedIterations } from './shared-iterations.ts'

/** The executors by k6's names. */
export const EXECUTORS = {
  'shared-iterations': sharedIterations,
  'per-vu-iterations': perVuIterations,
  'constant-vus': constantVus,
  'ramping-vus': rampingVus,
  'constant-arrival-rate': constantArrivalRate,
  'ramping-arrival-rate': rampingArrivalRate,
} as const satisfies {
  readonly [Name in ExecutorName]: Executor<Extract<Scenario, { executor: Name }>>
}

/** The executor of a scenario, which takes that scenario and none of another executor. */
export function executorOf({ executor }: Pick<Scenario, 'executor'>): Executor<Scenario> {
  return EXECUTORS[executor]
}

/** When the scenario starts no more iterations, in ms from its start; for iteration quotas the longest it may take. */
export function durationOf(scenario: Scenario): number {
  return executorOf(scenario).durationOf(scenario)
}

/**
 * Until the last scenario is over that has an end by plan, ms. A quota of iterations has none: it ends when they are
 * done, and its `maxDuration` is a bound, not a plan. `undefined` where there are only such.
 */
export function remaining(scenarios: readonly Scenario[], elapsedMs: number): number | undefined {
  const ends = scenarios
    .filter(({ executor }) => executor !== 'per-vu-iterations' && executor !== 'shared-iterations')
    .map((scenario) => scenario.startTime + durationOf(scenario))
  return ends.length === 0 ? undefined : Math.max(0, Math.max(...ends) - elapsedMs)
}
