import { randomBytes } from 'node:crypto'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ProviderSettings } from '../provider/index.ts'
import { HarnessError } from '../verdict/errors.ts'
import { suggestion } from '../verdict/suggestion.ts'
import type { Config } from './config.ts'
import { DEFECTS } from './defects.ts'
import { shopUrlOf } from './shop-url.ts'
import type { ParamsOf, ProviderStateName, ProviderStates, ValuesOf } from './states.ts'
import { StatesOverHttp } from './states-over-http.ts'
import type { Target } from './target.ts'

export interface EmbeddedOptions {
  /** Id of the defect to plant. */
  defect?: string | undefined
  /** Port on 127.0.0.1; the system chooses unless set. */
  port?: number | undefined
  /** Over what the configuration says. */
  providerSettings?: Partial<ProviderSettings> | undefined
}

/** What the worker says, once: where the provider listens, or why it does not. */
export type WorkerMessage =
  | { kind: 'listening'; url: string; statesUrl: string }
  | { kind: 'failed'; name: string; code: string | undefined; message: string }

/**
 * The reference provider, in a thread of its own, so that its work and a load on it do not share an event loop. It is
 * given the configured settings, so that both sides agree, and a random secret, so that TOKEN-5 is provable; a
 * configured `token.verification` speaks of a URL and has no meaning here.
 * @throws {HarnessError} CONFIG `UNKNOWN_DEFECT`, `PROVIDER_SETTING`, `PORT_UNAVAILABLE`; HARNESS `PROVIDER_CRASHED`
 */
export async function openEmbedded(config: Config, options: EmbeddedOptions = {}): Promise<Target> {
  const { defect } = options
  if (defect !== undefined) checkDefect(defect)
  const secret = new Uint8Array(randomBytes(32))
  const settings: Partial<ProviderSettings> = {
    port: options.port ?? 0,
    siteId: config.target.siteId,
    apiVersion: config.target.apiVersion,
    clientIds: [config.target.clientId],
    tokenLifetimeSeconds: config.token.lifetimeSeconds,
    oldTokenAfterRefresh: config.token.oldTokenAfterRefresh,
    maxAttempts: config.lockout.maxAttempts,
    periodSeconds: config.lockout.periodSeconds,
    resetAfterSeconds: config.lockout.resetAfterSeconds,
    enforceHttps: config.session.enforceHttps,
    secret,
    defect,
    ...options.providerSettings,
  }
  const provider = await ProviderThread.start(settings)
  return {
    kind: 'embedded',
    config,
    baseUrl: provider.url,
    shopUrl: shopUrlOf(provider.url, config),
    statesUrl: provider.statesUrl,
    states: new WatchedStates(new StatesOverHttp(provider.statesUrl), provider),
    verification: { kind: 'secret', secret: settings.secret ?? secret, algorithms: ['HS256'] },
    defect,
    close: () => provider.close(),
  }
}

function checkDefect(defect: string): void {
  const known = DEFECTS.map(({ id }) => id)
  if (known.includes(defect)) return
  throw new HarnessError(
    'CONFIG',
    'UNKNOWN_DEFECT',
    `--defect: "${defect}" is not known${suggestion(defect, known)}`,
  )
}

class ProviderThread {
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

  static async start(settings: Partial<ProviderSettings>): Promise<ProviderThread> {
    const entry = new URL(`./embedded-worker${extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(entry, { workerData: settings, name: 'reference provider' })
    const message = await new Promise<WorkerMessage>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', (error) => reject(crashed(error)))
      worker.once('exit', (code) => reject(crashed(`its thread ended with code ${code}`)))
    })
    if (message.kind === 'listening') return new ProviderThread(worker, message)
    await worker.terminate()
    throw startFailure(message)
  }

  /** @throws {HarnessError} HARNESS `PROVIDER_CRASHED` */
  assertAlive(): void {
    if (this.#crash !== undefined) throw this.#crash
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#worker.postMessage('close')
    await this.#ended
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

/** A crash of the provider is told as what it is, and not as a target that refuses connections. */
class WatchedStates implements ProviderStates {
  readonly #states: ProviderStates
  readonly #provider: ProviderThread

  constructor(states: ProviderStates, provider: ProviderThread) {
    this.#states = states
    this.#provider = provider
  }

  get passedSeconds(): number {
    return this.#states.passedSeconds
  }

  async setUp<Name extends ProviderStateName>(state: Name, params: ParamsOf<Name>): Promise<ValuesOf<Name>> {
    this.#provider.assertAlive()
    try {
      return await this.#states.setUp(state, params)
    } catch (error) {
      this.#provider.assertAlive()
      throw error
    }
  }
}
