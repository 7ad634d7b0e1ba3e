import { isOpen, type Scenario } from '../options/options.ts'
import { type ArrivalPlan, planArrivals } from './arrivals.ts'
import { equalStripes, type Stripe, stripesByVus } from './stripe.ts'
import { maxVus, planRamp, type VuStep } from './vus.ts'

/**
 * What one worker does for one scenario: pure data, and a function of the options and the worker's place alone, so
 * workers agree without talking. Times in ms, from the start of the scenario unless it says otherwise.
 */
export interface ScenarioPlan {
  readonly scenario: Scenario
  /** From here on no iteration starts. */
  readonly end: number
  /** What still runs here is cut off: `end` plus `gracefulStop`. */
  readonly hardEnd: number
  /** VUs to make before the start; an open executor may add VUs up to `maxVus`. */
  readonly initialVus: number
  readonly maxVus: number
  /** `idInTest` of this worker's VU `i` of this scenario, from 0; k6 counts from 1 over all scenarios. */
  vuIndexInTest(i: number): number
  /** The index of this worker's iteration `i` among those of all workers (k6's `iterationInTest`). */
  iterationIndexInTest(i: number): number
  readonly work: Arrivals | Loop | Ramp | IterationsPerVu | SharedIterations
}

/** Iterations start by the clock. */
export interface Arrivals {
  readonly kind: 'arrivals'
  readonly plan: ArrivalPlan
}
/** Every VU loops until the end. */
interface Loop {
  readonly kind: 'loop'
}
/** VUs come and go; one that is taken away may end its iteration within `gracefulRampDown`, not past `hardEnd`. */
export interface Ramp {
  readonly kind: 'ramp'
  readonly steps: readonly VuStep[]
  readonly gracefulRampDown: number
}
/** Every VU does so many; those that the end prevents count as `dropped_iterations`. */
export interface IterationsPerVu {
  readonly kind: 'iterations per VU'
  readonly iterations: number
}
/** This worker's VUs do so many together; those that the end prevents count as `dropped_iterations`. */
export interface SharedIterations {
  readonly kind: 'shared iterations'
  readonly iterations: number
  /** The index of this share's iteration `i` among those of all shares (k6's `iterationInTest`). */
  indexInTest(i: number): number
}

/**
 * The plan of worker `worker` (from 0) of `workers` for the scenario. `undefined` when the worker has nothing to
 * do: there are fewer VUs than workers.
 */
export function planScenario(scenario: Scenario, worker = 0, workers = 1): ScenarioPlan | undefined {
  const all = equalStripes(workers)
  const share = at(all, worker)
  const vus = isOpen(scenario) ? scenario.maxVUs : maxVus(scenario)
  if (share.count(vus) === 0) return undefined
  const end = durationOf(scenario)
  const iterationShare = at(stripesByVus(all, vus), worker)
  return {
    scenario,
    end,
    hardEnd: end + scenario.gracefulStop,
    initialVus: share.count(isOpen(scenario) ? scenario.preAllocatedVUs : vus),
    maxVus: share.count(vus),
    vuIndexInTest: (i) => share.at(i),
    iterationIndexInTest: (i) => iterationShare.at(i),
    work: workOf(scenario, share, iterationShare),
  }
}

function workOf(scenario: Scenario, vuShare: Stripe, iterationShare: Stripe): ScenarioPlan['work'] {
  switch (scenario.executor) {
    case 'constant-arrival-rate':
    case 'ramping-arrival-rate':
      return { kind: 'arrivals', plan: planArrivals(scenario, iterationShare) }
    case 'constant-vus':
      return { kind: 'loop' }
    case 'ramping-vus':
      return { kind: 'ramp', steps: planRamp(scenario, vuShare), gracefulRampDown: scenario.gracefulRampDown }
    case 'per-vu-iterations':
      return { kind: 'iterations per VU', iterations: scenario.iterations }
    case 'shared-iterations':
      return {
        kind: 'shared iterations',
        iterations: iterationShare.count(scenario.iterations),
        indexInTest: (i) => iterationShare.at(i),
      }
  }
}

/** When the scenario starts no more iterations, in ms from its start; for iteration quotas the longest it may take. */
export function durationOf(scenario: Scenario): number {
  switch (scenario.executor) {
    case 'constant-vus':
    case 'constant-arrival-rate':
      return scenario.duration
    case 'per-vu-iterations':
    case 'shared-iterations':
      return scenario.maxDuration
    case 'ramping-vus':
    case 'ramping-arrival-rate':
      return scenario.stages.reduce((sum, stage) => sum + stage.duration, 0)
  }
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

function at(shares: readonly Stripe[], worker: number): Stripe {
  const share = shares[worker]
  if (share === undefined) throw new RangeError(`there are ${shares.length} workers, so no worker ${worker}`)
  return share
}
