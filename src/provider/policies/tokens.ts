import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { ProviderSettings } from '../settings.ts'
import type { TokenClaims } from './claims.ts'
import type { Clock } from './clock.ts'

/** Writes and reads tokens (clauses TOKEN-2, TOKEN-5): HS256 with the claims that the vendor documents. */
export interface Tokens {
  write(claims: TokenClaims): string
  /** Whether this provider wrote the token, to the last character. */
  signatureHolds(token: string): boolean
  /** What the token says, whoever wrote it; undefined if it says nothing. */
  read(token: string): TokenClaims | undefined
  hasExpired(claims: TokenClaims): boolean
}

/** The protected header, with the keys and the order that real tokens have. */
const TOKEN_HEADER = encodeSegment('{"_v":"1","alg":"HS256","typ":"JWT"}')

/**
 * Tokens are signed and verified here with Node's own HMAC, which is synchronous: jose's SignJWT goes through
 * WebCrypto's thread pool, takes several times as long, and would wait there behind password hashes.
 */
export function createTokens(
  settings: Pick<ProviderSettings, 'secret'>,
  clock: Clock,
  header = TOKEN_HEADER,
): Tokens {
  // A KeyObject makes createHmac several times quicker than raw bytes do.
  const key = createSecretKey(settings.secret)
  const sign = (signedPart: string) => createHmac('sha256', key).update(signedPart).digest('base64url')
  return {
    write(claims) {
      const signedPart = `${header}.${encodeSegment(writePayload(claims))}`
      return `${signedPart}.${sign(signedPart)}`
    },
    signatureHolds(token) {
      // Only this header is ever written, so any other one, `alg: none` first of all, is not ours.
      if (!token.startsWith(`${header}.`)) return false
      const end = token.lastIndexOf('.')
      // Characters are compared, not decoded bytes: base64url has several spellings of one signature.
      const expected = Buffer.from(sign(token.slice(0, end)))
      const given = Buffer.from(token.slice(end + 1))
      return expected.length === given.length && timingSafeEqual(expected, given)
    },
    read: readToken,
    hasExpired: (claims) => clock.now() >= claims.expiresAt * 1000,
  }
}

export function encodeSegment(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** The payload's JSON; `sub` is a string that holds JSON, as documented. */
function writePayload(claims: TokenClaims): string {
  const subject = `{"_v":"1","customer_info":{"customer_id":"${claims.customerId}","guest":${claims.guest},"visit_id":"${claims.visitId}"}}`
  return `{"_v":"1","exp":${claims.expiresAt},"iat":${claims.issuedAt},"iss":${JSON.stringify(claims.clientId)},"sub":${JSON.stringify(subject)}}`
}

function readToken(token: string): TokenClaims | undefined {
  const segments = token.split('.')
  if (segments.length !== 3) return undefined
  const payload = parseObject(Buffer.from(segments[1] ?? '', 'base64url').toString())
  const subject = typeof payload?.sub === 'string' ? parseObject(payload.sub) : undefined
  const customer = subject?.customer_info
  if (payload === undefined || !isObject(customer)) return undefined
  const { exp, iat, iss } = payload
  const { customer_id: customerId, guest, visit_id: visitId } = customer
  if (
    typeof exp !== 'number' ||
    typeof iat !== 'number' ||
    typeof iss !== 'string' ||
    typeof customerId !== 'string' ||
    typeof guest !== 'boolean' ||
    typeof visitId !== 'string'
  ) {
    return undefined
  }
  return { clientId: iss, issuedAt: iat, expiresAt: exp, customerId, guest, visitId }
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
