import { resolve } from 'node:path'
import type { Target } from '../target/target.ts'

/** What a load script is told in `__ENV`. The same variables are set by hand where k6 runs a script alone: see docs/load.md. */
export function loadEnvironment(
  { shopUrl, statesUrl, config }: Target,
  scenario: string,
  profile: string,
): Record<string, string> {
  const thresholds = config.load.thresholds[scenario]?.[profile]
  return {
    SHOP_URL: shopUrl,
    CLIENT_ID: config.target.clientId,
    PROFILE: profile,
    LOCKOUT_MAX_ATTEMPTS: String(config.lockout.maxAttempts),
    LOCKOUT_PERIOD_SECONDS: String(config.lockout.periodSeconds),
    TOKEN_LIFETIME_SECONDS: String(config.token.lifetimeSeconds),
    OLD_TOKEN_AFTER_REFRESH: config.token.oldTokenAfterRefresh,
    ...(statesUrl !== undefined && { STATES_URL: statesUrl }),
    ...(config.accounts && { ACCOUNTS_FILE: resolve(config.accounts.file) }),
    ...(thresholds && { THRESHOLDS: JSON.stringify(thresholds) }),
  }
}
