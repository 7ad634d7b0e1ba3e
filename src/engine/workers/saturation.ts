import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'

/** How often the event loop is looked at (ms); its own delay is what is above that. */
const RESOLUTION_MS = 10

/** Past any of these the generator measured itself, and the run gives no verdict. Documented in docs/engine.md. */
export const BOUNDS = {
  /** 99th percentile of how long the event loop kept others waiting, ms. */
  eventLoopDelayP99Ms: 100,
  /** 99th percentile of how much later than planned iterations of open executors started, ms. */
  delayFromPlanP99Ms: 100,
  /** SegmentRun of the planned iterations that started more than 100 ms late; fewer than `lateCount` say nothing. */
  lateShare: 0.01,
  lateCount: 5,
  /** SegmentRun of the planned iterations that found no free VU. */
  droppedShare: 0.01,
} as const

/**
 * Each bound that was passed, with the value, in words.
 * @param eventLoopDelayP99Ms of the worst worker
 */
export function saturation(
  { registry, iterations: { planned, late } }: Measurements,
  eventLoopDelayP99Ms: number | undefined,
): string[] {
  const delays = registry.total(registry.metric(BUILT_IN.delayFromPlan))
  const drops = registry.total(registry.metric(BUILT_IN.droppedIterations))
  const delayFromPlanP99Ms =
    delays.type === 'trend' && delays.samples > 0 ? delays.histogram.percentile(99) : 0
  const dropped = drops.type === 'counter' ? drops.count : 0
  const passed: string[] = []
  if (eventLoopDelayP99Ms !== undefined && eventLoopDelayP99Ms > BOUNDS.eventLoopDelayP99Ms) {
    passed.push(
      `event loop delay p99 ${eventLoopDelayP99Ms.toFixed(1)} ms > ${BOUNDS.eventLoopDelayP99Ms} ms: the machine is too busy for the generator`,
    )
  }
  if (delayFromPlanP99Ms > BOUNDS.delayFromPlanP99Ms) {
    passed.push(
      `delay from plan p99 ${delayFromPlanP99Ms.toFixed(1)} ms > ${BOUNDS.delayFromPlanP99Ms} ms: iterations started too late`,
    )
  }
  if (late >= BOUNDS.lateCount && late / planned > BOUNDS.lateShare) {
    passed.push(
      `late starts ${late} of ${planned} > ${BOUNDS.lateShare * 100} %: iterations started too late`,
    )
  }
  if (planned > 0 && dropped / planned > BOUNDS.droppedShare) {
    passed.push(
      `dropped iterations ${dropped} of ${planned} > ${BOUNDS.droppedShare * 100} %: no VU was free; give more maxVUs, or the target is too slow for this rate`,
    )
  }
  return passed
}

/** Watches the event loop of the thread that makes it. */
export class EventLoopWatch {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  start(): void {
    this.#histogram.enable()
  }

  /** @returns the 99th percentile of the delay, ms; `undefined` when there was no time to look */
  stop(): number | undefined {
    this.#histogram.disable()
    if (this.#histogram.count === 0) return undefined
    return Math.max(0, this.#histogram.percentile(99) / 1e6 - RESOLUTION_MS)
  }
}
