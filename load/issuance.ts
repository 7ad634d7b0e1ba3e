/**
 * Issuance: guests and logins get tokens.
 *
 * Guests and logins are two k6 scenarios with tags, rates and thresholds of their own: a password is hashed, a guest
 * is not, and a percentile over both says nothing about either.
 *
 * What a client can see, and what is inferred from it:
 * - TOKEN-1, TOKEN-2, TOKEN-4: read from every answer with status 200. Any other status counts in `http_req_failed`.
 *   A signature cannot be verified here; that it is there can be seen.
 * - LOAD-1, a token is issued once only: each VU remembers its tokens (lib/memory.ts) and notices a second one. VUs
 *   share no memory under k6, so a token that one VU gets and another gets again is not seen as such. Hence the
 *   bursts: one VU sends many requests at the same moment, over as many connections, again and again, and compares
 *   all answers of the whole run. A target that repeats a token in a share q of its answers to concurrent requests
 *   goes unnoticed with a chance of (1 - q)^n after n answers to bursts.
 * - GUEST-2, each guest is a new customer, under concurrency too: the same, by the customer's id.
 * - A burst also logs one customer in several times within the same second, since a token without anything random in
 *   it repeats just then.
 *
 * Options: GUEST_SHARE (0..1, default 0.9) of the iterations; BURST (default 32): requests at the same moment, 0: none.
 */
import { check } from 'k6'
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { openAccounts, registeredCustomers } from './lib/customers.ts'
import { issuedChecks } from './lib/issued.ts'
import { iteration } from './lib/iteration.ts'
import { pick, poolSize } from './lib/pool.ts'
import { loadScenarios, partOf, peakRate, plannedIterations, plannedMs, type Work } from './lib/profiles.ts'
import { readSettings } from './lib/settings.ts'
import { createShop } from './lib/shop.ts'
import type { Customer } from './lib/states.ts'
import { thresholdsOf } from './lib/thresholds.ts'
import { Variables } from './lib/variables.ts'
import { wait } from './lib/wait.ts'

const variables = new Variables(__ENV)
const settings = readSettings(variables)
const guestShare = variables.share('GUEST_SHARE') ?? 0.9
const burstSize = variables.integer('BURST', { min: 0, max: 1000 }) ?? 32
variables.done()

const { profile } = settings
const issued = issuedChecks(profile)
const BASE_RATE = { smoke: 250, full: 50 }
const LOGINS_AT_ONCE = 4
const BURST_PAUSE_MS = profile === 'smoke' ? 150 : 5000
/** So many that they last about as long as the rest. */
const bursts = Math.max(1, Math.floor(plannedMs(profile, settings) / (BURST_PAUSE_MS + 100)))

const guestWork = issuing('guest', guestShare)
const credentialsWork = issuing('credentials', 1 - guestShare)
const works = [
  { share: guestShare, work: guestWork },
  { share: 1 - guestShare, work: credentialsWork },
].filter(({ share }) => share > 0)

/** Of guests that come at the same moment: all of them, since there is a number of bursts. */
const seenGuests = new Set<string>()
const GUEST_ONCE = {
  'GUEST-2: guests that come at the same moment are different new customers': (customerId: string) =>
    seenGuests.size !== seenGuests.add(customerId).size,
}

export const options: Options = {
  scenarios: {
    ...Object.assign(
      {},
      ...works.map(({ share, work }) => loadScenarios(work.exec, profile, work, partOf(settings, share))),
    ),
    ...(burstSize > 0 && {
      bursts: {
        executor: 'per-vu-iterations',
        exec: 'burst',
        // One, so that one memory holds all answers; a number, so that a slow machine makes them all the same.
        vus: 1,
        iterations: bursts,
        maxDuration: '24h',
        tags: { phase: 'burst', auth: 'burst' },
      },
    }),
  },
  thresholds: thresholdsOf('issuance', profile, {
    checks: [...issued.names, ...(burstSize > 0 ? Object.keys(GUEST_ONCE) : [])],
    expected: [
      ...works.map(({ share, work }) => ({
        scenario: work.exec,
        iterations: plannedIterations(profile, work, partOf(settings, share)),
      })),
      ...(burstSize > 0 ? [{ scenario: 'bursts', iterations: undefined }] : []),
    ],
    auth: works.map(({ work }) => work.exec),
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
  const share = 1 - guestShare
  if (share <= 0) return { customers: [] }
  const part = partOf(settings, share)
  const perSecond = peakRate(profile, credentialsWork, part)
  return {
    customers: await registeredCustomers(
      settings,
      accounts,
      poolSize(perSecond, part.vus) + 1,
      'so that none logs in twice within a second at the peak rate',
    ),
  }
}

export const guest = iteration(async () => {
  issued.read(await shop.guest())
})

export const credentials = iteration(async ({ customers }: Data) => {
  // The first customer is kept for the bursts.
  const index = exec.scenario.iterationInTest % (customers.length - 1)
  issued.read(await shop.credentials(pick(customers, index + 1).basic))
})

export const burst = iteration(async ({ customers }: Data) => {
  const [customer] = customers
  const guests = Array.from({ length: burstSize }, () => shop.guest())
  const logins =
    customer === undefined
      ? []
      : Array.from({ length: LOGINS_AT_ONCE }, () => shop.credentials(customer.basic))
  for (const response of await Promise.all(guests)) {
    const customerId = issued.read(response)?.customerId
    if (customerId !== undefined) check(customerId, GUEST_ONCE)
  }
  for (const response of await Promise.all(logins)) issued.read(response)
  await wait(BURST_PAUSE_MS)
})

export default guest

function issuing(auth: 'guest' | 'credentials', share: number): Work {
  return {
    exec: auth,
    rate: { smoke: BASE_RATE.smoke * share, full: BASE_RATE.full * share },
    seconds: 0.05,
    tags: { auth },
  }
}
