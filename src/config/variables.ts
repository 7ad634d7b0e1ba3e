/** How the text of an environment variable or an option becomes a value of the configuration. */
export type TextKind = 'text' | 'number' | 'boolean' | 'list'

export interface Setting {
  /** Where it stands in the configuration. */
  readonly key: readonly [string, string]
  readonly variable: string
  readonly kind: TextKind
  /** The command's option, without dashes in camel case, and as it is typed. */
  readonly option?: { readonly name: keyof ConfigOverrides; readonly flag: string }
}

/** Options of the command line that override the configuration. */
export interface ConfigOverrides {
  target?: string | undefined
  statesUrl?: string | undefined
  site?: string | undefined
  apiVersion?: string | undefined
  clientId?: string | undefined
}

/** What can be set from outside the configuration file; the documentation's table is this one. */
export const SETTINGS: readonly Setting[] = [
  {
    key: ['target', 'baseUrl'],
    variable: 'AUTH_HARNESS_TARGET',
    kind: 'text',
    option: { name: 'target', flag: '--target' },
  },
  {
    key: ['target', 'statesUrl'],
    variable: 'AUTH_HARNESS_STATES_URL',
    kind: 'text',
    option: { name: 'statesUrl', flag: '--states-url' },
  },
  {
    key: ['target', 'siteId'],
    variable: 'AUTH_HARNESS_SITE',
    kind: 'text',
    option: { name: 'site', flag: '--site' },
  },
  {
    key: ['target', 'apiVersion'],
    variable: 'AUTH_HARNESS_API_VERSION',
    kind: 'text',
    option: { name: 'apiVersion', flag: '--api-version' },
  },
  {
    key: ['target', 'clientId'],
    variable: 'AUTH_HARNESS_CLIENT_ID',
    kind: 'text',
    option: { name: 'clientId', flag: '--client-id' },
  },
  { key: ['target', 'loadAllowedHosts'], variable: 'AUTH_HARNESS_LOAD_ALLOWED_HOSTS', kind: 'list' },
  { key: ['target', 'timeoutSeconds'], variable: 'AUTH_HARNESS_TIMEOUT_SECONDS', kind: 'number' },
  { key: ['token', 'lifetimeSeconds'], variable: 'AUTH_HARNESS_TOKEN_LIFETIME_SECONDS', kind: 'number' },
  {
    key: ['token', 'clockToleranceSeconds'],
    variable: 'AUTH_HARNESS_CLOCK_TOLERANCE_SECONDS',
    kind: 'number',
  },
  { key: ['lockout', 'maxAttempts'], variable: 'AUTH_HARNESS_LOCKOUT_MAX_ATTEMPTS', kind: 'number' },
  { key: ['lockout', 'periodSeconds'], variable: 'AUTH_HARNESS_LOCKOUT_PERIOD_SECONDS', kind: 'number' },
  {
    key: ['lockout', 'resetAfterSeconds'],
    variable: 'AUTH_HARNESS_LOCKOUT_RESET_AFTER_SECONDS',
    kind: 'number',
  },
  { key: ['session', 'enforceHttps'], variable: 'AUTH_HARNESS_ENFORCE_HTTPS', kind: 'boolean' },
  { key: ['accounts', 'file'], variable: 'AUTH_HARNESS_ACCOUNTS_FILE', kind: 'text' },
]

/** Holds the accounts themselves, as the accounts file would, where a CI keeps secrets in variables. */
export const ACCOUNTS_VARIABLE = 'AUTH_HARNESS_ACCOUNTS'

/** Text that is not of its kind stays text, so that the schema refuses it and the message shows what was written. */
export function valueOfText(kind: TextKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return text
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    case 'list':
      return text.split(',').map((entry) => entry.trim())
  }
}
