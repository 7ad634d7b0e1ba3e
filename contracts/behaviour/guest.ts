import { expect } from 'chai'
import { expectIssued } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import type { Answer } from '../lib/behaviour/shop-api.ts'

/** Enough to meet at the same moment, and few enough for any target. */
const AT_ONCE = 20

export const guestChecks: readonly Check[] = [
  {
    id: 'behaviour/guest-new-customer-each-time',
    title: 'guest requests one after the other each create a new customer',
    clauses: ['GUEST-2'],
    needs: [],
    run: async (context) => {
      const answers: Answer[] = []
      for (let nth = 0; nth < 3; nth++) answers.push(await context.api.guest())
      await expectNewCustomers(context, answers)
    },
  },
  {
    id: 'behaviour/guest-new-customer-at-once',
    title: `${AT_ONCE} guest requests at the same moment create ${AT_ONCE} customers`,
    clauses: ['GUEST-2'],
    needs: [],
    run: async (context) =>
      expectNewCustomers(
        context,
        await Promise.all(Array.from({ length: AT_ONCE }, () => context.api.guest())),
      ),
  },
]

async function expectNewCustomers(context: CheckContext, answers: readonly Answer[]): Promise<void> {
  const ids = await context.prerequisite('every guest request is accepted', () =>
    answers.map((answer) => expectIssued(answer).customerId),
  )
  expect(new Set(ids).size, 'different customer ids').to.equal(answers.length)
}
