import { Worker } from 'node:worker_threads'
import { HarnessError } from '../../verdict/errors.ts'
import { addIterations, Measurements } from '../metrics/measurements.ts'
import type { NdjsonChunk } from '../output/ndjson.ts'
import {
  ALLOWED,
  type FromWorker,
  type ToWorker,
  type WorkerGiven,
  type WorkerReport,
  type WorkerStatus,
} from './messages.ts'
import { fromPlain } from './plain-error.ts'
import type { SegmentRun } from './segment-run.ts'
import type { Workers, WorkersStatus } from './workers.ts'

/** Between the word to start and the start, so that all threads have heard it, ms. */
const START_DELAY_MS = 50

/** What the run's main thread does for its workers. */
export interface WorkersHost {
  /** Whether load may be sent to the host; ends the run where it may not. */
  mayLoad(hostname: string): boolean
  log(line: string): void
  notice(line: string): void
  abort(reason: Error): void
  fail(reason: string): void
  samples(chunk: NdjsonChunk): void
}

/** Threads that divide the VUs and the iterations of every scenario by execution segments. */
export class WorkerThreads implements Workers {
  readonly workers: number
  readonly #main: SegmentRun
  readonly #members: readonly Member[]

  /**
   * @param main the segment of the main thread: of setup and teardown
   * @param given of each worker, but for its place
   */
  constructor(
    workers: number,
    main: SegmentRun,
    given: Omit<WorkerGiven, 'worker' | 'workers' | 'answer'>,
    host: WorkersHost,
  ) {
    this.workers = workers
    this.#main = main
    this.#members = Array.from(
      { length: workers },
      (_, worker) =>
        new Member(
          { ...given, worker, workers, answer: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT) },
          host,
        ),
    )
  }

  async prepare(setupData: string | undefined): Promise<void> {
    await Promise.all(this.#members.map((member) => member.prepare(setupData)))
  }

  async run(): Promise<void> {
    const startAt = performance.timeOrigin + performance.now() + START_DELAY_MS
    await Promise.all(this.#members.map((member) => member.run(startAt)))
  }

  end(): void {
    for (const member of this.#members) member.send({ type: 'end' })
  }

  cutOff(): void {
    for (const member of this.#members) member.send({ type: 'cut off' })
  }

  status(): WorkersStatus {
    return this.#members.reduce(
      (sum, { status }) => ({
        vusActive: sum.vusActive + status.vusActive,
        vusInitialized: sum.vusInitialized + status.vusInitialized,
      }),
      { vusActive: 0, vusInitialized: 0 },
    )
  }

  measurements(): Measurements {
    const all = new Measurements({
      selectors: this.#main.services.options.thresholds.map(({ metric }) => metric),
    })
    all.merge(this.#main.measurements.snapshot())
    for (const { done, report } of this.#members) {
      if (done !== undefined) all.merge(done.measurements)
      else if (report !== undefined) {
        all.registry.merge(report.registry)
        addIterations(report.iterations, all.iterations)
      }
    }
    return all
  }

  get durationMs(): number {
    return Math.max(0, ...this.#members.map(({ done }) => done?.durationMs ?? 0))
  }

  get eventLoopDelayP99Ms(): number | undefined {
    const delays = this.#members
      .map(({ done }) => done?.eventLoopDelayP99Ms)
      .filter((delay) => delay !== undefined)
    return delays.length === 0 ? undefined : Math.max(...delays)
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()))
  }
}

type Done = Extract<FromWorker, { type: 'done' }>

/** One thread. */
class Member {
  status: WorkerStatus = { vusActive: 0, vusInitialized: 0 }
  report: WorkerReport | undefined
  done: Done | undefined
  readonly #worker: Worker
  readonly #prepared = Promise.withResolvers<void>()
  readonly #done = Promise.withResolvers<void>()

  constructor(given: WorkerGiven, host: WorkersHost) {
    const entry = import.meta.url.endsWith('.ts') ? './entry.ts' : './entry.js'
    this.#worker = new Worker(new URL(entry, import.meta.url), { workerData: given })
    this.#worker.on('message', (message: FromWorker) => this.#hear(message, given, host))
    this.#worker.on('error', (error) => this.#fail(workerDied(error.message)))
    this.#worker.on('exit', (code) => {
      if (this.done === undefined) this.#fail(workerDied(`it ended with the code ${code}`))
    })
    // Whoever waits hears of a failure; nobody may be waiting yet, or any more.
    this.#prepared.promise.catch(() => {})
    this.#done.promise.catch(() => {})
  }

  prepare(setupData: string | undefined): Promise<void> {
    this.send({ type: 'prepare', setupData })
    return this.#prepared.promise
  }

  run(startAt: number): Promise<void> {
    this.send({ type: 'run', startAt })
    return this.#done.promise
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #hear(message: FromWorker, given: WorkerGiven, host: WorkersHost): void {
    switch (message.type) {
      case 'prepared':
        this.status = message.status
        this.#prepared.resolve()
        return
      case 'may I': {
        const cell = new Int32Array(given.answer)
        Atomics.store(cell, 0, host.mayLoad(message.hostname) ? ALLOWED.yes : ALLOWED.no)
        Atomics.notify(cell, 0)
        return
      }
      case 'status':
        this.status = message.status
        this.report = message.report
        return
      case 'samples':
        host.samples(message.chunk)
        return
      case 'log':
        host.log(message.line)
        return
      case 'notice':
        host.notice(message.line)
        return
      case 'abort':
        host.abort(fromPlain(message.error))
        return
      case 'fail':
        host.fail(message.reason)
        return
      case 'failed':
        this.#fail(fromPlain(message.error))
        return
      case 'done':
        this.done = message
        this.status = message.status
        this.#done.resolve()
    }
  }

  #fail(error: Error): void {
    this.#prepared.reject(error)
    this.#done.reject(error)
  }
}

function workerDied(reason: string): HarnessError {
  return new HarnessError('HARNESS', 'WORKER_DIED', `A worker thread of the engine died: ${reason}`)
}
