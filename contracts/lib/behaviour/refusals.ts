import { expect } from 'chai'
import { isObject } from '../json.ts'
import { jsonObjectOf, tokenPlaces } from './answers.ts'
import { ensure } from './ensure.ts'
import { allHold } from './outcome.ts'
import type { Answer } from './shop-api.ts'

/** What the clause pins of a refusal; what it does not pin is not looked at. */
export interface Refusal {
  /** Any 4xx unless given. */
  readonly status?: number
  readonly type?: string
}

/** The one refusal that the API's description names, for a login or a session that does not authenticate. */
export const AUTHENTICATION_FAILED: Refusal = { status: 401, type: 'AuthenticationFailedException' }

/** Declined, for whatever reason the target gives. */
export const DECLINED: Refusal = {}

/** @throws an assertion unless the request was refused as pinned, with a fault document, and without any token */
export function expectRefusal(answer: Answer, { status, type }: Refusal): void {
  allHold(
    () => {
      if (status === undefined) expect(answer.status, 'status').to.be.within(400, 499)
      else expect(answer.status, 'status').to.equal(status)
    },
    () => {
      const fault = expectFault(answer)
      if (type !== undefined) expect(fault.type, 'fault.type').to.equal(type)
    },
    () => expect(tokenPlaces(answer), 'places of a token in the answer').to.deep.equal([]),
  )
}

/** @throws an assertion unless the body is `{fault: {type, message, arguments?}}` as JSON */
export function expectFault(answer: Answer): { type: string } {
  const { fault } = jsonObjectOf(answer)
  ensure(isObject(fault), 'the body has a member fault that is an object')
  const { type, message, arguments: named } = fault
  allHold(
    () => ensure(typeof type === 'string' && type !== '', 'fault.type is a text'),
    () => ensure(typeof message === 'string' && message !== '', 'fault.message is a text'),
    () =>
      ensure(
        named === undefined || named === null || isObject(named),
        'fault.arguments, if any, is an object',
      ),
  )
  return { type: String(type) }
}
