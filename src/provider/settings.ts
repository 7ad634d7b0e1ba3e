import { randomBytes } from 'node:crypto'

/** What can be set on the reference provider. Lengths of time are in seconds, as the vendor's settings are. */
export interface ProviderSettings {
  /** TCP port on 127.0.0.1; 0: the system chooses. */
  port: number
  siteId: string
  /** As it stands in the URL: `v25_6`. */
  apiVersion: string
  /** The client ids that are known; the first one is the issuer of tokens that provider states make. */
  clientIds: readonly string[]
  tokenLifetimeSeconds: number
  /** Consecutive failed logins after which a customer is locked. */
  maxAttempts: number
  /** How long a lock holds. */
  periodSeconds: number
  /** After this long without a failure the count of failures returns to 0. */
  resetAfterSeconds: number
  /** A session expires after this long without a request. */
  sessionLifetimeSeconds: number
  /** The vendor's preference Enforce HTTPS: `dwsid` alone then suffices. */
  enforceHttps: boolean
  /** HS256 key, at least 32 bytes. */
  secret: Uint8Array
  /**
   * scrypt's N, a power of two. The default is far below what a real store needs (2^14 and more): one hash takes
   * less than a tenth of a millisecond, so that a lockout race of 50,000 attempts and the tests of this project stay
   * quick.
   */
  scryptCost: number
  /** Whether the older token still works after a refresh. */
  oldTokenAfterRefresh: 'valid' | 'revoked'
  /** Id of a planted defect, from `DEFECTS`. */
  defect?: string | undefined
}

/** A setting of the provider is wrong; the message names the setting, the rule and the value. */
export class SettingError extends Error {
  readonly setting: string

  constructor(setting: string, rule: string, value: unknown) {
    super(`provider setting "${setting}" ${rule}; got ${JSON.stringify(value)}`)
    this.name = 'SettingError'
    this.setting = setting
  }
}

/** @throws {SettingError} */
export function completeSettings(given: Partial<ProviderSettings> = {}): ProviderSettings {
  const settings: ProviderSettings = {
    port: 0,
    siteId: 'RefArch',
    apiVersion: 'v25_6',
    clientIds: ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    tokenLifetimeSeconds: 1800,
    maxAttempts: 5,
    periodSeconds: 1800,
    resetAfterSeconds: 86_400,
    sessionLifetimeSeconds: 1800,
    enforceHttps: false,
    secret: randomBytes(32),
    scryptCost: 16,
    oldTokenAfterRefresh: 'valid',
    ...withoutUndefined(given),
  }
  checkSettings(settings)
  return settings
}

/** A caller that passes an option through unset means the default. */
function withoutUndefined(given: Partial<ProviderSettings>): Partial<ProviderSettings> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function checkSettings(settings: ProviderSettings): void {
  if (!Number.isInteger(settings.port) || settings.port < 0 || settings.port > 65_535) {
    throw new SettingError('port', 'must be a whole number from 0 to 65535', settings.port)
  }
  if (!/^[\w-]+$/.test(settings.siteId)) {
    throw new SettingError('siteId', 'must be letters, digits, _ and - only', settings.siteId)
  }
  if (!/^v\d{2}_\d{1,2}$/.test(settings.apiVersion)) {
    throw new SettingError(
      'apiVersion',
      'must be a version as it stands in the URL, such as v25_6',
      settings.apiVersion,
    )
  }
  if (settings.clientIds.length === 0 || settings.clientIds.some((id) => id === '')) {
    throw new SettingError('clientIds', 'must hold at least one id, and no empty one', settings.clientIds)
  }
  for (const name of [
    'tokenLifetimeSeconds',
    'maxAttempts',
    'periodSeconds',
    'resetAfterSeconds',
    'sessionLifetimeSeconds',
  ] as const) {
    if (!Number.isInteger(settings[name]) || settings[name] < 1) {
      throw new SettingError(name, 'must be a whole number of at least 1', settings[name])
    }
  }
  if (settings.secret.byteLength < 32) {
    // The value is a secret: only its length is told.
    throw new SettingError('secret', 'must be at least 32 bytes', `${settings.secret.byteLength} bytes`)
  }
  const cost = settings.scryptCost
  if (!Number.isInteger(cost) || cost < 2 || cost > 2 ** 20 || (cost & (cost - 1)) !== 0) {
    throw new SettingError('scryptCost', 'must be a power of two from 2 to 1048576', cost)
  }
  if (settings.oldTokenAfterRefresh !== 'valid' && settings.oldTokenAfterRefresh !== 'revoked') {
    throw new SettingError(
      'oldTokenAfterRefresh',
      'must be "valid" or "revoked"',
      settings.oldTokenAfterRefresh,
    )
  }
}
