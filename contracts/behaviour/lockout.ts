import { type RegisteredCustomer, StateNotProvable } from '../../src/target/states/states.ts'
import { expectIssued } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { expectQuick, marginSeconds } from '../lib/behaviour/expiry.ts'
import { failLogins, lockableCustomer, lockByFailing } from '../lib/behaviour/lockout.ts'
import { inCase, NotProvable } from '../lib/behaviour/outcome.ts'
import { DECLINED, expectRefusal } from '../lib/behaviour/refusals.ts'

export const lockoutChecks: readonly Check[] = [
  {
    id: 'behaviour/lock-after-maximum',
    title: 'after the maximum of consecutive failed logins the right password is refused too',
    clauses: ['LOCK-1'],
    needs: ['a registered customer'],
    run: async (context) => {
      const customer = await lockableCustomer(context)
      await failLogins(context, customer, context.config.lockout.maxAttempts)
      expectRefusal(await context.api.login(customer.basic), DECLINED)
      // an attempt with the right password is no way out
      expectRefusal(await context.api.login(customer.basic), DECLINED)
    },
  },
  {
    id: 'behaviour/lock-not-before-maximum',
    title: 'one failed login less than the maximum does not lock',
    clauses: ['LOCK-1', 'LOCK-5'],
    needs: ['a registered customer'],
    run: async (context) => {
      const customer = await lockableCustomer(context)
      await failLogins(context, customer, context.config.lockout.maxAttempts - 1)
      expectIssued(await context.api.login(customer.basic))
    },
  },
  {
    id: 'behaviour/lock-refuses-a-locked-customer',
    title: 'a locked customer is refused with the right password',
    clauses: ['LOCK-1'],
    needs: ['a registered customer', 'a locked customer'],
    run: async (context) => {
      await lockableCustomer(context)
      const { basic } = await context.states.setUp('a locked customer', {})
      expectRefusal(await context.api.login(basic), DECLINED)
    },
  },
  {
    id: 'behaviour/lock-holds-one-customer-only',
    title: 'while a customer is locked another logs in, with all attempts of their own',
    clauses: ['LOCK-3'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { api, config } = context
      await endEarlierLocks(context)
      const locked = await lockableCustomer(context)
      const other = await lockableCustomer(context)
      await lockByFailing(context, locked)
      await inCase('at once', async () => expectIssued(await api.login(other.basic)))
      await failLogins(context, other, config.lockout.maxAttempts - 1)
      await inCase('after failures of their own', async () => expectIssued(await api.login(other.basic)))
    },
  },
  {
    id: 'behaviour/lock-count-reset-by-success',
    title: 'one failure less than the maximum, a success, and as many failures again do not lock',
    clauses: ['LOCK-5'],
    needs: ['a registered customer'],
    run: async (context) => {
      const { api, config, prerequisite } = context
      const fewer = config.lockout.maxAttempts - 1
      if (fewer === 0) throw new NotProvable('with a maximum of 1 no failure can come before a success')
      const customer = await lockableCustomer(context)
      await failLogins(context, customer, fewer)
      await prerequisite('one failure less than the maximum does not lock', async () =>
        expectIssued(await api.login(customer.basic)),
      )
      await failLogins(context, customer, fewer)
      const answer = await api.login(customer.basic)
      // a target that never locks would answer the same
      await lockByFailing(context, await lockableCustomer(context))
      expectIssued(answer)
    },
  },
  {
    id: 'behaviour/lock-holds-until-its-end',
    title: 'shortly before its period is over a lock still holds',
    clauses: ['LOCK-6'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { customer, passTo } = await lockedCustomer(context)
      await passTo('shortly before the end')
      expectRefusal(await context.api.login(customer.basic), DECLINED)
    },
  },
  {
    id: 'behaviour/lock-ends-with-its-period',
    title: 'after its period a lock has ended',
    clauses: ['LOCK-6'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { customer, passTo } = await lockedCustomer(context)
      await passTo('just after the end')
      expectIssued(await context.api.login(customer.basic))
    },
  },
  {
    id: 'behaviour/lock-gives-all-attempts-again',
    title: 'after a lock the customer has all attempts again, and no more',
    clauses: ['LOCK-6'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { api, config } = context
      const one = await lockedCustomer(context)
      const other = await lockedCustomer(context)
      await other.passTo('just after the end')
      await failLogins(context, one.customer, config.lockout.maxAttempts - 1)
      expectIssued(await api.login(one.customer.basic))
      await failLogins(context, other.customer, config.lockout.maxAttempts)
      expectRefusal(await api.login(other.customer.basic), DECLINED)
    },
  },
]

/**
 * Where a lock held everyone, one of an earlier check or an earlier run would hold the customers of this check before
 * it began. A target whose clock cannot be moved is taken as it is.
 */
async function endEarlierLocks({ config, states }: CheckContext): Promise<void> {
  const { periodSeconds } = config.lockout
  try {
    await states.setUp('time passes', { seconds: periodSeconds + marginSeconds(periodSeconds) })
  } catch (error) {
    if (!(error instanceof StateNotProvable)) throw error
  }
}

/**
 * A customer who was locked by failed logins, and a way to move the clock to either side of the lock's end. The lock
 * began between two moments that are known, so a slow target is told from a wrong one.
 */
async function lockedCustomer(context: CheckContext): Promise<{
  customer: RegisteredCustomer
  passTo(moment: 'shortly before the end' | 'just after the end'): Promise<void>
}> {
  const { periodSeconds } = context.config.lockout
  const margin = marginSeconds(periodSeconds)
  // asked first: where the clock cannot be moved, no customer is locked for nothing
  await context.states.setUp('time passes', { seconds: 1 })
  const customer = await lockableCustomer(context)
  const sinceMs = Date.now()
  await lockByFailing(context, customer)
  return {
    customer,
    async passTo(moment) {
      const seconds = moment === 'shortly before the end' ? periodSeconds - margin : periodSeconds + margin
      await context.states.setUp('time passes', { seconds })
      await expectQuick(context, sinceMs, margin)
    },
  }
}
