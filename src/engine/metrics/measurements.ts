import type { LoadResult } from '../../verdict/load-result.ts'
import { type ChecksSnapshot, CheckTally } from './checks.ts'
import { Intervals, type IntervalsSnapshot } from './intervals.ts'
import { MetricRegistry, type RegistryOptions, type RegistrySnapshot } from './registry.ts'
import { type RequestGroup, RequestGroups, type RequestGroupsSnapshot } from './request-groups.ts'
import { FailureSamples } from './samples.ts'
import { Tally, type TallySnapshot } from './tally.ts'

/** Of a run, or of one worker's share of it. */
export interface IterationCounts {
  /** By the schedule of the open executors. */
  planned: number
  /** Ended by themselves, by an exception too, as in k6's `iterations`. */
  completed: number
  /** Of these, the ones that an open executor had planned. */
  completedOfPlan: number
  /** Cut off by the end of gracefulStop or gracefulRampDown. */
  interrupted: number
  /** Ended by an exception. */
  failed: number
  /** Started later than the bound on the delay from plan allows. */
  late: number
}

/** Structured-clonable. */
export interface MeasurementsSnapshot {
  readonly registry: RegistrySnapshot
  readonly checks: ChecksSnapshot
  readonly errors: TallySnapshot
  readonly exceptions: TallySnapshot
  readonly requests: RequestGroupsSnapshot
  readonly samples: LoadResult['samples']
  readonly intervals: IntervalsSnapshot
  readonly iterations: Readonly<IterationCounts>
}

/**
 * All that a run measures. A worker has its own, and sends snapshots; whoever reports merges them into one that was
 * made with the same selectors.
 */
export class Measurements {
  readonly registry: MetricRegistry
  readonly checks = new CheckTally()
  /** Failed requests, by k6's error code. */
  readonly #errors = new Tally(200, '1000 (other errors)')
  /** What iterations threw, with file and line. */
  readonly exceptions = new Tally(100, '(other exceptions)')
  /** Of the scenarios: setup's and teardown's requests are in the registry only. */
  readonly requests = new RequestGroups()
  readonly samples = new FailureSamples()
  readonly intervals = new Intervals()
  readonly iterations: IterationCounts = {
    planned: 0,
    completed: 0,
    completedOfPlan: 0,
    interrupted: 0,
    failed: 0,
    late: 0,
  }

  constructor(options: RegistryOptions = {}) {
    this.registry = new MetricRegistry(options)
  }

  /**
   * A request failed: k6's error code, and a message without secrets, addresses or numbers of one request.
   * @param t when, ms from the start of the run; absent before and after it
   */
  error(code: number, message: string, t?: number): void {
    const counted = this.#errors.add(`${code} ${message}`)
    if (t !== undefined) this.intervals.error(counted, t)
  }

  /** A request of a scenario ended at `t`, ms from the start of the run. */
  request(group: RequestGroup, t: number, duration: number, failed: boolean): void {
    group.durations.record(duration)
    if (failed) group.failed++
    this.intervals.request(group, t, duration, failed)
  }

  /** The most frequent first. */
  errors(): LoadResult['errors'] {
    return this.#errors.entries().map(([key, count]) => {
      const space = key.indexOf(' ')
      const series = this.intervals.errorPoints(key)
      const error = { code: Number(key.slice(0, space)), message: key.slice(space + 1), count }
      return series.length === 0 ? error : { ...error, series }
    })
  }

  snapshot(): MeasurementsSnapshot {
    return {
      registry: this.registry.snapshot(),
      checks: this.checks.snapshot(),
      errors: this.#errors.snapshot(),
      exceptions: this.exceptions.snapshot(),
      requests: this.requests.snapshot(),
      samples: this.samples.all(),
      intervals: this.intervals.snapshot(),
      iterations: { ...this.iterations },
    }
  }

  merge(snapshot: MeasurementsSnapshot): void {
    this.registry.merge(snapshot.registry)
    this.checks.merge(snapshot.checks)
    this.#errors.merge(snapshot.errors)
    this.exceptions.merge(snapshot.exceptions)
    this.samples.merge(snapshot.samples)
    this.intervals.merge(snapshot.intervals, this.requests.merge(snapshot.requests))
    addIterations(snapshot.iterations, this.iterations)
  }
}

/** Adds the counts of a worker. */
export function addIterations(from: Readonly<IterationCounts>, into: IterationCounts): void {
  into.planned += from.planned
  into.completed += from.completed
  into.completedOfPlan += from.completedOfPlan
  into.interrupted += from.interrupted
  into.failed += from.failed
  into.late += from.late
}
