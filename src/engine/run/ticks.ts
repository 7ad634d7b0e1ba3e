import { plannedRate } from '../executors/arrival-plan.ts'
import { remaining } from '../executors/table.ts'
import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import { isOpen, type MetricThresholds, type Options } from '../options/options.ts'
import { type ThresholdResult, Thresholds } from '../thresholds/evaluate.ts'
import type { SegmentRun } from '../workers/segment-run.ts'
import type { Workers } from '../workers/workers.ts'
import type { Progress } from './progress.ts'

/** k6 evaluates thresholds so often, ms. */
const THRESHOLD_INTERVAL_MS = 2_000

/** What is done once a second while the scenarios run: VUs are counted, progress is told, thresholds may abort. */
export class Ticks {
  readonly #segment: SegmentRun
  readonly #workers: Workers
  readonly #options: Options
  readonly #onProgress: ((progress: Progress) => void) | undefined
  readonly #aborts: boolean
  #completed = 0
  #lastTick = 0
  #lastEvaluation = 0

  constructor(
    segment: SegmentRun,
    workers: Workers,
    options: Options,
    onProgress?: (progress: Progress) => void,
  ) {
    this.#segment = segment
    this.#workers = workers
    this.#options = options
    this.#onProgress = onProgress
    this.#aborts = !options.noThresholds && options.thresholds.some(abortsOnFail)
  }

  /** @param elapsedMs since the start of the scenarios */
  tick(elapsedMs: number): void {
    const { vusActive, vusInitialized } = this.#workers.status()
    const { registry } = this.#segment.measurements
    const tags = registry.tagSet(this.#options.tags)
    registry.series(BUILT_IN.vus, tags).record(vusActive)
    registry.series(BUILT_IN.vusMax, tags).record(vusInitialized)
    if (this.#onProgress === undefined) return
    const measurements = this.#workers.measurements()
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
    const { registry } = this.#workers.measurements()
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
