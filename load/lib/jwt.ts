/** base64url without padding → text; k6's `encoding.b64decode(text, 'rawurl', 's')`. Throws on other input. */
export type Decode = (text: string) => string

/** What a client can read of a token without a key. */
export interface TokenClaims {
  readonly issuer: string
  /** Seconds since 1970. */
  readonly issuedAt: number
  /** Seconds since 1970. */
  readonly expiresAt: number
  readonly customerId: string
  readonly guest: boolean
}

/** Reads tokens. */
export interface TokenReader {
  /**
   * @returns undefined unless the token has what TOKEN-2 says: a header with type and algorithm, a payload with
   * customer information, client id, issue and expiration time, and a signature
   */
  read(token: string): TokenClaims | undefined
}

export function createTokenReader(decode: Decode): TokenReader {
  // A token's first section is the same for all tokens of a target.
  let lastGoodHeader = ''

  function parse(section: string): unknown {
    try {
      return JSON.parse(decode(section))
    } catch {
      return undefined
    }
  }

  return {
    read(token) {
      const [header, payload, signature, more] = token.split('.')
      if (header === undefined || payload === undefined || !signature || more !== undefined) return undefined
      if (header !== lastGoodHeader) {
        if (!isHeader(parse(header))) return undefined
        lastGoodHeader = header
      }
      return readPayload(parse(payload))
    },
  }
}

function isHeader(value: unknown): boolean {
  return isObject(value) && isText(value.alg) && isText(value.typ)
}

function readPayload(value: unknown): TokenClaims | undefined {
  if (!isObject(value)) return undefined
  const { iss, iat, exp, sub } = value
  if (!isText(iss) || typeof iat !== 'number' || typeof exp !== 'number' || !isText(sub)) return undefined
  const subject = readSubject(sub)
  if (subject === undefined) return undefined
  const { customer_id: customerId, guest } = subject
  return { issuer: iss, issuedAt: iat, expiresAt: exp, customerId, guest }
}

/** `sub` is a JSON text: nested under `customer_info` in real tokens, flat in the vendor's sample. */
function readSubject(sub: string): Subject | undefined {
  let subject: unknown
  try {
    subject = JSON.parse(sub)
  } catch {
    return undefined
  }
  if (!isObject(subject)) return undefined
  const info = subject.customer_info ?? subject
  return isSubject(info) ? info : undefined
}

interface Subject {
  readonly customer_id: string
  readonly guest: boolean
}

function isSubject(value: unknown): value is Subject {
  return isObject(value) && isText(value.customer_id) && typeof value.guest === 'boolean'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
