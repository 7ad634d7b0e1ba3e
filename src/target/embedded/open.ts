import { randomBytes } from 'node:crypto'
import type { Config } from '../../config/schema.ts'
import type { ProviderSettings } from '../../provider/index.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { suggestion } from '../../verdict/suggestion.ts'
import { shopUrlOf } from '../shop-url.ts'
import { StatesOverHttp } from '../states/over-http.ts'
import type { ParamsOf, ProviderStateName, ProviderStates, ValuesOf } from '../states/states.ts'
import type { Target } from '../target.ts'
import { DEFECTS } from './defects.ts'
import { ProviderThread } from './provider-thread.ts'

export interface EmbeddedOptions {
  /** Id of the defect to plant. */
  defect?: string | undefined
  /** Port on 127.0.0.1; the system chooses unless set. */
  port?: number | undefined
  /** Over what the configuration says. */
  providerSettings?: Partial<ProviderSettings> | undefined
}

/**
 * The reference provider, in a thread of its own, so that its work and a load on it do not share an event loop. It is
 * given the configured settings, so that both sides agree, and a random secret, so that TOKEN-5 is provable; a
 * configured `token.verification` speaks of a URL and has no meaning here.
 * @throws {HarnessError} CONFIG `UNKNOWN_DEFECT`, or what {@link ProviderThread.start} throws
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
