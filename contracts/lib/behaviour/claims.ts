import { expect } from 'chai'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { isObject, parsedJson } from '../json.ts'
import { ensure } from './ensure.ts'

/** What a token says, unverified. */
export interface Claims {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
}

/** @throws an assertion unless the token has a header and a payload that are JSON objects */
export function claimsOf(token: string): Claims {
  try {
    return { header: { ...decodeProtectedHeader(token) }, payload: decodeJwt(token) }
  } catch {
    // jose's text may quote the token
    expect.fail('the token has a header and a payload that are JSON objects in base64url')
  }
}

/** @throws an assertion unless the claim is a whole number, in seconds since the epoch */
export function timeClaim({ payload }: Claims, name: 'exp' | 'iat'): number {
  const value = payload[name]
  ensure(typeof value === 'number' && Number.isInteger(value), `${name} is a whole number`)
  return value
}

export interface Subject {
  readonly customerId: unknown
  readonly guest: unknown
}

/**
 * The customer that a token names. Real tokens nest it in `customer_info` of a JSON text in `sub`; the vendor's
 * example has it at the top of that text.
 * @throws an assertion unless there is one
 */
export function subjectOf({ payload }: Claims): Subject {
  const { sub } = payload
  ensure(typeof sub === 'string', 'sub is a text')
  const subject = parsedJson(sub)
  const info = isObject(subject) && isObject(subject.customer_info) ? subject.customer_info : subject
  ensure(isObject(info) && 'customer_id' in info, 'sub is JSON that names a customer')
  return { customerId: info.customer_id, guest: info.guest }
}
