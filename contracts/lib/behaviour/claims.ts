import { expect } from 'chai'
import { isNumericDate, readSections, readSubject } from '../../../src/ocapi/token.ts'
import { decodeSection } from '../tokens.ts'
import { ensure } from './ensure.ts'

/** What a token says, unverified. */
export interface Claims {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
}

/** @throws an assertion unless the token has a header and a payload that are JSON objects */
export function claimsOf(token: string): Claims {
  const read = readSections(token, decodeSection)
  if (read === undefined)
    expect.fail('the token has a header and a payload that are JSON objects in base64url')
  return read
}

/** @throws an assertion unless the claim is a number: seconds since the epoch, which may have a fraction (RFC 7519) */
export function timeClaim({ payload }: Claims, name: 'exp' | 'iat'): number {
  const value = payload[name]
  ensure(isNumericDate(value), `${name} is a number`)
  return value
}

/** The customer that a token names, with its guest flag. @throws an assertion unless the token names one */
export function subjectOf({ payload }: Claims): { customerId: string; guest: unknown } {
  const subject = readSubject(payload)
  ensure(subject !== undefined, 'sub is JSON that names a customer')
  return { customerId: subject.customer_id, guest: subject.guest }
}
