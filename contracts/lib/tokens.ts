import { HarnessError } from '../../src/verdict/errors.ts'
import { isObject, parsedJson } from './json.ts'

/**
 * Tokens that are invalid in one way only, made from a valid one: what is not altered stays byte for byte.
 * Each function takes and returns a token without its scheme, and throws a {@link HarnessError} of kind TARGET
 * (`TOKEN_UNREADABLE`) for a token that has not the shape of clause TOKEN-2, since nothing could be altered in it.
 */

/**
 * A payload that was not signed: still JSON with the same keys in the same order, and still a payload that the
 * target could have issued. By default both times are one second earlier, so that the token is neither expired nor
 * from the future; with `customerId` it names that customer instead, as a thief would do it.
 */
export function alterPayload(token: string, change: { customerId?: string } = {}): string {
  const { header, payload, signature } = sections(token)
  const claims = jsonObject(payload, 'payload')
  const altered =
    change.customerId === undefined ? oneSecondEarlier(claims) : nameCustomer(claims, change.customerId)
  return `${header}.${encode(JSON.stringify(altered))}.${signature}`
}

/**
 * One bit of the signature is flipped, in its last or its first byte (a comparison may stop early at either end):
 * still base64url of the same length, and really other bytes.
 */
export function alterSignature(token: string, at: 'first' | 'last' = 'last'): string {
  const { header, payload, signature } = sections(token)
  const bytes = Buffer.from(signature, 'base64url')
  const index = at === 'first' ? 0 : bytes.length - 1
  const byte = bytes[index]
  if (byte === undefined) throw unreadable('its signature is empty')
  bytes[index] = byte ^ 1
  return `${header}.${payload}.${bytes.toString('base64url')}`
}

/** The header says `alg: none` (or another spelling of it) and keeps its other members; the signature is empty or kept. */
export function unsigned(
  token: string,
  { alg = 'none', signature = 'empty' }: { alg?: string; signature?: 'empty' | 'kept' } = {},
): string {
  const parts = sections(token)
  const header = encode(JSON.stringify({ ...jsonObject(parts.header, 'header'), alg }))
  return `${header}.${parts.payload}.${signature === 'kept' ? parts.signature : ''}`
}

/** Header and payload only, without the signature and its dot. */
export function twoSections(token: string): string {
  const { header, payload } = sections(token)
  return `${header}.${payload}`
}

function oneSecondEarlier(claims: Record<string, unknown>): Record<string, unknown> {
  const { exp, iat } = claims
  if (typeof exp !== 'number' || typeof iat !== 'number') {
    throw unreadable('its payload has no numeric exp and iat')
  }
  return { ...claims, exp: exp - 1, iat: iat - 1 }
}

/** Real tokens nest the customer in `customer_info`; the vendor's example has it at the top of `sub`. */
function nameCustomer(claims: Record<string, unknown>, customerId: string): Record<string, unknown> {
  if (typeof claims.sub !== 'string') throw unreadable('its sub is not a string')
  const subject = parseObject(claims.sub, 'sub')
  const { customer_info: info } = subject
  if (isObject(info)) {
    return withSubject(claims, { ...subject, customer_info: { ...info, customer_id: customerId } })
  }
  if (!('customer_id' in subject)) throw unreadable('its sub names no customer')
  return withSubject(claims, { ...subject, customer_id: customerId })
}

function withSubject(claims: Record<string, unknown>, subject: object): Record<string, unknown> {
  return { ...claims, sub: JSON.stringify(subject) }
}

function sections(token: string): { header: string; payload: string; signature: string } {
  const [header, payload, signature, ...more] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw unreadable(`it has ${token.split('.').length} sections, not 3`)
  }
  return { header, payload, signature }
}

function jsonObject(section: string, name: string): Record<string, unknown> {
  return parseObject(Buffer.from(section, 'base64url').toString('utf8'), name)
}

function parseObject(text: string, name: string): Record<string, unknown> {
  const value = parsedJson(text)
  if (value === undefined) throw unreadable(`its ${name} is not JSON`)
  if (!isObject(value)) throw unreadable(`its ${name} is not a JSON object`)
  return value
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}

/** The reason never quotes the token. */
function unreadable(reason: string): HarnessError {
  return new HarnessError('TARGET', 'TOKEN_UNREADABLE', `The target's token cannot be read: ${reason}.`)
}
