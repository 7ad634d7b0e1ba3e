import type { Config } from '../../../../src/config/schema.ts'
import {
  type ProviderStateName,
  StateNotProvable,
  type ValuesOf,
} from '../../../../src/target/states/states.ts'
import { forge } from '../../tokens.ts'

/** The values of one provider state, as the target gave them. */
export type Values = Readonly<Record<string, unknown>>

/** What each provider state gives, for the lint of the expressions that use it. */
const NAMES: { readonly [Name in ProviderStateName]: readonly (keyof ValuesOf<Name>)[] } = {
  'a registered customer': ['login', 'password', 'basic', 'customerId'],
  'registered customers': ['customers'],
  'a locked customer': ['login', 'password', 'basic', 'customerId'],
  'an active session': ['cookie', 'dwsid', 'secureTokenName', 'secureToken', 'customerId'],
  'active sessions': ['sessions'],
  'an expired session': ['cookie', 'dwsid', 'secureTokenName', 'secureToken', 'customerId'],
  'a session whose secure token was never used': [
    'cookie',
    'dwsid',
    'secureTokenName',
    'secureToken',
    'customerId',
  ],
  'a customer token': ['token', 'customerId'],
  'an expired customer token': ['token', 'customerId'],
  'time passes': [],
}

export function isProviderState(name: string): name is ProviderStateName {
  return Object.hasOwn(NAMES, name)
}

/** No secret: Pact gets it as it is, and everything else as a placeholder. */
export function isPublic(name: string): boolean {
  return name === 'clientId' || name === 'customerId'
}

/**
 * Values that no provider state gives, made from those that it gives: invalid in one way only. Each needs the values
 * after which it is listed.
 */
const DERIVED: Readonly<
  Record<string, Readonly<Record<string, (values: Values, config: Config) => string>>>
> = {
  basic: {
    basicWithWrongPassword: (values) => basic(text(values, 'login'), `${text(values, 'password')}-wrong`),
    basicOfUnknownLogin: (values) => basic(`unknown-${text(values, 'login')}`, text(values, 'password')),
    basicWithoutColon: (values) => base64(text(values, 'login')),
    basicWithEmptyPassword: (values) => basic(text(values, 'login'), ''),
    basicNotBase64: (values) => `*${text(values, 'basic')}`,
  },
  token: {
    tokenWithAlteredPayload: (values) => forge.alterPayload(text(values, 'token')),
    tokenWithAlteredSignature: (values) => forge.alterSignature(text(values, 'token')),
    tokenWithAlgNone: (values) => forge.unsigned(text(values, 'token')),
    tokenWithoutSignature: (values) => forge.twoSections(text(values, 'token')),
  },
  cookie: {
    cookieWithoutSecureToken: (values, config) =>
      withSecureToken(config, 'an active session', `dwsid=${text(values, 'dwsid')}`),
    cookieWithWrongSecureToken: (values, config) =>
      withSecureToken(
        config,
        'an active session',
        `dwsid=${text(values, 'dwsid')}; ${text(values, 'secureTokenName')}=${otherText(text(values, 'secureToken'))}`,
      ),
    cookieWithoutDwsid: (values, config) =>
      values.secureTokenName === undefined
        ? withSecureToken(config, 'an active session', '')
        : `${text(values, 'secureTokenName')}=${text(values, 'secureToken')}`,
  },
  sessions: {
    cookieWithAnothersSecureToken: (values, config) => {
      const [session, another] = values.sessions as ValuesOf<'active sessions'>['sessions']
      if (session === undefined || another === undefined)
        throw new Error('the state gave fewer than two sessions')
      return withSecureToken(
        config,
        'active sessions',
        `dwsid=${session.dwsid}; ${another.secureTokenName}=${another.secureToken}`,
      )
    },
  },
}

/** Names of all values that a request may use in these states. */
export function valueNames(states: readonly ProviderStateName[]): ReadonlySet<string> {
  const given = states.flatMap((state) => NAMES[state] as readonly string[])
  return new Set(['clientId', ...given, ...given.flatMap((name) => Object.keys(DERIVED[name] ?? {}))])
}

/** What Pact is given instead of the values: a placeholder for each secret, which the gateway fills in. */
export function placeholders(values: Values): Record<string, string> {
  const names = Object.keys(values).flatMap((name) => [name, ...Object.keys(DERIVED[name] ?? {})])
  return Object.fromEntries(
    names.map((name) => [name, isPublic(name) ? String(values[name]) : `{{${name}}}`]),
  )
}

const PLACEHOLDER = /\{\{(\w+)\}\}/g

/**
 * A header value or path with its placeholders filled in.
 * @throws {StateNotProvable} the target's configuration makes the value valid
 * @throws {HarnessError} TARGET: the target gave a value that nothing can be made from
 */
export function fillIn(template: string, values: Values, config: Config): string {
  return template.replace(PLACEHOLDER, (_, name: string) => {
    if (Object.hasOwn(values, name)) return text(values, name)
    const derive = Object.values(DERIVED).find((names) => Object.hasOwn(names, name))?.[name]
    if (derive === undefined) throw new Error(`no provider state gives ${name}`)
    return derive(values, config)
  })
}

function text(values: Values, name: string): string {
  const value = values[name]
  if (typeof value !== 'string') throw new Error(`the provider state gave no ${name}`)
  return value
}

/**
 * With the preference Enforce HTTPS dwsid alone suffices, so that nothing can be wrong with a secure token.
 * @throws {StateNotProvable}
 */
export function requireSecureTokens(config: Config, state: ProviderStateName): void {
  if (config.session.enforceHttps)
    throw new StateNotProvable(
      state,
      'session.enforceHttps is on: the target does not ask for a secure token',
    )
}

function withSecureToken(config: Config, state: ProviderStateName, cookie: string): string {
  requireSecureTokens(config, state)
  return cookie
}

/** Another text of the same length and alphabet. */
function otherText(value: string): string {
  return `${value.startsWith('a') ? 'b' : 'a'}${value.slice(1)}`
}

function basic(login: string, password: string): string {
  return base64(`${login}:${password}`)
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64')
}
