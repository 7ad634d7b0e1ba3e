import { createHmac } from 'node:crypto'
import { type ProviderSettings, type RunningProvider, startProvider } from '../../src/provider/index.ts'
import type { AuthType } from '../../src/provider/policies/auth-requests.ts'

export const CLIENT_ID = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
/** The lowest cost that scrypt takes: tests log in thousands of times. */
const QUICK = { scryptCost: 2 } as const

export interface Answered {
  status: number
  headers: Headers
  text: string
  /** The body as JSON; `{}` if it is none. */
  body: Record<string, unknown>
  /** Of the response header, without the scheme. */
  token: string | undefined
  faultType: string | undefined
}

/** A provider on a free port, and the requests that tests send to it. */
export class TestProvider {
  readonly running: RunningProvider
  readonly shop: string

  private constructor(running: RunningProvider) {
    this.running = running
    this.shop = `${running.url}/s/RefArch/dw/shop/v25_6`
  }

  static async start(settings: Partial<ProviderSettings> = {}): Promise<TestProvider> {
    return new TestProvider(await startProvider({ ...QUICK, ...settings }))
  }

  close(): Promise<void> {
    return this.running.close()
  }

  async send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Uint8Array,
  ): Promise<Answered> {
    const url = path.startsWith('/_') || path.startsWith('/s/') ? this.running.url + path : this.shop + path
    // As bytes, or fetch would add a content type where a test sends none.
    const bytes = body === undefined ? undefined : new Uint8Array(Buffer.from(body))
    const response = await fetch(url, { method, headers, ...(bytes !== undefined && { body: bytes }) })
    const text = await response.text()
    const parsed = parse(text)
    const fault = parsed.fault as { type?: string } | undefined
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: parsed,
      token: /^Bearer (\S+)$/.exec(response.headers.get('authorization') ?? '')?.[1],
      faultType: fault?.type,
    }
  }

  /** @param headers beside the client id and the content type */
  auth(type: AuthType, headers: Record<string, string> = {}): Promise<Answered> {
    return this.authBody(JSON.stringify({ type }), headers)
  }

  authBody(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answered> {
    return this.send(
      'POST',
      '/customers/auth',
      { 'content-type': 'application/json', 'x-dw-client-id': CLIENT_ID, ...headers },
      body,
    )
  }

  login(basic: string): Promise<Answered> {
    return this.auth('credentials', { authorization: `Basic ${basic}` })
  }

  refresh(token: string): Promise<Answered> {
    return this.auth('refresh', { authorization: `Bearer ${token}` })
  }

  session(cookie: string): Promise<Answered> {
    return this.auth('session', { cookie })
  }

  read(customerId: string, token?: string): Promise<Answered> {
    return this.send('GET', `/customers/${customerId}`, {
      'x-dw-client-id': CLIENT_ID,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    })
  }

  /** The values of a state, which are text unless the state is a plural. */
  async state(state: string, params: Record<string, unknown> = {}): Promise<Record<string, string>> {
    const answered = await this.send(
      'POST',
      '/_states',
      { 'content-type': 'application/json' },
      JSON.stringify({ state, params, action: 'setup' }),
    )
    if (answered.status !== 200) throw new Error(`${state}: ${answered.status} ${answered.text}`)
    return answered.body as Record<string, string>
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function basicOf(login = '', password = ''): string {
  return Buffer.from(`${login}:${password}`).toString('base64')
}

/** Credentials of the same login with a password that is wrong. */
export function wrongBasic(login: string): string {
  return basicOf(login, 'wrong')
}

/** Other passwords that a careless comparison takes for this one. */
export function nearMisses(password: string): string[] {
  return [
    password.toLowerCase(),
    password.toUpperCase(),
    ` ${password}`,
    `${password} `,
    password.slice(0, -1),
    `${password}x`,
    ...(password.length > 72 ? [password.slice(0, 72)] : []),
  ]
}

export interface Claims {
  exp: number
  iat: number
  iss: string
  customerId: string
  guest: boolean
  visitId: string
}

/** What a token says, read as a client does. */
export function claimsOf(token: string | undefined): Claims {
  const payload = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())
  const { customer_id, guest, visit_id } = JSON.parse(payload.sub).customer_info
  return {
    exp: payload.exp,
    iat: payload.iat,
    iss: payload.iss,
    customerId: customer_id,
    guest,
    visitId: visit_id,
  }
}

/** The same token with another customer in its payload. */
export function withAlteredPayload(token: string): string {
  const [header, payload = '', signature] = token.split('.')
  const altered = Buffer.from(payload, 'base64url').toString().replace('"guest\\":true', '"guest\\":false')
  const other = altered.includes('"guest\\":false') ? altered.replace('"_v"', '"_w"') : altered
  return `${header}.${Buffer.from(other).toString('base64url')}.${signature}`
}

/** The same token with one character of its signature changed; still base64url of the same length. */
export function withAlteredSignature(token: string): string {
  const at = token.lastIndexOf('.') + 5
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

/** The same claims under `alg: none`, unsigned. */
export function unsigned(token: string): string {
  return withHeader(token, { alg: 'none' }, () => '')
}

/**
 * Tokens that are a valid one in all but the signature, by what is wrong with them.
 * @param other a valid token too
 */
export function withSignaturesThatDoNotHold(token: string, other: string): Record<string, string> {
  const signature = signatureOf(token)
  const kept = () => signature
  const signedWith = (key: string) => (signedPart: string) => hmac(key, signedPart)
  return {
    'one character altered': withAlteredSignature(token),
    empty: withSignature(token, ''),
    shortened: withSignature(token, signature.slice(0, 10)),
    "another token's": withSignature(token, signatureOf(other)),
    'made with an empty key': withHeader(token, {}, signedWith('')),
    'of alg HS512': withHeader(token, { alg: 'HS512' }, kept),
    'made with a key that it brings along': withHeader(
      token,
      { jwk: { kty: 'oct', k: Buffer.from('mine').toString('base64url') } },
      signedWith('mine'),
    ),
    'made with the empty file that kid names': withHeader(token, { kid: '/dev/null' }, signedWith('')),
    'made with the empty file that a relative kid names': withHeader(
      token,
      { kid: '../../../../dev/null' },
      signedWith(''),
    ),
    'of an empty kid': withHeader(token, { kid: '' }, signedWith('mine')),
  }
}

function withHeader(
  token: string,
  members: Record<string, unknown>,
  sign: (signedPart: string) => string,
): string {
  const [header = '', payload] = token.split('.')
  const written = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), ...members }
  const signedPart = `${Buffer.from(JSON.stringify(written)).toString('base64url')}.${payload}`
  return `${signedPart}.${sign(signedPart)}`
}

function withSignature(token: string, signature: string): string {
  return `${token.slice(0, token.lastIndexOf('.'))}.${signature}`
}

function signatureOf(token: string): string {
  return token.slice(token.lastIndexOf('.') + 1)
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
