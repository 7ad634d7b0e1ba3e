import { customerOf, isAccepted } from '../../src/ocapi/issued.ts'
import { type RegisteredCustomer, StateNotProvable } from '../../src/target/states/states.ts'
import { basicOf } from '../../src/target/states/values.ts'
import { expectIssued } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { expectQuick, marginSeconds } from '../lib/behaviour/expiry.ts'
import { failLogins, lockableCustomer, lockByFailing } from '../lib/behaviour/lockout.ts'
import { inCase, NotProvable } from '../lib/behaviour/outcome.ts'
import { DECLINED, expectRefusal } from '../lib/behaviour/refusals.ts'
import { SPELLINGS } from '../lib/behaviour/spellings.ts'

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
    clauses: ['LOCK-5'],
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
  {
    id: 'behaviour/lock-counts-over-time',
    title: 'failures count as consecutive when nearly the reset time lies between one and the next',
    clauses: ['LOCK-7'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { customer, passReset } = await failingCustomer(context)
      const { maxAttempts } = context.config.lockout
      // Twice, so that the first failure is longer ago than the reset time: it counts from the last one.
      await failLogins(context, customer, 1)
      if (maxAttempts > 2) {
        await passReset('nearly')
        await failLogins(context, customer, maxAttempts - 2)
      }
      await passReset('nearly')
      await failLogins(context, customer, 1)
      expectRefusal(await context.api.login(customer.basic), DECLINED)
    },
  },
  {
    id: 'behaviour/lock-count-ends-with-reset-time',
    title: 'after the reset time without a failure the customer has all attempts again, and no more',
    clauses: ['LOCK-7'],
    needs: ['a registered customer', 'time passes'],
    exclusive: 'moves the clock',
    run: async (context) => {
      const { api, config } = context
      const fewer = config.lockout.maxAttempts - 1
      const one = await failingCustomer(context)
      const other = await failingCustomer(context)
      await failLogins(context, one.customer, fewer)
      await failLogins(context, other.customer, fewer)
      await other.passReset('wholly')
      await failLogins(context, one.customer, fewer)
      expectIssued(await api.login(one.customer.basic))
      await failLogins(context, other.customer, config.lockout.maxAttempts)
      expectRefusal(await api.login(other.customer.basic), DECLINED)
    },
  },
  {
    id: 'behaviour/lock-counts-every-spelling',
    title:
      'where another spelling of a login lets its customer in, failures under it count for that customer',
    clauses: ['LOCK-8'],
    needs: ['a registered customer'],
    run: async (context) => {
      // So that a target that lets everybody in, or nobody, does not pass.
      await lockByFailing(context, await lockableCustomer(context))
      let customer = await lockableCustomer(context)
      for (const spelling of SPELLINGS) {
        const spelled = { ...customer, login: spelling.write(customer.login) }
        if (!(await isLetIn(context, spelled))) continue
        await inCase(spelling.how, () => expectOneCount(context, customer, spelled))
        customer = await lockableCustomer(context)
      }
    },
  },
]

/** Whether a spelling is taken for the customer's; a target that takes no other spelling has nothing to count twice. */
async function isLetIn({ api }: CheckContext, spelled: RegisteredCustomer): Promise<boolean> {
  const answer = await api.login(basicOf(spelled.login, spelled.password))
  return isAccepted(answer) && customerOf(answer)?.customer_id === spelled.customerId
}

/**
 * Wrong passwords under both spellings in turn, as many as the maximum: a target that counts each spelling for itself
 * has not locked yet.
 */
async function expectOneCount(
  context: CheckContext,
  customer: RegisteredCustomer,
  spelled: RegisteredCustomer,
): Promise<void> {
  const { api, config } = context
  for (let nth = 0; nth < config.lockout.maxAttempts; nth++)
    await failLogins(context, nth % 2 === 0 ? spelled : customer, 1)
  for (const { login, password } of [customer, spelled])
    expectRefusal(await api.login(basicOf(login, password)), DECLINED)
}

/** A customer who may fail, and a way to move the clock by the reset time, nearly or wholly. */
async function failingCustomer(context: CheckContext): Promise<{
  customer: RegisteredCustomer
  passReset(how: 'nearly' | 'wholly'): Promise<void>
}> {
  const { maxAttempts, resetAfterSeconds } = context.config.lockout
  if (maxAttempts === 1) throw new NotProvable('with a maximum of 1 no failure can come before another')
  const margin = marginSeconds(resetAfterSeconds)
  if (margin < 3)
    throw new NotProvable(`a reset time of ${resetAfterSeconds} s is too short to look at both sides`)
  // Asked first: where the clock cannot be moved, no customer fails for nothing.
  await context.states.setUp('time passes', { seconds: 1 })
  const customer = await lockableCustomer(context)
  return {
    customer,
    async passReset(how) {
      const sinceMs = Date.now()
      const seconds = how === 'nearly' ? resetAfterSeconds - margin : resetAfterSeconds + margin
      await context.states.setUp('time passes', { seconds })
      if (how === 'nearly') await expectQuick(context, sinceMs, margin)
    },
  }
}

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
