import { expect } from 'chai'
import {
  expectCustomer,
  expectDocumented,
  expectIssued,
  expectSameCustomer,
} from '../lib/behaviour/answers.ts'
import { BAD_TOKENS } from '../lib/behaviour/bad-tokens.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { tokensAroundExpiry } from '../lib/behaviour/expiry.ts'
import { forEachBadToken } from '../lib/behaviour/for-each-bad-token.ts'
import { ISSUANCES } from '../lib/behaviour/issuances.ts'
import { allHold, NotProvable } from '../lib/behaviour/outcome.ts'
import { DECLINED, expectRefusal } from '../lib/behaviour/refusals.ts'
import { forge } from '../lib/tokens.ts'

export const followUpChecks: readonly Check[] = [
  ...ISSUANCES.map(
    ({ name, phrase, needs, issue }): Check => ({
      id: `behaviour/follow-up-with-token-of-${name}`,
      title: `the token of ${phrase} reads its customer`,
      clauses: ['USE-1'],
      needs,
      run: async (context) => {
        const { customerId, token } = await issue(context)
        const answer = await context.api.customer(customerId, `Bearer ${token}`)
        const read = expectCustomer(answer)
        allHold(
          () => expectSameCustomer(read.customerId, customerId),
          () => expectDocumented(answer),
        )
      },
    }),
  ),
  {
    id: 'behaviour/follow-up-with-token-that-was-refreshed',
    title: 'a token still reads its customer after it was refreshed',
    clauses: ['USE-1'],
    needs: ['a customer token'],
    run: async (context) => {
      const { api, config, prerequisite } = context
      if (config.token.oldTokenAfterRefresh === 'revoked')
        throw new NotProvable('token.oldTokenAfterRefresh says that a refresh ends the older token')
      const { customerId, token } = await usable(context, 'registered')
      await prerequisite('a valid token is refreshed', async () =>
        expectIssued(await api.refresh(`Bearer ${token}`)),
      )
      const read = expectCustomer(await api.customer(customerId, `Bearer ${token}`))
      expectSameCustomer(read.customerId, customerId)
    },
  },
  ...(['guest', 'registered'] as const).map(
    (customer): Check => ({
      id: `behaviour/follow-up-without-token-of-${customer}`,
      title: `a ${customer} customer is not read without a token`,
      clauses: ['USE-2'],
      needs: ['a customer token'],
      run: async (context) => {
        const { customerId } = await usable(context, customer)
        expectRefusal(await context.api.customer(customerId, undefined), DECLINED)
      },
    }),
  ),
  ...BAD_TOKENS.map(
    ({ name, what, make }): Check => ({
      id: `behaviour/follow-up-declines-${name}`,
      title: `${what} does not read its customer`,
      clauses: ['USE-3'],
      needs: ['a customer token'],
      run: async (context) => {
        const { customerId, token } = await usable(context, 'registered')
        await forEachBadToken(context, make, token, async (bad) =>
          expectRefusal(await context.api.customer(customerId, `Bearer ${bad}`), DECLINED),
        )
      },
    }),
  ),
  {
    id: 'behaviour/follow-up-declines-another-customer',
    title: 'a token whose payload was altered to name another customer does not read that customer',
    clauses: ['USE-3'],
    needs: ['a customer token'],
    run: async (context) => {
      const { token } = await usable(context, 'registered')
      const other = await usable(context, 'registered')
      const stolen = forge.alterPayload(token, { customerId: other.customerId })
      expectRefusal(await context.api.customer(other.customerId, `Bearer ${stolen}`), DECLINED)
    },
  },
  {
    id: 'behaviour/follow-up-declines-expired-token',
    title: 'an expired token does not read its customer',
    clauses: ['USE-3'],
    needs: ['a customer token', 'an expired customer token'],
    run: async (context) => {
      await usable(context, 'registered')
      const { customerId, token } = await context.states.setUp('an expired customer token', {
        customer: 'registered',
      })
      expectRefusal(await context.api.customer(customerId, `Bearer ${token}`), DECLINED)
    },
  },
  {
    id: 'behaviour/follow-up-declines-token-after-its-time',
    title: 'a token reads its customer shortly before it expires, and not after',
    clauses: ['USE-3'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { early, late, passToEarly, passToLate } = await tokensAroundExpiry(context)
      await passToEarly()
      await context.prerequisite('shortly before it expires a token reads its customer', async () =>
        expectCustomer(await context.api.customer(early.customerId, `Bearer ${early.token}`)),
      )
      await passToLate()
      expectRefusal(await context.api.customer(late.customerId, `Bearer ${late.token}`), DECLINED)
    },
  },
  ...(['guest', 'registered'] as const).map(
    (customer): Check => ({
      id: `behaviour/follow-up-of-${customer}-reads-no-other`,
      title: `the token of a ${customer} customer does not read another customer`,
      clauses: ['USE-4'],
      needs: ['a customer token'],
      run: async (context) => {
        const { customerId, token } = await usable(context, customer)
        const other = await usable(context, 'registered')
        await context.prerequisite('the states give two different customers', () =>
          expect(other.customerId, 'customer_id').to.not.equal(customerId),
        )
        expectRefusal(await context.api.customer(other.customerId, `Bearer ${token}`), DECLINED)
      },
    }),
  ),
]

/** A token that reads its customer. */
async function usable({ api, states, prerequisite }: CheckContext, customer: 'guest' | 'registered') {
  const issued = await states.setUp('a customer token', { customer })
  await prerequisite('a valid token reads its customer', async () => {
    const read = expectCustomer(await api.customer(issued.customerId, `Bearer ${issued.token}`))
    expectSameCustomer(read.customerId, issued.customerId)
  })
  return issued
}
