import type { LoadResult } from '../../verdict/load-result.ts'
import { Histogram, type HistogramSnapshot } from './histogram.ts'
import type { RequestGroup } from './request-groups.ts'

const COUNTS = ['planned', 'started', 'completed', 'completedOfPlan', 'failed', 'dropped'] as const
type Count = (typeof COUNTS)[number]

/** The requests of one group that ended in an interval. */
interface Requests {
  durations: Histogram
  failed: number
}

interface Interval extends Record<Count, number> {
  vus: number
  fromPlan: Histogram
  /** By the index of the group; a group without requests has a hole. */
  requests: (Requests | undefined)[]
  /** Failed requests by what went wrong. */
  errors: Map<string, number>
}

/** Structured-clonable. */
export interface IntervalsSnapshot {
  readonly length: number
  readonly intervals: readonly (Record<Count, number> & {
    readonly vus: number
    readonly fromPlan: HistogramSnapshot
    readonly requests: readonly {
      readonly group: number
      readonly durations: HistogramSnapshot
      readonly failed: number
    }[]
    readonly errors: ReadonlyMap<string, number>
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

  /**
   * Iterations: planned (by planned time), started, completed, completed of those that were planned, failed by an
   * exception, dropped.
   */
  count(what: Count, t: number, by = 1): void {
    this.#at(t)[what] += by
  }

  /** How many VUs were active; an interval keeps the most. */
  vus(t: number, vus: number): void {
    const interval = this.#at(t)
    if (vus > interval.vus) interval.vus = vus
  }

  /** A planned iteration that ended at `t` took so long from its planned start. */
  fromPlan(t: number, latency: number): void {
    this.#at(t).fromPlan.record(latency)
  }

  /** A request that ended at `t` took so long. */
  request({ index }: RequestGroup, t: number, duration: number, failed: boolean): void {
    const requests = requestsOf(this.#at(t), index)
    requests.durations.record(duration)
    if (failed) requests.failed++
  }

  /** A request that failed at `t`. */
  error(kind: string, t: number): void {
    const { errors } = this.#at(t)
    errors.set(kind, (errors.get(kind) ?? 0) + 1)
  }

  points(): LoadResult['series'] {
    return this.#intervals.map(({ fromPlan, requests: _, errors: __, ...counts }, index) => ({
      t: index * this.#length,
      ...counts,
      ...(fromPlan.count > 0 && {
        fromPlanP95: fromPlan.percentile(95),
        fromPlanP99: fromPlan.percentile(99),
      }),
    }))
  }

  /** The requests of a group; an interval without any has no point. */
  requestPoints({ index: group }: RequestGroup): LoadResult['requests'][number]['series'] {
    return this.#intervals.flatMap(({ requests }, index) => {
      const own = requests[group]
      if (own === undefined) return []
      const { durations, failed } = own
      return {
        t: index * this.#length,
        count: durations.count,
        failed,
        p50: durations.percentile(50),
        p95: durations.percentile(95),
        p99: durations.percentile(99),
      }
    })
  }

  /** Failed requests of one kind, where there were any: start of the interval and count. */
  errorPoints(kind: string): [t: number, count: number][] {
    return this.#intervals.flatMap(({ errors }, index) => {
      const count = errors.get(kind)
      return count === undefined ? [] : [[index * this.#length, count]]
    })
  }

  snapshot(): IntervalsSnapshot {
    return {
      length: this.#length,
      intervals: this.#intervals.map((interval) => ({
        ...interval,
        fromPlan: interval.fromPlan.snapshot(),
        requests: interval.requests.flatMap((requests, group) =>
          requests === undefined
            ? []
            : [{ group, durations: requests.durations.snapshot(), failed: requests.failed }],
        ),
        errors: new Map(interval.errors),
      })),
    }
  }

  /**
   * Adds the intervals of another worker of the same run, whose VUs are other VUs.
   * @param groups this run's group for each of the worker's, by the worker's index
   */
  merge(snapshot: IntervalsSnapshot, groups: readonly RequestGroup[]): void {
    while (this.#length < snapshot.length) this.#join()
    const perInterval = this.#length / snapshot.length
    if (!Number.isInteger(perInterval)) throw new RangeError('the lengths of the intervals do not fit')
    // Their VUs add up over workers, but within one worker the most counts: so first its own maximum, then the sum.
    const vus = new Map<Interval, number>()
    snapshot.intervals.forEach((from, index) => {
      const into = this.#at(index * snapshot.length)
      for (const what of COUNTS) into[what] += from[what]
      into.fromPlan.merge(from.fromPlan)
      for (const { group, durations, failed } of from.requests) {
        const own = groups[group]
        if (own === undefined) throw new RangeError(`the worker told of no group ${group}`)
        const requests = requestsOf(into, own.index)
        requests.durations.merge(durations)
        requests.failed += failed
      }
      addErrors(from.errors, into)
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
      into.fromPlan.merge(interval.fromPlan)
      interval.requests.forEach((from, group) => {
        if (from === undefined) return
        const requests = requestsOf(into, group)
        requests.durations.merge(from.durations)
        requests.failed += from.failed
      })
      addErrors(interval.errors, into)
    })
    this.#intervals = joined
  }
}

function requestsOf({ requests }: Interval, group: number): Requests {
  const known = requests[group]
  if (known !== undefined) return known
  const made = { durations: new Histogram(BITS), failed: 0 }
  requests[group] = made
  return made
}

function addErrors(from: ReadonlyMap<string, number>, { errors }: Interval): void {
  for (const [kind, count] of from) errors.set(kind, (errors.get(kind) ?? 0) + count)
}

function newInterval(): Interval {
  return {
    planned: 0,
    started: 0,
    completed: 0,
    completedOfPlan: 0,
    failed: 0,
    dropped: 0,
    vus: 0,
    fromPlan: new Histogram(BITS),
    requests: [],
    errors: new Map(),
  }
}
