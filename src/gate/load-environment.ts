import { resolve } from 'node:path'
import { ACCOUNTS_VARIABLE } from '../config/settings.ts'
import { deploymentHeaders } from '../target/headers.ts'
import type { Target } from '../target/target.ts'
import { OWN_PROFILE } from './scenarios.ts'

/**
 * What a load script is told in `__ENV`. The same variables are set by hand where k6 runs a script alone: see
 * docs/load.md.
 * @param env the environment: where a CI holds accounts in a variable, it wins over the file, as in the checks
 */
export function loadEnvironment(
  { shopUrl, statesUrl, config }: Target,
  scenario: string,
  profile: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const accounts = env[ACCOUNTS_VARIABLE]
  const headers = deploymentHeaders(config, env)
  const thresholds = config.load.thresholds[scenario]?.[profile]
  return {
    SHOP_URL: shopUrl,
    CLIENT_ID: config.target.clientId,
    ...(profile !== OWN_PROFILE && { PROFILE: profile }),
    LOCKOUT_MAX_ATTEMPTS: String(config.lockout.maxAttempts),
    LOCKOUT_PERIOD_SECONDS: String(config.lockout.periodSeconds),
    TOKEN_LIFETIME_SECONDS: String(config.token.lifetimeSeconds),
    OLD_TOKEN_AFTER_REFRESH: config.token.oldTokenAfterRefresh,
    ENFORCE_HTTPS: String(config.session.enforceHttps),
    ...(Object.keys(headers).length > 0 && { HEADERS: JSON.stringify(headers) }),
    ...(statesUrl !== undefined && { STATES_URL: statesUrl }),
    ...(accounts
      ? { ACCOUNTS: accounts }
      : config.accounts && { ACCOUNTS_FILE: resolve(config.accounts.file) }),
    ...(thresholds && { THRESHOLDS: JSON.stringify(thresholds) }),
  }
}
