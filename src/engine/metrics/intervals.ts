import type { LoadResult } from '../../verdict/load-result.ts'
import { Histogram, type HistogramSnapshot } from './histogram.ts'

const COUNTS = ['planned', 'started', 'completed', 'failed', 'dropped'] as const
type Count = (typeof COUNTS)[number]

interface Interval extends Record<Count, number> {
  vus: number
  service: Histogram
  fromPlan: Histogram
}

/** Structured-clonable. */
export interface IntervalsSnapshot {
  readonly length: number
  readonly intervals: readonly (Record<Count, number> & {
    readonly vus: number
    readonly service: HistogramSnapshot
    readonly fromPlan: HistogramSnapshot
  })[]
}

/** 64 buckets a power of two: a percentile of an interval is within 0.8 %. */
const BITS = 6

/**
 * What happened second by second, for the report. Bounded: when a run outgrows `maxIntervals`, neighbours are
 * joined and each interval is twice as long. Times are in ms from the start of the run.
 */
export class Intervals {
  #length: number
  readonly #maxIntervals: number
  #intervals: Interval[] = []

  constructor(length = 1_000, maxIntervals = 600) {
    this.#length = length
    this.#maxIntervals = maxIntervals
  }

  /** Length of an interval, ms. */
  get length(): number {
    return this.#length
  }

  /** Iterations: planned (by planned time), started, completed, failed by an exception, dropped. */
  count(what: Count, t: number, by = 1): void {
    this.#at(t)[what] += by
  }

  /** How many VUs were active; an interval keeps the most. */
  vus(t: number, vus: number): void {
    const interval = this.#at(t)
    if (vus > interval.vus) interval.vus = vus
  }

  /** An iteration that ended at `t` took so long; and, of an open executor, so long from its planned start. */
  iteration(t: number, service: number, fromPlan?: number): void {
    const interval = this.#at(t)
    interval.service.record(service)
    if (fromPlan !== undefined) interval.fromPlan.record(fromPlan)
  }

  points(): LoadResult['series'] {
    return this.#intervals.map(({ service, fromPlan, ...counts }, index) => ({
      t: index * this.#length,
      planned: counts.planned,
      started: counts.started,
      completed: counts.completed,
      failed: counts.failed,
      dropped: counts.dropped,
      vus: counts.vus,
      ...(service.count > 0 && {
        serviceP50: service.percentile(50),
        serviceP95: service.percentile(95),
        serviceP99: service.percentile(99),
      }),
      ...(fromPlan.count > 0 && {
        fromPlanP95: fromPlan.percentile(95),
        fromPlanP99: fromPlan.percentile(99),
      }),
    }))
  }

  snapshot(): IntervalsSnapshot {
    return {
      length: this.#length,
      intervals: this.#intervals.map((interval) => ({
        ...interval,
        service: interval.service.snapshot(),
        fromPlan: interval.fromPlan.snapshot(),
      })),
    }
  }

  /** Adds the intervals of another worker of the same run, whose VUs are other VUs. */
  merge(snapshot: IntervalsSnapshot): void {
    while (this.#length < snapshot.length) this.#join()
    const perInterval = this.#length / snapshot.length
    if (!Number.isInteger(perInterval)) throw new RangeError('the lengths of the intervals do not fit')
    // Their VUs add up over workers, but within one worker the most counts: so first its own maximum, then the sum.
    const vus = new Map<Interval, number>()
    snapshot.intervals.forEach((from, index) => {
      const into = this.#at(index * snapshot.length)
      for (const what of COUNTS) into[what] += from[what]
      into.service.merge(from.service)
      into.fromPlan.merge(from.fromPlan)
      vus.set(into, Math.max(vus.get(into) ?? 0, from.vus))
    })
    for (const [interval, most] of vus) interval.vus += most
  }

  #at(t: number): Interval {
    while (t >= this.#length * this.#maxIntervals) this.#join()
    const index = Math.max(0, Math.floor(t / this.#length))
    while (this.#intervals.length <= index) this.#intervals.push(newInterval())
    return this.#intervals[index] as Interval
  }

  #join(): void {
    this.#length *= 2
    const joined: Interval[] = []
    this.#intervals.forEach((interval, index) => {
      const into = joined[index >> 1]
      if (into === undefined) {
        joined.push(interval)
        return
      }
      for (const what of COUNTS) into[what] += interval[what]
      into.vus = Math.max(into.vus, interval.vus)
      into.service.merge(interval.service)
      into.fromPlan.merge(interval.fromPlan)
    })
    this.#intervals = joined
  }
}

function newInterval(): Interval {
  return {
    planned: 0,
    started: 0,
    completed: 0,
    failed: 0,
    dropped: 0,
    vus: 0,
    service: new Histogram(BITS),
    fromPlan: new Histogram(BITS),
  }
}
