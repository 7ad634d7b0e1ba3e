import { isObject } from './json.ts'
import { readSections } from './token.ts'

/** base64url without padding, of texts. */
export interface Codec {
  readonly decode: (section: string) => string
  readonly encode: (text: string) => string
}

/** The token has not the shape of clause TOKEN-2, so nothing can be altered in it. Its text never quotes the token. */
export class UnreadableToken extends Error {
  override readonly name = 'UnreadableToken'

  constructor(reason: string) {
    super(`the target's token cannot be read: ${reason}`)
  }
}

interface Parts {
  readonly header: string
  readonly payload: string
  readonly signature: string
}

/**
 * Makes tokens that are invalid in one way only from valid ones: what is not altered stays byte for byte. Tokens go
 * in and out without their scheme. Each function throws {@link UnreadableToken}.
 */
export interface TokenForger {
  /**
   * A payload that was not signed: still JSON with the same keys in the same order, and still one that the target could
   * have issued. By default both times are one second earlier, so that the token is neither expired nor from the
   * future; with `customerId` it names that customer instead, as a thief would do it.
   */
  alterPayload(token: string, change?: { customerId?: string }): string
  /** One bit of the first or the last byte is flipped (a comparison may stop early at either end): as long as before. */
  alterSignature(token: string, at?: 'first' | 'last'): string
  /** The second half of the signature is missing. */
  shortenSignature(token: string): string
  /** The header keeps its algorithm, and nothing follows the second dot. */
  emptySignature(token: string): string
  /** Under the signature of another valid token. */
  withSignatureOf(token: string, other: string): string
  /** Some members of the header are others, and the signature is as it was. */
  withHeader(token: string, members: Readonly<Record<string, unknown>>): string
  /**
   * Some members of the header are others, and the signature is one that does sign it.
   * @param sign what is signed → signature in base64url
   */
  resign(token: string, members: Readonly<Record<string, unknown>>, sign: (input: string) => string): string
  /** The header says `alg: none` (or another spelling of it) and keeps its other members. */
  unsigned(token: string, options?: { alg?: string; signature?: 'empty' | 'kept' }): string
  /** Header and payload only, without the signature and its dot. */
  twoSections(token: string): string
  /** The algorithm that the header names. */
  algorithmOf(token: string): string
}

export function createTokenForger({ decode, encode }: Codec): TokenForger {
  function partsOf(token: string): Parts {
    const sections = token.split('.')
    const [header, payload, signature] = sections
    if (header === undefined || payload === undefined || signature === undefined || sections.length > 3)
      throw new UnreadableToken(`it has ${sections.length} sections, not 3`)
    return { header, payload, signature }
  }

  function read(token: string): { header: Record<string, unknown>; payload: Record<string, unknown> } {
    const read = readSections(token, decode)
    if (read === undefined) throw new UnreadableToken('its header or its payload is no JSON object')
    return read
  }

  function headerOf(token: string, members: Readonly<Record<string, unknown>>): string {
    return encode(JSON.stringify({ ...read(token).header, ...members }))
  }

  return {
    alterPayload(token, { customerId } = {}) {
      const { header, signature } = partsOf(token)
      const { payload } = read(token)
      const altered = customerId === undefined ? oneSecondEarlier(payload) : nameCustomer(payload, customerId)
      return `${header}.${encode(JSON.stringify(altered))}.${signature}`
    },
    alterSignature(token, at = 'last') {
      const { header, payload, signature } = partsOf(token)
      if (signature === '') throw new UnreadableToken('its signature is empty')
      return `${header}.${payload}.${flipBit(signature, at)}`
    },
    shortenSignature(token) {
      const { header, payload, signature } = partsOf(token)
      const half = signature.slice(0, Math.floor(signature.length / 8) * 4)
      if (half === '') throw new UnreadableToken('its signature is too short to be made shorter')
      return `${header}.${payload}.${half}`
    },
    emptySignature(token) {
      const { header, payload } = partsOf(token)
      return `${header}.${payload}.`
    },
    withSignatureOf(token, other) {
      const { header, payload } = partsOf(token)
      return `${header}.${payload}.${partsOf(other).signature}`
    },
    withHeader(token, members) {
      const { payload, signature } = partsOf(token)
      return `${headerOf(token, members)}.${payload}.${signature}`
    },
    resign(token, members, sign) {
      const input = `${headerOf(token, members)}.${partsOf(token).payload}`
      return `${input}.${sign(input)}`
    },
    unsigned(token, { alg = 'none', signature: kept = 'empty' } = {}) {
      const { payload, signature } = partsOf(token)
      return `${headerOf(token, { alg })}.${payload}.${kept === 'kept' ? signature : ''}`
    },
    twoSections(token) {
      const { header, payload } = partsOf(token)
      return `${header}.${payload}`
    },
    algorithmOf(token) {
      const { alg } = read(token).header
      if (typeof alg !== 'string') throw new UnreadableToken('its header names no algorithm')
      return alg
    },
  }
}

function oneSecondEarlier(payload: Record<string, unknown>): Record<string, unknown> {
  const { exp, iat } = payload
  if (typeof exp !== 'number' || typeof iat !== 'number')
    throw new UnreadableToken('its payload has no exp and iat that are numbers')
  return { ...payload, exp: exp - 1, iat: iat - 1 }
}

/** Real tokens nest the customer in `customer_info`; the vendor's example has it at the top of `sub`. */
function nameCustomer(payload: Record<string, unknown>, customerId: string): Record<string, unknown> {
  const subject = subjectOf(payload)
  const { customer_info: info } = subject
  if (isObject(info))
    return withSubject(payload, { ...subject, customer_info: { ...info, customer_id: customerId } })
  if (!('customer_id' in subject)) throw new UnreadableToken('its sub names no customer')
  return withSubject(payload, { ...subject, customer_id: customerId })
}

function subjectOf({ sub }: Record<string, unknown>): Record<string, unknown> {
  try {
    const subject: unknown = JSON.parse(String(sub))
    if (isObject(subject)) return subject
  } catch {
    // Told below, without the text.
  }
  throw new UnreadableToken('its sub is no JSON object')
}

function withSubject(payload: Record<string, unknown>, subject: object): Record<string, unknown> {
  return { ...payload, sub: JSON.stringify(subject) }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** How much the lowest bit of a last byte counts in the last character, by the length modulo 4. */
const LOWEST_BIT: Readonly<Record<number, number>> = { 0: 1, 2: 16, 3: 4 }

/** Done on characters, since k6 and Node have no type for bytes in common. */
function flipBit(base64url: string, at: 'first' | 'last'): string {
  const index = at === 'first' ? 0 : base64url.length - 1
  const bit = at === 'first' ? 32 : (LOWEST_BIT[base64url.length % 4] ?? 1)
  const value = ALPHABET.indexOf(base64url.charAt(index))
  if (value < 0) throw new UnreadableToken('its signature is no base64url')
  return `${base64url.slice(0, index)}${ALPHABET[value ^ bit]}${base64url.slice(index + 1)}`
}
