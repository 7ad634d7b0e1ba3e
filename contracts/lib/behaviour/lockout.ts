import type { RegisteredCustomer } from '../../../src/target/states/states.ts'
import { basicOf } from '../../../src/target/states/values.ts'
import { expectIssued } from './answers.ts'
import type { CheckContext } from './check.ts'
import { DECLINED, expectRefusal } from './refusals.ts'

/** A customer who may be locked, and whose right password is accepted. */
export async function lockableCustomer({
  api,
  states,
  prerequisite,
}: CheckContext): Promise<RegisteredCustomer> {
  const customer = await states.setUp('a registered customer', { failedLogins: 0 })
  await prerequisite('the right password is accepted before any failure', async () =>
    expectIssued(await api.login(customer.basic)),
  )
  return customer
}

/** Credentials with a wrong password that is as good as the right one in every other way. */
export function wrongBasic({ login, password }: RegisteredCustomer): string {
  return basicOf(login, `${password.slice(0, -1)}${password.endsWith('x') ? 'y' : 'x'}`)
}

/** Wrong logins, one after the other. */
export async function failLogins(
  { api, prerequisite }: CheckContext,
  customer: RegisteredCustomer,
  count: number,
): Promise<void> {
  const wrong = wrongBasic(customer)
  for (let nth = 1; nth <= count; nth++) {
    await prerequisite(`wrong password ${nth} of ${count} is refused`, async () =>
      expectRefusal(await api.login(wrong), DECLINED),
    )
  }
}

/** As many wrong logins as lock a customer, and the proof that they did. */
export async function lockByFailing(context: CheckContext, customer: RegisteredCustomer): Promise<void> {
  await failLogins(context, customer, context.config.lockout.maxAttempts)
  await context.prerequisite('as many failures as the maximum lock a customer', async () =>
    expectRefusal(await context.api.login(customer.basic), DECLINED),
  )
}
