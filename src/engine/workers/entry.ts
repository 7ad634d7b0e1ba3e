import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { HarnessError } from '../../verdict/errors.ts'
import { NdjsonEncoder } from '../output/ndjson.ts'
import { systemClock } from '../time/clock.ts'
import { CallbackTimer } from '../time/wheel.ts'
import { ALLOWED, type FromWorker, type ToWorker, type WorkerGiven, type WorkerStatus } from './messages.ts'
import { toPlain } from './plain-error.ts'
import { SegmentRun } from './segment-run.ts'

/** A worker tells how it stands so often, ms. */
const STATUS_INTERVAL_MS = 1_000

if (parentPort === null) throw new Error('this file is the entry of a worker thread')
serve(parentPort, workerData as WorkerGiven)

/** One segment of a run, in a thread of its own, told what to do by messages. */
function serve(port: MessagePort, given: WorkerGiven): void {
  const send = (message: FromWorker): void => port.postMessage(message)
  const { script, options, env, withheld, worker, workers, answer } = given
  const encoder = given.outJson
    ? new NdjsonEncoder((chunk) => send({ type: 'samples', chunk }), Date.now, options.thresholds)
    : undefined
  const segment = new SegmentRun({
    script,
    options,
    env,
    withheld,
    worker,
    workers,
    clock: systemClock,
    ...(encoder && { observe: encoder.observe }),
    allow: (hostname) => ask(send, answer, hostname),
    log: (line) => send({ type: 'log', line }),
    notice: (line) => send({ type: 'notice', line }),
    abort: (reason) => send({ type: 'abort', error: toPlain(reason) }),
    fail: (reason) => send({ type: 'fail', reason }),
  })
  segment.catchRejections()

  const status = (): WorkerStatus => {
    const { vusActive, vusInitialized } = segment.services.instance
    return { vusActive, vusInitialized }
  }

  const run = async (startAt: number): Promise<void> => {
    const { wheel, now } = segment.services
    const tick = new CallbackTimer((time) => {
      wheel.armAt(tick, time + STATUS_INTERVAL_MS)
      const { registry, iterations } = segment.measurements
      send({
        type: 'status',
        status: status(),
        report: given.reports ? { registry: registry.snapshot(), iterations: { ...iterations } } : undefined,
      })
    })
    wheel.armAt(tick, now() + STATUS_INTERVAL_MS)
    await segment.run(startAt - performance.timeOrigin)
    segment.stopClock()
    encoder?.flush()
    send({
      type: 'done',
      measurements: segment.measurements.snapshot(),
      durationMs: segment.durationMs,
      eventLoopDelayP99Ms: segment.eventLoopDelayP99Ms,
      status: status(),
    })
    port.close()
  }

  port.on('message', (message: ToWorker) => {
    const failed = (error: unknown) => send({ type: 'failed', error: toPlain(error) })
    switch (message.type) {
      case 'prepare':
        segment.prepare(message.setupData).then(() => send({ type: 'prepared', status: status() }), failed)
        return
      case 'run':
        run(message.startAt).catch(failed)
        return
      case 'end':
        segment.end()
        return
      case 'cut off':
        segment.cutOff()
    }
  })
}

/** Asks the main thread, which alone knows, and waits: no request may go out before the answer. */
function ask(send: (message: FromWorker) => void, answer: SharedArrayBuffer, hostname: string): void {
  const cell = new Int32Array(answer)
  Atomics.store(cell, 0, ALLOWED.unanswered)
  send({ type: 'may I', hostname })
  Atomics.wait(cell, 0, ALLOWED.unanswered)
  if (Atomics.load(cell, 0) === ALLOWED.yes) return
  // The main thread ends the run with the full error.
  throw new HarnessError('CONFIG', 'LOAD_NOT_ALLOWED', `load is not sent to ${hostname}`)
}
