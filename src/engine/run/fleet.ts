import type { Measurements } from '../metrics/measurements.ts'
import type { Share } from './share.ts'

/** Of all shares, now or a moment ago. */
export interface FleetStatus {
  readonly vusActive: number
  readonly vusInitialized: number
}

/** The workers that run the scenarios, however many there are. */
export interface Fleet {
  readonly workers: number
  prepare(setupData: string | undefined): Promise<void>
  /** Resolves when all have ended. */
  run(): Promise<void>
  end(): void
  cutOff(): void
  status(): FleetStatus
  /** What was measured so far, setup's requests too. While it runs, of other threads as of a moment ago. */
  measurements(): Measurements
  /** From the start to the last end of an iteration, ms. */
  readonly durationMs: number
  /** Of the worst worker, when the run is over. */
  readonly eventLoopDelayP99Ms: number | undefined
  close(): Promise<void>
}

/** One worker in this very thread. */
export class LocalFleet implements Fleet {
  readonly workers = 1
  readonly #share: Share

  constructor(share: Share) {
    this.#share = share
  }

  prepare(setupData: string | undefined): Promise<void> {
    return this.#share.prepare(setupData)
  }

  run(): Promise<void> {
    return this.#share.run()
  }

  end(): void {
    this.#share.end()
  }

  cutOff(): void {
    this.#share.cutOff()
  }

  status(): FleetStatus {
    return this.#share.services.instance
  }

  measurements(): Measurements {
    return this.#share.measurements
  }

  get durationMs(): number {
    return this.#share.durationMs
  }

  get eventLoopDelayP99Ms(): number | undefined {
    return this.#share.eventLoopDelayP99Ms
  }

  async close(): Promise<void> {}
}
