import { type ChecksSnapshot, CheckTally } from './checks.ts'
import { Intervals, type IntervalsSnapshot } from './intervals.ts'
import { MetricRegistry, type RegistryOptions, type RegistrySnapshot } from './registry.ts'
import { Tally, type TallySnapshot } from './tally.ts'

/** Of a run, or of one worker's share of it. */
export interface IterationCounts {
  /** By the schedule of the open executors. */
  planned: number
  /** Ended by themselves, by an exception too, as in k6's `iterations`. */
  completed: number
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
  readonly intervals = new Intervals()
  readonly iterations: IterationCounts = { planned: 0, completed: 0, interrupted: 0, failed: 0, late: 0 }

  constructor(options: RegistryOptions = {}) {
    this.registry = new MetricRegistry(options)
  }

  /** A request failed: k6's error code, and a message without secrets, addresses or numbers of one request. */
  error(code: number, message: string): void {
    this.#errors.add(`${code} ${message}`)
  }

  /** The most frequent first. */
  errors(): { code: number; message: string; count: number }[] {
    return this.#errors.entries().map(([key, count]) => {
      const space = key.indexOf(' ')
      return { code: Number(key.slice(0, space)), message: key.slice(space + 1), count }
    })
  }

  snapshot(): MeasurementsSnapshot {
    return {
      registry: this.registry.snapshot(),
      checks: this.checks.snapshot(),
      errors: this.#errors.snapshot(),
      exceptions: this.exceptions.snapshot(),
      intervals: this.intervals.snapshot(),
      iterations: { ...this.iterations },
    }
  }

  merge(snapshot: MeasurementsSnapshot): void {
    this.registry.merge(snapshot.registry)
    this.checks.merge(snapshot.checks)
    this.#errors.merge(snapshot.errors)
    this.exceptions.merge(snapshot.exceptions)
    this.intervals.merge(snapshot.intervals)
    for (const key of ['planned', 'completed', 'interrupted', 'failed', 'late'] as const) {
      this.iterations[key] += snapshot.iterations[key]
    }
  }
}
