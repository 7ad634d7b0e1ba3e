import { fromState } from './from-state.ts'

/**
 * The values that stand in the pact files where a real request or answer holds the provider's own. They look right
 * and open nothing; the lint refuses any other token or credential in a written pact.
 */

/** Stands for the client id that the target is configured with. */
export const clientId = fromState('{clientId}', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /^\S+$/)

/** Of the right form, and known to nobody. */
export const UNKNOWN_CLIENT_ID = 'ffffffff-ffff-4fff-bfff-ffffffffffff'

export const EXAMPLE_CUSTOMER_ID = 'abExampleCustomerExample01'

export const EXAMPLE_TOKEN = exampleToken()

const EXAMPLE_CREDENTIALS = ['example@example.com', 'Example-1'] as const

/** What a Bearer token looks like: two JSON objects (`{"` is `eyJ`) and a signature, in base64url (clause TOKEN-2). */
const BEARER_TOKEN = /^Bearer eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/

const BASIC = /^Basic [\w+/]+=*$/

/** The cookies of a session, in any order and among others. */
const SESSION_COOKIES = /^(?=.*\bdwsid=[^;]+)(?=.*\bdwsecuretoken_\w+=[^;]+).*$/

const DWSID = 'dwsid=example'
const SECURE_TOKEN = 'dwsecuretoken_0123456789abcdef0123456789abcdef=example'

/** The Basic value that a registered customer logs in with. */
export const basic = fromState('Basic {basic}', `Basic ${base64(EXAMPLE_CREDENTIALS.join(':'))}`, BASIC)

/** The Bearer value of the state's token. */
export const bearer = fromState('Bearer {token}', `Bearer ${EXAMPLE_TOKEN}`, BEARER_TOKEN)

/** The Cookie header of the state's session. */
export const sessionCookies = fromState('{cookie}', `${DWSID}; ${SECURE_TOKEN}`, SESSION_COOKIES)

export const customerId = fromState('{customerId}', EXAMPLE_CUSTOMER_ID, /^[^/?#]+$/)

/** Basic values that are wrong in one way. */
export const wrongBasic = {
  password: fromState('Basic {basicWithWrongPassword}', basicExample('example@example.com:Wrong-1'), BASIC),
  login: fromState('Basic {basicOfUnknownLogin}', basicExample('nobody@example.com:Example-1'), BASIC),
  noColon: fromState('Basic {basicWithoutColon}', basicExample('example@example.com'), BASIC),
  noPassword: fromState('Basic {basicWithEmptyPassword}', basicExample('example@example.com:'), BASIC),
  notBase64: fromState('Basic {basicNotBase64}', 'Basic *not*base64*', /^Basic .*\*.*$/),
  scheme: fromState('Bearer {basic}', `Bearer ${base64(EXAMPLE_CREDENTIALS.join(':'))}`, /^Bearer \S+$/),
}

/** Bearer values that are wrong in one way, made from a token that the provider issued. */
export const wrongBearer = {
  payload: fromState(
    'Bearer {tokenWithAlteredPayload}',
    `Bearer ${exampleToken({ exp: 1799 })}`,
    BEARER_TOKEN,
  ),
  signature: fromState(
    'Bearer {tokenWithAlteredSignature}',
    `Bearer ${exampleToken({ signature: 'altered' })}`,
    BEARER_TOKEN,
  ),
  algNone: fromState(
    'Bearer {tokenWithAlgNone}',
    `Bearer ${exampleToken({ alg: 'none', signature: '' })}`,
    /^Bearer eyJ[\w-]+\.eyJ[\w-]+\.$/,
  ),
  twoSections: fromState(
    'Bearer {tokenWithoutSignature}',
    `Bearer ${EXAMPLE_TOKEN.split('.').slice(0, 2).join('.')}`,
    /^Bearer eyJ[\w-]+\.eyJ[\w-]+$/,
  ),
  scheme: fromState('Basic {token}', `Basic ${EXAMPLE_TOKEN}`, /^Basic eyJ\S+$/),
}

/** Cookie headers that are wrong in one way, made from sessions that the provider opened. */
export const wrongCookies = {
  noSecureToken: fromState('{cookieWithoutSecureToken}', DWSID, /^dwsid=[^;]+$/),
  noDwsid: fromState('{cookieWithoutDwsid}', SECURE_TOKEN, /^dwsecuretoken_\w+=[^;]+$/),
  wrongSecureToken: fromState(
    '{cookieWithWrongSecureToken}',
    `${DWSID}; ${SECURE_TOKEN}-wrong`,
    SESSION_COOKIES,
  ),
  anothersSecureToken: fromState(
    '{cookieWithAnothersSecureToken}',
    `${DWSID}; ${SECURE_TOKEN}-of-another`,
    SESSION_COOKIES,
  ),
}

/** Every token and credential that a pact may hold, without its scheme. */
export const EXAMPLE_SECRETS: ReadonlySet<string> = new Set(
  [basic, bearer, ...Object.values(wrongBasic), ...Object.values(wrongBearer)].map(({ example }) =>
    example.replace(/^\w+ /, ''),
  ),
)

function exampleToken({ alg = 'HS256', exp = 1800, signature = 'example' } = {}): string {
  const payload = { exp, iat: 0, iss: clientId.example, sub: '{"customer_id":"example","guest":true}' }
  return [section({ alg, typ: 'JWT' }), section(payload), Buffer.from(signature).toString('base64url')].join(
    '.',
  )
}

function section(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function basicExample(text: string): string {
  return `Basic ${base64(text)}`
}
