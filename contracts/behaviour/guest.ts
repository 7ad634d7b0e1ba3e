import { expect } from 'chai'
import { expectIssued } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import type { Answer } from '../lib/behaviour/shop-api.ts'

/** Enough to meet at the same moment, and few enough for any target. */
const AT_ONCE = 20

export const guestChecks: readonly Check[] = [
  {
    id: 'behaviour/guest-new-customer-each-time',
    title: `guest requests, one by one and ${AT_ONCE} at the same moment, each create a new customer`,
    clauses: ['GUEST-2'],
    needs: [],
    run: async (context) => {
      const answers: Answer[] = []
      for (let nth = 0; nth < 4; nth++) answers.push(await context.api.guest())
      answers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => context.api.guest()))))
      await expectNewCustomers(context, answers)
    },
  },
]

async function expectNewCustomers(context: CheckContext, answers: readonly Answer[]): Promise<void> {
  const ids = await context.prerequisite('every guest request is accepted', () =>
    answers.map((answer) => expectIssued(answer).customerId),
  )
  expect(new Set(ids).size, 'different customer ids').to.equal(answers.length)
}
