import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import { isOpen, type MetricThresholds, type Options } from '../options/options.ts'
import { plannedRate } from '../schedule/arrivals.ts'
import { remaining } from '../schedule/plan.ts'
import { type ThresholdResult, Thresholds } from '../thresholds/evaluate.ts'
import type { Fleet } from './fleet.ts'
import type { Progress } from './progress.ts'
import type { Share } from './share.ts'

/** k6 evaluates thresholds so often, ms. */
const THRESHOLD_INTERVAL_MS = 2_000

/** What is done once a second while the scenarios run: VUs are counted, progress is told, thresholds may abort. */
export class Ticks {
  readonly #share: Share
  readonly #fleet: Fleet
  readonly #options: Options
  readonly #onProgress: ((progress: Progress) => void) | undefined
  readonly #aborts: boolean
  #completed = 0
  #lastTick = 0
  #lastEvaluation = 0

  constructor(share: Share, fleet: Fleet, options: Options, onProgress?: (progress: Progress) => void) {
    this.#share = share
    this.#fleet = fleet
    this.#options = options
    this.#onProgress = onProgress
    this.#aborts = !options.noThresholds && options.thresholds.some(abortsOnFail)
  }

  /** @param elapsedMs since the start of the scenarios */
  tick(elapsedMs: number): void {
    const { vusActive, vusInitialized } = this.#fleet.status()
    const { registry } = this.#share.measurements
    const tags = registry.tagSet(this.#options.tags)
    registry.series(BUILT_IN.vus, tags).record(vusActive)
    registry.series(BUILT_IN.vusMax, tags).record(vusInitialized)
    if (this.#onProgress === undefined) return
    const measurements = this.#fleet.measurements()
    const planned = this.#plannedRate(elapsedMs)
    const { completed: all, completedOfPlan } = measurements.iterations
    const completed = planned === undefined ? all : completedOfPlan
    const sinceLast = elapsedMs - this.#lastTick
    const remainingMs = remaining(this.#options.scenarios, elapsedMs)
    const p95Ms = requestsP95(measurements)
    this.#onProgress({
      elapsedMs,
      ...(remainingMs !== undefined && { remainingMs }),
      vus: vusActive,
      achievedRate: sinceLast > 0 ? ((completed - this.#completed) * 1000) / sinceLast : 0,
      ...(planned !== undefined && { plannedRate: planned }),
      errors: failedRequests(measurements) + measurements.iterations.failed,
      ...(p95Ms !== undefined && { p95Ms }),
    })
    this.#completed = completed
    this.#lastTick = elapsedMs
  }

  /** A threshold with `abortOnFail` that is broken now. */
  brokenThreshold(elapsedMs: number): ThresholdResult | undefined {
    if (!this.#aborts || elapsedMs - this.#lastEvaluation < THRESHOLD_INTERVAL_MS) return undefined
    this.#lastEvaluation = elapsedMs
    const { registry } = this.#fleet.measurements()
    return new Thresholds(registry, this.#options.thresholds).evaluate(elapsedMs).find(({ abort }) => abort)
  }

  #plannedRate(elapsedMs: number): number | undefined {
    const open = this.#options.scenarios.filter(isOpen)
    if (open.length === 0) return undefined
    return open.reduce((sum, scenario) => sum + plannedRate(scenario, elapsedMs - scenario.startTime), 0)
  }
}

/** Whether a broken threshold may end the run. */
export function abortsOnFail({ thresholds }: MetricThresholds): boolean {
  return thresholds.some(({ abortOnFail }) => abortOnFail)
}

function requestsP95({ registry }: Measurements): number | undefined {
  const sink = registry.total(registry.metric(BUILT_IN.httpReqDuration))
  return sink.type === 'trend' && sink.samples > 0 ? sink.histogram.percentile(95) : undefined
}

function failedRequests({ registry }: Measurements): number {
  const sink = registry.total(registry.metric(BUILT_IN.httpReqFailed))
  return sink.type === 'rate' ? sink.trues : 0
}
