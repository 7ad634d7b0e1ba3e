import type { Measurements } from '../metrics/measurements.ts'
import type { SegmentRun } from './segment-run.ts'

/** Of all shares, now or a moment ago. */
export interface WorkersStatus {
  readonly vusActive: number
  readonly vusInitialized: number
}

/** The workers that run the scenarios, however many there are. */
export interface Workers {
  readonly workers: number
  prepare(setupData: string | undefined): Promise<void>
  /** Resolves when all have ended. */
  run(): Promise<void>
  end(): void
  cutOff(): void
  status(): WorkersStatus
  /** What was measured so far, setup's requests too. While it runs, of other threads as of a moment ago. */
  measurements(): Measurements
  /** From the start to the last end of an iteration, ms. */
  readonly durationMs: number
  /** Of the worst worker, when the run is over. */
  readonly eventLoopDelayP99Ms: number | undefined
  close(): Promise<void>
}

/** One worker in this very thread. */
export class MainThread implements Workers {
  readonly workers = 1
  readonly #segment: SegmentRun

  constructor(segment: SegmentRun) {
    this.#segment = segment
  }

  prepare(setupData: string | undefined): Promise<void> {
    return this.#segment.prepare(setupData)
  }

  run(): Promise<void> {
    return this.#segment.run()
  }

  end(): void {
    this.#segment.end()
  }

  cutOff(): void {
    this.#segment.cutOff()
  }

  status(): WorkersStatus {
    return this.#segment.services.instance
  }

  measurements(): Measurements {
    return this.#segment.measurements
  }

  get durationMs(): number {
    return this.#segment.durationMs
  }

  get eventLoopDelayP99Ms(): number | undefined {
    return this.#segment.eventLoopDelayP99Ms
  }

  async close(): Promise<void> {}
}
