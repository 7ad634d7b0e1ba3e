import { expect } from 'chai'
import type { CustomerToken } from '../../src/target/states/states.ts'
import { expectIssued, expectSameCustomer } from '../lib/behaviour/answers.ts'
import { BAD_TOKENS } from '../lib/behaviour/bad-tokens.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { claimsOf, subjectOf, timeClaim } from '../lib/behaviour/claims.ts'
import { ensure } from '../lib/behaviour/ensure.ts'
import { tokensAroundExpiry } from '../lib/behaviour/expiry.ts'
import { forEachBadToken } from '../lib/behaviour/for-each-bad-token.ts'
import { allHold, inCase } from '../lib/behaviour/outcome.ts'
import { untilTimesDiffer } from '../lib/behaviour/profile.ts'
import { expectRefusal, type Refusal } from '../lib/behaviour/refusals.ts'
import { forge } from '../lib/tokens.ts'

const UNAUTHORIZED: Refusal = { status: 401 }

export const refreshChecks: readonly Check[] = [
  ...(['guest', 'registered'] as const).map(
    (customer): Check => ({
      id: `behaviour/refresh-renews-token-of-${customer}`,
      title: `a refresh answers another token of the same ${customer} customer, which expires later`,
      clauses: ['REFR-2'],
      needs: ['a customer token'],
      run: (context) => expectRenewed(context, customer),
    }),
  ),
  ...BAD_TOKENS.map(
    ({ name, what, make }): Check => ({
      id: `behaviour/refresh-declines-${name}`,
      title: `${what} is not refreshed`,
      clauses: ['REFR-3'],
      needs: ['a customer token'],
      run: async (context) => {
        const { token } = await refreshable(context)
        await forEachBadToken(context, make, token, async (bad) =>
          expectRefusal(await context.api.refresh(`Bearer ${bad}`), UNAUTHORIZED),
        )
      },
    }),
  ),
  {
    id: 'behaviour/refresh-declines-another-customer',
    title: "a token whose payload was altered to name another customer is not refreshed to that customer's",
    clauses: ['REFR-3'],
    needs: ['a customer token', 'a registered customer'],
    run: async (context) => {
      const { token } = await refreshable(context)
      const other = await context.states.setUp('a registered customer', {})
      const stolen = forge.alterPayload(token, { customerId: other.customerId })
      expectRefusal(await context.api.refresh(`Bearer ${stolen}`), UNAUTHORIZED)
    },
  },
  {
    id: 'behaviour/refresh-declines-expired-token',
    title: 'an expired token is not refreshed',
    clauses: ['REFR-3'],
    needs: ['a customer token', 'an expired customer token'],
    run: async (context) => {
      await refreshable(context)
      const { token } = await context.states.setUp('an expired customer token', { customer: 'registered' })
      expectRefusal(await context.api.refresh(`Bearer ${token}`), UNAUTHORIZED)
    },
  },
  {
    id: 'behaviour/refresh-declines-token-after-its-time',
    title: 'a token is refreshed shortly before it expires, and not after',
    clauses: ['REFR-3'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { early, late, passToEarly, passToLate } = await tokensAroundExpiry(context)
      await passToEarly()
      await context.prerequisite('shortly before it expires a token is refreshed', async () =>
        expectIssued(await context.api.refresh(`Bearer ${early.token}`)),
      )
      await passToLate()
      expectRefusal(await context.api.refresh(`Bearer ${late.token}`), UNAUTHORIZED)
    },
  },
  {
    id: 'behaviour/refresh-declines-no-header',
    title: 'a refresh without an Authorization header is declined',
    clauses: ['REFR-3'],
    needs: ['a customer token'],
    run: async (context) => {
      await refreshable(context)
      expectRefusal(await context.api.refresh(undefined), UNAUTHORIZED)
    },
  },
  {
    id: 'behaviour/refresh-declines-another-scheme',
    title: 'under the scheme Basic neither a valid token nor valid credentials are refreshed',
    clauses: ['REFR-3'],
    needs: ['a customer token', 'a registered customer'],
    run: async (context) => {
      const { api, states, prerequisite } = context
      const { token } = await refreshable(context)
      const { basic } = await states.setUp('a registered customer', {})
      await prerequisite('the credentials are accepted as a login', async () =>
        expectIssued(await api.login(basic)),
      )
      await inCase('a token', async () => expectRefusal(await api.refresh(`Basic ${token}`), UNAUTHORIZED))
      await inCase('credentials', async () =>
        expectRefusal(await api.refresh(`Basic ${basic}`), UNAUTHORIZED),
      )
    },
  },
]

/**
 * A token to alter, after a refresh was accepted: with the very same token, or with one like it where a refresh
 * revokes the older token and would leave it invalid in two ways.
 */
async function refreshable({ api, config, states, prerequisite }: CheckContext): Promise<CustomerToken> {
  const valid = await states.setUp('a customer token', { customer: 'registered' })
  await prerequisite('a valid token is refreshed', async () =>
    expectIssued(await api.refresh(`Bearer ${valid.token}`)),
  )
  return config.token.oldTokenAfterRefresh === 'valid'
    ? valid
    : states.setUp('a customer token', { customer: 'registered' })
}

async function expectRenewed(context: CheckContext, customer: 'guest' | 'registered'): Promise<void> {
  const { api, states, prerequisite, hasStatesUrl } = context
  const old = await states.setUp('a customer token', { customer })
  if (!hasStatesUrl) await untilTimesDiffer()
  const renewed = await prerequisite('a valid token is refreshed', async () =>
    expectIssued(await api.refresh(`Bearer ${old.token}`)),
  )
  const before = await prerequisite('the token that the state gave can be read', () => claimsOf(old.token))
  const after = claimsOf(renewed.token)
  allHold(
    () => ensure(renewed.token !== old.token, 'the new token is another token'),
    () =>
      expect(timeClaim(after, 'exp'), 'exp of the new token, beside the old one').to.be.above(
        timeClaim(before, 'exp'),
      ),
    () => expectSameCustomer(renewed.customerId, old.customerId),
    () => expect(subjectOf(after).customerId, "customer_id in the token's sub").to.equal(old.customerId),
    () => expect(subjectOf(after).guest, "guest in the token's sub").to.equal(customer === 'guest'),
  )
}
