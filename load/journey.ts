/**
 * Journey: a visitor's whole way. A guest token, a follow-up request with it; some visitors log in and go on with the
 * new token; some stay until their token is about to expire, refresh it, and go on. Between the steps they think.
 *
 * Of 100 visitors, by default, 100 get a guest token, 40 log in and 25 refresh: 8 logins to 5 refreshes. The vendor
 * publishes no such figures; take your own from the storefront's logs (docs/load.md says how).
 *
 * What a client can see, and what is inferred from it:
 * - USE-1: each token reads its own customer, the refreshed one too.
 * - CRED-1, REFR-4: a login and a refresh answer the customer that asked.
 * - A refresh near the expiry takes as long as a token lives. Short profiles refresh earlier (REFRESH_AFTER); only
 *   `soak` waits for nine tenths of TOKEN_LIFETIME_SECONDS.
 *
 * Options: LOGIN_SHARE (0..1, default 0.4), REFRESH_SHARE (0..1, default 0.25), THINK (a mean time; each pause is
 * between half and one and a half of it), REFRESH_AFTER (a time).
 */
import { check } from 'k6'
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { type AuthAnswer, readsCustomer } from './lib/answer.ts'
import { openAccounts, registeredCustomers } from './lib/customers.ts'
import { isDecided } from './lib/foreign.ts'
import { issuedChecks } from './lib/issued.ts'
import { iteration } from './lib/iteration.ts'
import { isShare, pick, poolSize } from './lib/pool.ts'
import { loadScenarios, peakRate, plannedIterations, type Work } from './lib/profiles.ts'
import { readSettings } from './lib/settings.ts'
import { createShop } from './lib/shop.ts'
import type { Customer } from './lib/states.ts'
import { thresholdsOf } from './lib/thresholds.ts'
import { Variables } from './lib/variables.ts'
import { wait } from './lib/wait.ts'

const variables = new Variables(__ENV)
const settings = readSettings(variables)
const { profile } = settings
const loginShare = variables.share('LOGIN_SHARE') ?? 0.4
const refreshShare = variables.share('REFRESH_SHARE') ?? 0.25
const thinkMs = variables.duration('THINK') ?? (profile === 'smoke' ? 100 : 3000)
const refreshAfterMs = variables.duration('REFRESH_AFTER') ?? defaultRefreshAfterMs()
variables.done()
const issued = issuedChecks(profile)

const STEPS_WITH_A_PAUSE = 2
const work: Work = {
  exec: 'journey',
  rate: { smoke: 30, full: 10 },
  seconds: 0.1 + (STEPS_WITH_A_PAUSE * thinkMs + refreshShare * refreshAfterMs) / 1000,
  tags: {},
}

const FOLLOW_UP = {
  'USE-1: a token reads its own customer': readsCustomer,
}
const LOGIN = {
  'CRED-1: a login answers the customer who logged in': isOf,
}
const REFRESH = {
  "REFR-4: a refresh never answers another customer's token": isOf,
}

export const options: Options = {
  scenarios: loadScenarios('journeys', profile, work, settings),
  thresholds: thresholdsOf('journey', profile, {
    checks: [
      ...issued.names,
      ...Object.keys(FOLLOW_UP),
      ...(loginShare > 0 ? Object.keys(LOGIN) : []),
      ...(refreshShare > 0 ? Object.keys(REFRESH) : []),
    ],
    expected: [{ scenario: 'journeys', iterations: plannedIterations(profile, work, settings) }],
    auth: [
      'guest',
      'follow-up',
      ...(loginShare > 0 ? ['credentials'] : []),
      ...(refreshShare > 0 ? ['refresh'] : []),
    ],
    instances: settings.instances,
    overrides: settings.thresholds,
  }),
  noConnectionReuse: settings.newConnections,
  setupTimeout: '5m',
}

const accounts = openAccounts(settings)
const shop = createShop(settings)

interface Data {
  readonly customers: readonly Customer[]
}

export async function setup(): Promise<Data> {
  if (loginShare === 0) return { customers: [] }
  const peak = peakRate(profile, work, settings)
  const need = poolSize(peak && peak * loginShare, settings.vus)
  const why = 'so that none logs in twice within a second at the peak rate'
  return { customers: await registeredCustomers(settings, accounts, need, why) }
}

export const journey = iteration(async ({ customers }: Data) => {
  const index = exec.scenario.iterationInTest
  let current = issued.read(await shop.guest({ auth: 'guest' }))
  await followUp(current)
  if (isShare(loginShare, index)) {
    await think()
    const customer = pick(customers, Math.floor(index * loginShare))
    const response = await shop.credentials(customer.basic, { tags: { auth: 'credentials' } })
    current = issued.read(response)
    if (current !== undefined) check({ answer: current, customerId: customer.customerId }, LOGIN)
    await followUp(current)
  }
  if (isShare(refreshShare, index)) {
    await wait(refreshAfterMs)
    const { token, customerId } = current ?? {}
    if (token === undefined || customerId === undefined) return
    const refreshed = issued.read(await shop.refresh(token, { tags: { auth: 'refresh' } }))
    if (refreshed !== undefined) check({ answer: refreshed, customerId }, REFRESH)
    await followUp(refreshed)
  }
})

export default journey

async function followUp(answer: AuthAnswer | undefined): Promise<void> {
  if (answer?.token === undefined || answer.customerId === undefined) return
  await think()
  const { token, customerId } = answer
  const response = await shop.customer(customerId, token, { tags: { auth: 'follow-up' } })
  if (isDecided(response)) check({ response, customerId }, FOLLOW_UP)
}

function think(): Promise<void> {
  return wait(thinkMs * (0.5 + Math.random()))
}

function isOf({ answer, customerId }: { answer: AuthAnswer; customerId: string }): boolean {
  return answer.customerId === customerId && answer.claims?.customerId === customerId
}

function defaultRefreshAfterMs(): number {
  if (profile === 'smoke') return 200
  return profile === 'soak' ? settings.tokenLifetimeSeconds * 900 : 10000
}
