import { PROFILES, type Profile } from './profiles.ts'
import { readOverrides, type Thresholds } from './thresholds.ts'
import type { Variables } from './variables.ts'

/** What every scenario is told; docs/load.md lists the variables. */
export interface Settings {
  /** `{base}/s/{site}/dw/shop/{version}`. */
  readonly shopUrl: string
  readonly clientId: string
  /** Sent with every request, such as the pass of a firewall. */
  readonly headers: Readonly<Record<string, string>>
  /** Provider states setup URL; absent: pools come from the accounts file and from the API itself. */
  readonly statesUrl: string | undefined
  /** CSV with the header `login,password,customerId,lockable`. */
  readonly accountsFile: string | undefined
  /** What such a file would hold; it wins over the file. */
  readonly accounts: string | undefined
  readonly profile: Profile
  readonly lockout: { readonly maxAttempts: number; readonly periodSeconds: number }
  readonly tokenLifetimeSeconds: number
  readonly oldTokenAfterRefresh: 'valid' | 'revoked'
  /** The site enforces HTTPS, so that the cookie dwsid alone is an active session. */
  readonly enforceHttps: boolean
  /** Expressions by metric that replace the default ones. */
  readonly thresholds: Thresholds
  /** Iterations per second; absent: as the profile says. */
  readonly rate: number | undefined
  /** Without a rate: the closed model with so many VUs. With a rate: the most VUs that the open model may take. */
  readonly vus: number | undefined
  /** Of the main part, ms; absent: as the profile says. */
  readonly durationMs: number | undefined
  /** ms; absent: as the profile says. */
  readonly warmupMs: number | undefined
  /** Customers or sessions to ask for; absent: as many as the rate needs. */
  readonly customers: number | undefined
  /** A new connection for each request. */
  readonly newConnections: boolean
  /** Of one request, ms. */
  readonly requestTimeoutMs: number
  /** Instances of the generator that share the load (k6-operator's parallelism). */
  readonly instances: number
}

/**
 * Where the target's clock may be moved at the end of a run: not while other instances of the generator still run,
 * whose tokens and locks would end under them.
 * @returns the provider states setup URL
 */
export function movableClock({ statesUrl, instances }: Settings): string | undefined {
  return instances === 1 ? statesUrl : undefined
}

/** Reads the variables that all scenarios share; the script calls `variables.done()` when it has read its own. */
export function readSettings(variables: Variables): Settings {
  return {
    shopUrl: readShopUrl(variables),
    clientId: variables.required('CLIENT_ID', 'the client id that the target knows'),
    headers: readHeaders(variables),
    statesUrl: readUrl(variables, 'STATES_URL'),
    accountsFile: variables.text('ACCOUNTS_FILE'),
    accounts: variables.text('ACCOUNTS'),
    profile: variables.choice('PROFILE', PROFILES) ?? 'smoke',
    lockout: {
      maxAttempts: variables.integer('LOCKOUT_MAX_ATTEMPTS', { min: 1, max: 200 }) ?? 5,
      periodSeconds: variables.integer('LOCKOUT_PERIOD_SECONDS', { min: 1 }) ?? 1800,
    },
    tokenLifetimeSeconds: variables.integer('TOKEN_LIFETIME_SECONDS', { min: 1 }) ?? 1800,
    oldTokenAfterRefresh: variables.choice('OLD_TOKEN_AFTER_REFRESH', ['valid', 'revoked']) ?? 'valid',
    enforceHttps: variables.flag('ENFORCE_HTTPS'),
    thresholds: variables.json('THRESHOLDS', readOverrides) ?? {},
    rate: variables.number('RATE', { min: 0.01 }),
    vus: variables.integer('VUS', { min: 1 }),
    durationMs: variables.length('DURATION', 'never zero'),
    warmupMs: variables.length('WARMUP', 'zero'),
    customers: variables.integer('CUSTOMERS', { min: 1 }),
    newConnections: variables.flag('NEW_CONNECTIONS'),
    requestTimeoutMs: variables.duration('REQUEST_TIMEOUT') ?? 10000,
    instances: variables.integer('INSTANCES', { min: 1 }) ?? 1,
  }
}

/** Its values are secrets, so no message quotes them. */
function readHeaders(variables: Variables): Record<string, string> {
  try {
    const value: unknown = JSON.parse(variables.text('HEADERS') ?? '{}')
    if (isTexts(value)) return value
  } catch {
    // Told below.
  }
  variables.problem('HEADERS must be a JSON object of texts by header name; its value is not shown')
  return {}
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  )
}

function readShopUrl(variables: Variables): string {
  const value = variables.required('SHOP_URL', 'the URL {base}/s/{site}/dw/shop/{version}')
  if (value !== '' && !/^https?:\/\/[^/?#]+\/[^?#]*[^/?#]$/.test(value)) {
    variables.problem(
      `SHOP_URL must be an http or https URL with a path, such as {base}/s/{site}/dw/shop/{version}; it is "${value}"`,
    )
  }
  return value
}

function readUrl(variables: Variables, name: string): string | undefined {
  const value = variables.text(name)
  if (value !== undefined && !/^https?:\/\/[^/]+/.test(value)) {
    variables.problem(`${name} must be an http or https URL; it is "${value}"`)
  }
  return value
}
