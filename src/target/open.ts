import { CustomersClient } from '../client/customers-client.ts'
import type { Config } from '../config/schema.ts'
import { ACCOUNTS_VARIABLE } from '../config/variables.ts'
import { HarnessError } from '../verdict/errors.ts'
import { type Account, parseAccounts, readAccountsFile } from './accounts/accounts.ts'
import { AccountPool } from './accounts/pool.ts'
import { type EmbeddedOptions, openEmbedded } from './embedded/open.ts'
import { shopUrlOf } from './shop-url.ts'
import { StatesOverApi } from './states/over-api.ts'
import { StatesOverHttp } from './states/over-http.ts'
import type { ProviderStates } from './states/states.ts'
import type { Target } from './target.ts'
import type { Verification } from './verification.ts'

export interface TargetOptions extends EmbeddedOptions {
  /** Where the secret of `token.verification.secretEnv` and the accounts are looked for; `process.env` unless set. */
  env?: Readonly<Record<string, string | undefined>> | undefined
}

/**
 * The target that the configuration names: the embedded reference provider without `target.baseUrl`, else that URL.
 * A URL is not called yet: see `checkReachable`.
 * @throws {HarnessError} CONFIG: `SECRET_MISSING`, `DEFECT_NEEDS_EMBEDDED`, or as the accounts and the embedded
 *   provider do
 */
export async function openTarget(config: Config, options: TargetOptions = {}): Promise<Target> {
  const { baseUrl } = config.target
  if (baseUrl === undefined) return openEmbedded(config, options)
  if (options.defect !== undefined)
    throw new HarnessError(
      'CONFIG',
      'DEFECT_NEEDS_EMBEDDED',
      `a defect (--defect ${options.defect}) is planted in the embedded provider only, and the target is ${baseUrl}`,
      { remedy: 'leave --defect out, or the target' },
    )
  return openUrl(config, new URL(baseUrl).origin, options.env ?? process.env)
}

async function openUrl(
  config: Config,
  baseUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  const { statesUrl } = config.target
  const shopUrl = shopUrlOf(baseUrl, config)
  return {
    kind: 'url',
    config,
    baseUrl,
    shopUrl,
    statesUrl,
    states:
      statesUrl === undefined ? await statesOverApi(config, shopUrl, env) : new StatesOverHttp(statesUrl),
    verification: verificationOf(config, env),
    defect: undefined,
    close: async () => {},
  }
}

async function statesOverApi(
  config: Config,
  shopUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ProviderStates> {
  const client = new CustomersClient({
    shopUrl,
    clientId: config.target.clientId,
    timeoutMs: config.target.timeoutSeconds * 1000,
  })
  return new StatesOverApi(client, new AccountPool(await configuredAccounts(config, env)), config)
}

/** A CI keeps secrets in variables: the variable wins over the file. */
export async function configuredAccounts(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Account[]> {
  const text = env[ACCOUNTS_VARIABLE]
  if (text) return parseAccounts(text, `environment variable ${ACCOUNTS_VARIABLE}`)
  return config.accounts === undefined ? [] : readAccountsFile(config.accounts.file)
}

function verificationOf(config: Config, env: Readonly<Record<string, string | undefined>>): Verification {
  const { verification } = config.token
  if (verification === 'opaque') return { kind: 'opaque' }
  if ('jwksUrl' in verification)
    return { kind: 'jwks', url: verification.jwksUrl, algorithms: verification.algorithms }
  const secret = env[verification.secretEnv]
  if (!secret)
    throw new HarnessError(
      'CONFIG',
      'SECRET_MISSING',
      `token.verification.secretEnv names the environment variable ${verification.secretEnv}, which is not set`,
    )
  return { kind: 'secret', secret: Buffer.from(secret), algorithms: verification.algorithms }
}
