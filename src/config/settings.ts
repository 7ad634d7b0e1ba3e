/** How the text of an environment variable or an option becomes a value of the configuration. */
export type TextKind = 'text' | 'number' | 'boolean' | 'list'

interface SettingOption {
  /** As commander names it: the flag without dashes, in camel case. */
  readonly name: string
  /** As the help shows it. */
  readonly flags: `--${string} <${string}>`
  readonly description: string
  /** Says where a deployment is, and so means nothing to a command that serves the embedded provider. */
  readonly deployment: boolean
  /** The only command that has it; absent: every command with a target. */
  readonly command?: string
}

export interface Setting {
  /** Where it stands in the configuration. */
  readonly key: readonly [section: string, key: string]
  readonly variable: string
  readonly kind: TextKind
  readonly option?: SettingOption
}

/**
 * What can be set from outside the configuration file. The options of the commands, the variables, the reference page
 * and the completion are all made of this table.
 */
export const SETTINGS = [
  {
    key: ['target', 'baseUrl'],
    variable: 'AUTH_HARNESS_TARGET',
    kind: 'text',
    option: {
      name: 'target',
      flags: '--target <url>',
      description: 'URL of the target (default: the embedded reference provider)',
      deployment: true,
    },
  },
  {
    key: ['target', 'statesUrl'],
    variable: 'AUTH_HARNESS_STATES_URL',
    kind: 'text',
    option: {
      name: 'statesUrl',
      flags: '--states-url <url>',
      description: 'provider states setup URL of the target',
      deployment: true,
    },
  },
  {
    key: ['target', 'shopPath'],
    variable: 'AUTH_HARNESS_SHOP_PATH',
    kind: 'text',
    option: {
      name: 'shopPath',
      flags: '--shop-path <path>',
      description: 'what follows the URL of the target (default: /s/{siteId}/dw/shop/{apiVersion})',
      deployment: true,
    },
  },
  {
    key: ['target', 'caFile'],
    variable: 'AUTH_HARNESS_CA_FILE',
    kind: 'text',
    option: {
      name: 'caFile',
      flags: '--ca-file <file>',
      description: 'PEM certificates of a private authority of the target',
      deployment: true,
    },
  },
  {
    key: ['target', 'siteId'],
    variable: 'AUTH_HARNESS_SITE',
    kind: 'text',
    option: { name: 'site', flags: '--site <id>', description: 'site id in the path', deployment: false },
  },
  {
    key: ['target', 'apiVersion'],
    variable: 'AUTH_HARNESS_API_VERSION',
    kind: 'text',
    option: {
      name: 'apiVersion',
      flags: '--api-version <version>',
      description: 'API version in the path, such as v25_6',
      deployment: false,
    },
  },
  {
    key: ['target', 'clientId'],
    variable: 'AUTH_HARNESS_CLIENT_ID',
    kind: 'text',
    option: {
      name: 'clientId',
      flags: '--client-id <id>',
      description: 'client id in x-dw-client-id',
      deployment: false,
    },
  },
  { key: ['target', 'loadAllowedHosts'], variable: 'AUTH_HARNESS_LOAD_ALLOWED_HOSTS', kind: 'list' },
  {
    key: ['target', 'timeoutSeconds'],
    variable: 'AUTH_HARNESS_TIMEOUT_SECONDS',
    kind: 'number',
    option: {
      name: 'timeout',
      flags: '--timeout <seconds>',
      description: 'of one request of the contract and behaviour stages',
      deployment: true,
    },
  },
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
  {
    key: ['gate', 'stages'],
    variable: 'AUTH_HARNESS_STAGES',
    kind: 'list',
    option: {
      name: 'stages',
      flags: '--stages <names>',
      description: 'only these of contract,verify,check,load; what is left out is told, and never held',
      deployment: true,
      command: 'gate',
    },
  },
  {
    key: ['gate', 'scenarios'],
    variable: 'AUTH_HARNESS_SCENARIOS',
    kind: 'list',
    option: {
      name: 'scenarios',
      flags: '--scenarios <names>',
      description: 'only these of the load scenarios, such as issuance,refresh',
      deployment: true,
      command: 'gate',
    },
  },
  {
    key: ['accounts', 'file'],
    variable: 'AUTH_HARNESS_ACCOUNTS_FILE',
    kind: 'text',
    option: {
      name: 'accountsFile',
      flags: '--accounts-file <file>',
      description: 'CSV of customers that exist on the target',
      deployment: true,
    },
  },
] as const satisfies readonly Setting[]

type NamedOption = Extract<(typeof SETTINGS)[number], { option: SettingOption }>['option']['name']

/** Options of the command line that override the configuration, as they were typed. */
export type SettingOptions = { readonly [Name in NamedOption]?: string | undefined }

/** The settings that are options too. */
export const OPTION_SETTINGS: readonly (Setting & {
  readonly option: SettingOption & { readonly name: NamedOption }
})[] = SETTINGS.flatMap((setting) => ('option' in setting ? [setting] : []))

/** @returns of a command's options those that override the configuration */
export function overridesOf(options: SettingOptions): SettingOptions {
  return Object.fromEntries(OPTION_SETTINGS.map(({ option: { name } }) => [name, options[name]]))
}

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
