import { expect } from 'chai'
import { readCustomer } from '../../../src/client/documents.ts'
import { bearerToken } from '../../../src/client/poq-response.ts'
import { isObject, parsedJson } from '../json.ts'
import { ensure } from './ensure.ts'
import type { Answer } from './shop-api.ts'

/** A token, and the customer document that came with it. */
export interface Issued {
  readonly answer: Answer
  /** Without the scheme. */
  readonly token: string
  readonly customerId: string
  readonly authType: 'guest' | 'registered'
}

/** @throws an assertion unless the answer is 200 with a customer document and a token */
export function expectIssued(answer: Answer): Issued {
  const { customerId, authType } = expectCustomer(answer)
  const token = bearerToken(answer.headers)
  ensure(token !== undefined, 'the response has the header Authorization: Bearer <token>')
  return { answer, token, customerId, authType }
}

export interface ReadCustomer {
  readonly customerId: string
  readonly authType: 'guest' | 'registered'
  readonly document: Readonly<Record<string, unknown>>
}

/** @throws an assertion unless the answer is 200 with a customer document */
export function expectCustomer(answer: Answer): ReadCustomer {
  expect(answer.status, 'status').to.equal(200)
  const document = jsonObjectOf(answer)
  const customer = readCustomer(document)
  ensure(
    customer !== undefined,
    'the body is a customer document with auth_type (guest or registered) and customer_id',
  )
  return { customerId: customer.customer_id, authType: customer.auth_type, document }
}

/** The request was not refused: 200 with a customer document. */
export function isAccepted(answer: Answer): boolean {
  return answer.status === 200 && readCustomer(parsedJson(answer.body)) !== undefined
}

/** The one customer that an answer must speak of. Ids are no secrets. */
export function expectSameCustomer(actual: string, expected: string): void {
  expect(actual, 'customer_id').to.equal(expected)
}

/** @throws an assertion unless the answer says that it is JSON, and is a JSON object */
export function jsonObjectOf(answer: Answer): Record<string, unknown> {
  expect(answer.headers.get('content-type') ?? '(none)', 'content type').to.match(
    /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i,
  )
  const value = parsedJson(answer.body)
  ensure(isObject(value), 'the body is a JSON object')
  return value
}

const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g

/**
 * Where an answer holds a token: names of headers, or `body`. A fault may quote the token that it refuses (the
 * vendor's own text does), so what was sent is none; the challenge `WWW-Authenticate: Bearer realm=…` is none.
 */
export function tokenPlaces(answer: Answer): string[] {
  const places = [...answer.headers]
    .filter(([name, value]) => name === 'authorization' || holdsToken(value, answer.sent))
    .map(([name]) => `header ${name}`)
  return [...new Set(places), ...(holdsToken(answer.body, answer.sent) ? ['body'] : [])]
}

function holdsToken(text: string, sent = ''): boolean {
  // a quoted token of two sections may be followed by the full stop of its sentence
  return (text.match(TOKEN) ?? []).some((token) => !sent.includes(token.replace(/\.$/, '')))
}
