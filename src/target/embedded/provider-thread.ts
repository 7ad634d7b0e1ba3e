import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ProviderSettings } from '../../provider/index.ts'
import { HarnessError } from '../../verdict/errors.ts'

/** What the worker says, once: where the provider listens, or why it does not. */
export type WorkerMessage =
  | { kind: 'listening'; url: string; statesUrl: string }
  | { kind: 'failed'; name: string; code: string | undefined; message: string }

/** A start takes a part of a second; on a machine that swaps, some (ms). */
const START_TIMEOUT_MS = 60_000
/** The provider ends its connections at once, so a thread that takes longer is stuck (ms). */
const CLOSE_TIMEOUT_MS = 5000

/** The thread that the reference provider lives in. */
export class ProviderThread {
  readonly url: string
  readonly statesUrl: string
  readonly #worker: Worker
  readonly #ended: Promise<void>
  /** Why the thread ended, where nobody closed it. */
  #crash: HarnessError | undefined
  #closing = false

  private constructor(worker: Worker, { url, statesUrl }: WorkerMessage & { kind: 'listening' }) {
    this.#worker = worker
    this.url = url
    this.statesUrl = statesUrl
    worker.on('error', (error) => {
      this.#crash ??= crashed(error)
    })
    this.#ended = new Promise((resolve) => {
      worker.on('exit', (code) => {
        if (!this.#closing) this.#crash ??= crashed(`its thread ended with code ${code}`)
        resolve()
      })
    })
  }

  /**
   * @param entry what the thread runs
   * @throws {HarnessError} CONFIG `PROVIDER_SETTING`, `PORT_UNAVAILABLE`; HARNESS `PROVIDER_CRASHED`
   */
  static async start(
    settings: Partial<ProviderSettings>,
    entry: URL = new URL(`./worker${extname(import.meta.url)}`, import.meta.url),
    timeoutMs: number = START_TIMEOUT_MS,
  ): Promise<ProviderThread> {
    const worker = new Worker(entry, { workerData: settings, name: 'reference provider' })
    const message = await firstMessage(worker, timeoutMs)
    if (message.kind === 'listening') return new ProviderThread(worker, message)
    await worker.terminate()
    throw startFailure(message)
  }

  /** @throws {HarnessError} HARNESS `PROVIDER_CRASHED` */
  assertAlive(): void {
    if (this.#crash !== undefined) throw this.#crash
  }

  /** @param timeoutMs after which a stuck thread is ended */
  async close(timeoutMs: number = CLOSE_TIMEOUT_MS): Promise<void> {
    this.#closing = true
    this.#worker.postMessage('close')
    const stuck = setTimeout(() => this.#worker.terminate(), timeoutMs)
    await this.#ended
    clearTimeout(stuck)
  }
}

async function firstMessage(worker: Worker, timeoutMs: number): Promise<WorkerMessage> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<WorkerMessage>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', (error) => reject(crashed(error)))
      worker.once('exit', (code) => reject(crashed(`its thread ended with code ${code}`)))
      timer = setTimeout(() => reject(crashed(`it did not start within ${timeoutMs} ms`)), timeoutMs)
    })
  } catch (error) {
    await worker.terminate()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function startFailure({ name, code, message }: WorkerMessage & { kind: 'failed' }): HarnessError {
  if (name === 'SettingError') return new HarnessError('CONFIG', 'PROVIDER_SETTING', message)
  if (code === 'EADDRINUSE' || code === 'EACCES')
    return new HarnessError('CONFIG', 'PORT_UNAVAILABLE', `--port: ${message}`, {
      remedy: 'choose another port, or 0 for any that is free',
    })
  return crashed(message)
}

function crashed(why: unknown): HarnessError {
  return new HarnessError('HARNESS', 'PROVIDER_CRASHED', `the reference provider crashed: ${why}`, {
    ...(why instanceof Error && { cause: why }),
  })
}
