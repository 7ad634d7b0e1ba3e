import { isObject, isText, parsedJson } from './json.ts'

/** base64url without padding → text. Throws, or gives a text that is no JSON, on other input. */
export type Decode = (section: string) => string

/** What a client can read of a token without a key. */
export interface Claims {
  readonly issuer: string
  /** NumericDate (RFC 7519): seconds since 1970, which may have a fraction. */
  readonly issuedAt: number
  /** NumericDate. */
  readonly expiresAt: number
  readonly customerId: string
  /** A boolean, where the token is as clause TOKEN-4 wants it. */
  readonly guest: unknown
}

/** Reads tokens of one target. */
export interface TokenReader {
  /** @returns undefined unless the token has no {@link tokenProblems} (clause TOKEN-2) */
  read(token: string): Claims | undefined
}

const SECTION = /^[\w-]+$/

export function createTokenReader(decode: Decode): TokenReader {
  // A token's first section is the same for all tokens of a target.
  let lastGoodHeader = ''
  return {
    read(token) {
      const [header, payload, signature, more] = token.split('.')
      if (header === undefined || payload === undefined || signature === undefined || more !== undefined)
        return undefined
      if (!SECTION.test(signature)) return undefined
      if (header !== lastGoodHeader) {
        if (!SECTION.test(header) || headerProblems(sectionOf(header, decode)).length > 0) return undefined
        lastGoodHeader = header
      }
      return claimsOf(sectionOf(payload, decode))
    },
  }
}

/**
 * What a token lacks of clause TOKEN-2: three sections in base64url; a header with type and algorithm; a payload with
 * customer information, client id, issue and expiration time; a signature.
 * @returns sentences without a full stop; they quote nothing of the token
 */
export function tokenProblems(token: string, decode: Decode): string[] {
  const sections = token.split('.')
  const [header = '', payload = '', signature = ''] = sections
  if (sections.length !== 3) return [`the token has ${sections.length} sections, not 3`]
  const names = ['header', 'payload', 'signature'] as const
  const foreign = names.filter((_, index) => !SECTION.test(sections[index] ?? ''))
  return [
    ...foreign.map((name) =>
      name === 'signature' && signature === ''
        ? 'the token has no signature'
        : `the ${name} of the token is no base64url`,
    ),
    ...(foreign.includes('header') ? [] : headerProblems(sectionOf(header, decode))),
    ...(foreign.includes('payload') ? [] : payloadProblems(sectionOf(payload, decode))),
  ]
}

function headerProblems(header: unknown): string[] {
  if (!isObject(header)) return ['the header of the token is no JSON object']
  const { typ, alg } = header
  return [
    ...(isText(typ) ? [] : ['the header of the token has no typ, the type']),
    ...(isText(alg) ? [] : ['the header of the token has no alg, the algorithm']),
    ...(isText(alg) && alg.toLowerCase() === 'none' ? ['the algorithm of the token is none'] : []),
  ]
}

function payloadProblems(payload: unknown): string[] {
  if (!isObject(payload)) return ['the payload of the token is no JSON object']
  const { iss, iat, exp } = payload
  return [
    ...(isText(iss) ? [] : ['the payload of the token has no iss, the client id']),
    ...(isNumericDate(iat) ? [] : ['the payload of the token has no iat that is a number, the issue time']),
    ...(isNumericDate(exp)
      ? []
      : ['the payload of the token has no exp that is a number, the expiration time']),
    ...(readSubject(payload) === undefined
      ? ['the payload of the token has no sub that is JSON and names a customer']
      : []),
  ]
}

/** The same as {@link payloadProblems} finds, in one step. */
function claimsOf(payload: unknown): Claims | undefined {
  if (!isObject(payload)) return undefined
  const { iss, iat, exp } = payload
  if (!isText(iss) || !isNumericDate(iat) || !isNumericDate(exp)) return undefined
  const subject = readSubject(payload)
  if (subject === undefined) return undefined
  return {
    issuer: iss,
    issuedAt: iat,
    expiresAt: exp,
    customerId: subject.customer_id,
    guest: subject.guest,
  }
}

/** A number from JSON is finite, but for one like 1e999. */
export function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

/** Header and payload of a token, unverified and whatever they hold; undefined where either is no JSON object. */
export function readSections(
  token: string,
  decode: Decode,
): { header: Record<string, unknown>; payload: Record<string, unknown>; signature: string } | undefined {
  const [head, body, signature, more] = token.split('.')
  if (head === undefined || body === undefined || signature === undefined || more !== undefined)
    return undefined
  const [header, payload] = [sectionOf(head, decode), sectionOf(body, decode)]
  return isObject(header) && isObject(payload) ? { header, payload, signature } : undefined
}

export interface Subject {
  readonly customer_id: string
  readonly guest?: unknown
}

/**
 * The customer that a payload names: `sub` is a JSON text, in which real tokens nest the customer under
 * `customer_info`; the vendor's example has it at the top.
 */
export function readSubject({ sub }: Record<string, unknown>): Subject | undefined {
  const subject = isText(sub) ? parsedJson(sub) : undefined
  if (!isObject(subject)) return undefined
  const info = isObject(subject.customer_info) ? subject.customer_info : subject
  return isSubject(info) ? info : undefined
}

function isSubject(value: Record<string, unknown>): value is Record<string, unknown> & Subject {
  return isText(value.customer_id)
}

function sectionOf(section: string, decode: Decode): unknown {
  try {
    return JSON.parse(decode(section))
  } catch {
    return undefined
  }
}
