import { HTTPResponseStatusClass, MatchersV3 } from '@pact-foundation/pact'
import { expect } from 'chai'
import { EXAMPLE_CUSTOMER_ID, EXAMPLE_TOKEN } from './examples.ts'
import type { Outcome } from './requests.ts'

type Status = number | ReturnType<typeof MatchersV3.matchStatus>

/** An answer as the pact states it, and what the consumer makes of it. */
export interface ResponseSpec {
  readonly status: Status
  readonly headers: Readonly<Record<string, ReturnType<typeof MatchersV3.regex>>>
  readonly body: object
  expect(outcome: Outcome): void
}

/** A token in its three sections, under a scheme that is case-insensitive; Pact knows no flags of an expression. */
export const BEARER = /^[Bb][Ee][Aa][Rr][Ee][Rr] +[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * A customer document, with a token unless it is the answer to a follow-up. Pact cannot state an optional field, so
 * the pact holds what the client relies on; the documented constraints of all other fields are held by verification
 * itself, where a field is present (see verification/beyond-pact.ts).
 */
export function customerAnswer(
  authType: 'guest' | 'registered',
  { withToken = true }: { withToken?: boolean } = {},
): ResponseSpec {
  return {
    status: 200,
    headers: withToken ? { Authorization: regex(BEARER, `Bearer ${EXAMPLE_TOKEN}`) } : {},
    body: {
      auth_type: authType,
      customer_id: regex(/^.{1,28}$/, EXAMPLE_CUSTOMER_ID),
    },
    expect({ status, token, customer }) {
      expect(status).to.equal(200)
      expect(customer?.auth_type).to.equal(authType)
      expect(customer?.customer_id).to.equal(EXAMPLE_CUSTOMER_ID)
      expect(token).to.equal(withToken ? EXAMPLE_TOKEN : undefined)
    },
  }
}

/**
 * A fault document (clause FAULT-1). Messages and arguments are documented nowhere, so neither is pinned; the type
 * only where a clause names it.
 * @param status `4xx` where no clause and no document names one
 */
export function fault(status: number | '4xx', type?: string): ResponseSpec {
  const example = status === '4xx' ? 401 : status
  return {
    status: status === '4xx' ? MatchersV3.matchStatus(example, HTTPResponseStatusClass.ClientError) : status,
    headers: {},
    body: {
      fault: {
        type: type ?? regex(/^.+$/, 'ExampleException'),
        message: regex(/^[\s\S]+$/, 'an example'),
      },
    },
    expect(outcome) {
      expect(outcome.status).to.equal(example)
      expect(outcome.faultType).to.equal(type ?? 'ExampleException')
      expect(outcome.token).to.equal(undefined)
    },
  }
}

function regex(pattern: RegExp, example: string): ReturnType<typeof MatchersV3.regex> {
  return MatchersV3.regex(pattern, example)
}
