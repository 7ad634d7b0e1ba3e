import { expect } from 'chai'
import { readBearer } from '../../../src/ocapi/bearer.ts'
import type { Customer } from '../../../src/ocapi/customer.ts'
import { customerOf, customerProblems } from '../../../src/ocapi/issued.ts'
import { wrongStatus } from '../../../src/ocapi/problem.ts'
import { ensure, expectNoProblem } from './ensure.ts'
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
  const token = readBearer(answer.authorization)
  ensure(token !== undefined, 'the response has the header Authorization: Bearer <token>')
  return { answer, token, customerId, authType }
}

export interface ReadCustomer {
  readonly customerId: string
  readonly authType: 'guest' | 'registered'
  readonly document: Customer
}

/**
 * Only what says which customer it is; {@link expectDocumented} looks at the rest, since a phone number that is too
 * long is no reason to leave everything unevaluated that begins with a login.
 * @throws an assertion unless the answer is 200 with a customer document
 */
export function expectCustomer(answer: Answer): ReadCustomer {
  if (answer.status !== 200) expectNoProblem([wrongStatus(answer.status, '200')])
  const document = customerOf(answer)
  ensure(
    document !== undefined,
    'the body is a customer document with auth_type (guest or registered) and customer_id',
  )
  return { customerId: document.customer_id, authType: document.auth_type, document }
}

/** @throws an assertion unless the customer document keeps its documented constraints, and says that it is JSON */
export function expectDocumented(answer: Answer): void {
  expectNoProblem(customerProblems(answer))
}

/** The one customer that an answer must speak of. Ids are no secrets. */
export function expectSameCustomer(actual: string, expected: string): void {
  expect(actual, 'customer_id').to.equal(expected)
}
