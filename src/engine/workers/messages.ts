import type { ErrorKind } from '../../verdict/errors.ts'
import type { IterationCounts, MeasurementsSnapshot } from '../metrics/measurements.ts'
import type { RegistrySnapshot } from '../metrics/registry.ts'
import type { Options } from '../options/options.ts'
import type { NdjsonChunk } from '../output/ndjson.ts'
import type { BundledScript } from '../script/source.ts'

/** What a worker thread is made with. */
export interface WorkerGiven {
  readonly script: BundledScript
  readonly options: Options
  readonly env: Readonly<Record<string, string>>
  readonly withheld: readonly string[]
  readonly worker: number
  readonly workers: number
  /** Every sample is to be encoded and sent. */
  readonly outJson: boolean
  /** Measurements are wanted while the run goes on, not only at its end. */
  readonly reports: boolean
  /** The answer to a question about a host: see {@link ALLOWED}. */
  readonly answer: SharedArrayBuffer
}

/** Values of the answer's cell. */
export const ALLOWED = { unanswered: 0, no: 1, yes: 2 } as const

export type ToWorker =
  | { readonly type: 'prepare'; readonly setupData: string | undefined }
  /** @param startAt ms since 1970, with fractions: the same for all workers */
  | { readonly type: 'run'; readonly startAt: number }
  | { readonly type: 'end' }
  | { readonly type: 'cut off' }

/** An error as plain data. */
export interface PlainError {
  readonly message: string
  /** Of a HarnessError. */
  readonly kind?: ErrorKind
  readonly code?: string
  readonly remedy?: string
}

export interface WorkerStatus {
  readonly vusActive: number
  readonly vusInitialized: number
}

export type FromWorker =
  | { readonly type: 'prepared'; readonly status: WorkerStatus }
  /** The worker waits until the answer's cell is set. */
  | { readonly type: 'may I'; readonly hostname: string }
  | { readonly type: 'status'; readonly status: WorkerStatus; readonly report: WorkerReport | undefined }
  | { readonly type: 'samples'; readonly chunk: NdjsonChunk }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'notice'; readonly line: string }
  | { readonly type: 'abort'; readonly error: PlainError }
  | { readonly type: 'fail'; readonly reason: string }
  | { readonly type: 'failed'; readonly error: PlainError }
  | {
      readonly type: 'done'
      readonly measurements: MeasurementsSnapshot
      readonly durationMs: number
      readonly eventLoopDelayP99Ms: number | undefined
      readonly status: WorkerStatus
    }

/** What progress and aborting thresholds need. */
export interface WorkerReport {
  readonly registry: RegistrySnapshot
  readonly iterations: Readonly<IterationCounts>
}
