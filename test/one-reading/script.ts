/** A k6 script that sends one request of each kind and reads the answers as the shipped scenarios do. */
import { check } from 'k6'
import type { Options } from 'k6/options'
import { isDeclined, readsCustomer } from '../../load/lib/answer.ts'
import { Attempts } from '../../load/lib/attempts.ts'
import { registeredCustomers } from '../../load/lib/customers.ts'
import { forge } from '../../load/lib/decode.ts'
import { isDecided } from '../../load/lib/foreign.ts'
import { issuedChecks } from '../../load/lib/issued.ts'
import { iteration } from '../../load/lib/iteration.ts'
import { readSettings } from '../../load/lib/settings.ts'
import { createShop, type Response } from '../../load/lib/shop.ts'
import type { Customer } from '../../load/lib/states.ts'
import { Variables } from '../../load/lib/variables.ts'
import { isRefused } from '../../src/ocapi/refusal.ts'

const settings = readSettings(new Variables(__ENV))
const shop = createShop(settings)
const { maxAttempts } = settings.lockout
const attempts = new Attempts(shop, maxAttempts)
const issued = issuedChecks('smoke')

const LOCKED = { 'LOCK-1: a locked customer is refused': (response: Response) => isDeclined(response) }
const ACCEPTED = { 'REFR-1: a valid token is never refused': (response: Response) => !isRefused(response) }
const FOLLOW_UP = { 'USE-1: a token reads its own customer': readsCustomer }

export const options: Options = {
  scenarios: { reading: { executor: 'shared-iterations', vus: 1, iterations: 1 } },
}

export async function setup(): Promise<{ customers: readonly Customer[] }> {
  return { customers: await registeredCustomers(settings, [], 2, 'one logs in, one is locked') }
}

export default iteration(async ({ customers }: { customers: readonly Customer[] }) => {
  const [one, other] = customers
  if (one === undefined || other === undefined) throw new Error('two customers are needed')
  issued.read(await shop.guest())
  const { token, customerId } = issued.read(await shop.credentials(one.basic)) ?? {}
  await attempts.failAtOnce(one, maxAttempts - 1)
  await attempts.failAtOnce(other, maxAttempts)
  await attempts.tryRight(other, LOCKED)
  if (token === undefined || customerId === undefined) return
  const refreshed = await shop.refresh(token)
  if (isDecided(refreshed)) check(refreshed, ACCEPTED)
  issued.read(refreshed)
  const bad = forge.alterPayload(token)
  const declined = await shop.refresh(bad)
  if (isDecided(declined))
    check(declined, {
      'REFR-3: an altered payload is declined': (response: Response) => isDeclined(response, `Bearer ${bad}`),
    })
  const followUp = await shop.customer(customerId, token)
  if (isDecided(followUp)) check({ response: followUp, customerId }, FOLLOW_UP)
})
