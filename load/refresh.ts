/**
 * Refresh: chains. An iteration takes a token, as a guest or by a login, and refreshes it again and again over one
 * connection (NEW_CONNECTIONS=true: a new one each time), while some requests bring tokens that must be declined.
 *
 * What a client can see, and what is inferred from it:
 * - REFR-2, another token that expires later and names the same customer: on every hop. Times in a token are whole
 *   seconds, so two hops within a second may show the same expiry; it is then only checked not to be earlier. The last
 *   hop of a chain waits until at least a second lies between the two tokens, so that "later" is really seen.
 * - LOAD-1, two refreshes of one token are two different tokens: a fifth of the chains refresh their first token twice at
 *   the same moment, and a third time within a second. Not where a refresh revokes the older token.
 * - REFR-4, never another customer's token: on every hop, by the customer of the token and of the body. The chain's
 *   own customer is known from its first token. A swap between two VUs of the same customer cannot be seen, so chains
 *   of guests (each its own customer) are the most.
 * - REFR-1 and REFR-3, no wrong refusal and no wrong accept: a share of the hops (BAD_SHARE) also sends a token that is
 *   altered or unsigned, made from the very token that was just issued, or that is expired. An answer of 5xx, or none, is
 *   neither; it counts in `http_req_failed`.
 * - Whether the older token still works after a refresh is as OLD_TOKEN_AFTER_REFRESH says; after its own expiry it
 *   never does. That takes a target whose clock can be moved (STATES_URL) and one instance of the generator; it is
 *   seen at the end of the run.
 * - A client cannot see whether a declined token was declined for the right reason.
 *
 * Options: HOPS (default 6 in smoke, else 12) refreshes in a chain; HOP_PAUSE (default 0s) before each; GUEST_SHARE (0..1, default 0.9)
 * of the chains; BAD_SHARE (0..1, default 0.1) of the hops.
 */
import { check } from 'k6'
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { isRefused } from '../src/ocapi/refusal.ts'
import { type AuthAnswer, isDecision, isDeclined, readAnswer, readsCustomer } from './lib/answer.ts'
import { openAccounts, registeredCustomers } from './lib/customers.ts'
import { forge, tokenReader } from './lib/decode.ts'
import { isDecided } from './lib/foreign.ts'
import { issuedChecks } from './lib/issued.ts'
import { iteration } from './lib/iteration.ts'
import { isShare, pick, poolSize } from './lib/pool.ts'
import { loadScenarios, peakRate, plannedIterations, type Work } from './lib/profiles.ts'
import { movableClock, readSettings } from './lib/settings.ts'
import { createShop, REFUSED, type Response } from './lib/shop.ts'
import { type Customer, setState } from './lib/states.ts'
import { thresholdsOf } from './lib/thresholds.ts'
import { Variables } from './lib/variables.ts'
import { wait } from './lib/wait.ts'

const variables = new Variables(__ENV)
const settings = readSettings(variables)
const { profile, statesUrl, oldTokenAfterRefresh } = settings
const hops = variables.integer('HOPS', { min: 1 }) ?? (profile === 'smoke' ? 6 : 12)
const hopPauseMs = variables.duration('HOP_PAUSE') ?? 0
const guestShare = variables.share('GUEST_SHARE') ?? 0.9
const badShare = variables.share('BAD_SHARE') ?? 0.1
variables.done()

const clockUrl = movableClock(settings)
const issued = issuedChecks(profile)
/** Two tokens that are this far apart (ms) differ in their whole seconds, and a little for the clock's own steps. */
const SEEN_LATER_MS = 1050
const EXPIRED_TOKENS = 5

const work: Work = {
  exec: 'chain',
  rate: { smoke: 50, full: 10 },
  seconds: (SEEN_LATER_MS + hops * (hopPauseMs + 20)) / 1000,
  tags: {},
}

/** Of the chains: so many refresh their first token twice at once and a third time. */
const TWICE_SHARE = 0.2

/** An answer to a request with a token that must be declined. */
interface Bad {
  readonly response: Response
  readonly token: string
}

interface Hop {
  readonly old: AuthAnswer
  readonly fresh: AuthAnswer
  /** At least so long (ms) lies between the two tokens, by the client's clock. */
  readonly apartMs: number
}

const HOP = {
  'REFR-2: a refreshed token is another one and expires later and names the same customer': (hop: Hop) =>
    hop.fresh.token !== hop.old.token &&
    hop.fresh.claims?.customerId === hop.old.claims?.customerId &&
    expiresLater(hop),
  "REFR-4: a refresh never answers another customer's token": ({ old, fresh }: Hop) =>
    fresh.claims?.customerId === old.claims?.customerId && fresh.customerId === old.claims?.customerId,
}
const VALID = { 'REFR-1: a valid token is never refused': (response: Response) => !isRefused(response) }
const FORGED = {
  'altered payload': declined('an altered payload'),
  'altered signature': declined('an altered signature'),
  unsigned: declined('alg none'),
}
const EXPIRED = declined('an expired token')
const AT_ONCE_DIFFER = {
  'LOAD-1: two refreshes of one token at the same moment are two different tokens': areDifferent,
}
const WITHIN_A_SECOND_DIFFER = {
  'LOAD-1: two refreshes of one token within one second are two different tokens': areDifferent,
}
const NEW_TOKEN_WORKS = {
  'USE-1: the refreshed token reads its customer': readsCustomer,
}
// That a refresh ends the older token is the target's own choice, and no clause: then it is part of LOAD-1.
const OLD_TOKEN =
  oldTokenAfterRefresh === 'valid'
    ? { 'USE-1: the older token is valid after a refresh': readsCustomer }
    : { 'the older token is revoked after a refresh': isDeclinedWith }
const OLD_TOKEN_EXPIRES = {
  'USE-3: the older token is declined after its own expiry': isDeclinedWith,
}
const NEW_TOKEN_OUTLIVES = {
  'USE-1: the refreshed token works past the expiry of the older one': readsCustomer,
}

export const options: Options = {
  scenarios: loadScenarios('chains', profile, work, settings),
  thresholds: thresholdsOf('refresh', profile, {
    checks: [
      ...issued.names,
      ...[HOP, VALID, NEW_TOKEN_WORKS, OLD_TOKEN].flatMap((checks) => Object.keys(checks)),
      ...(oldTokenAfterRefresh === 'valid'
        ? [AT_ONCE_DIFFER, WITHIN_A_SECOND_DIFFER].flatMap((checks) => Object.keys(checks))
        : []),
      ...(badShare > 0 ? Object.values(FORGED).flatMap((checks) => Object.keys(checks)) : []),
      ...(badShare > 0 && statesUrl !== undefined ? Object.keys(EXPIRED) : []),
      ...(clockUrl === undefined
        ? []
        : [OLD_TOKEN_EXPIRES, NEW_TOKEN_OUTLIVES].flatMap((checks) => Object.keys(checks))),
    ],
    expected: [{ scenario: 'chains', iterations: plannedIterations(profile, work, settings) }],
    instances: settings.instances,
    overrides: settings.thresholds,
  }),
  noConnectionReuse: settings.newConnections,
  setupTimeout: '5m',
}

const accounts = openAccounts(settings)
const shop = createShop(settings)
const reader = tokenReader()

interface Data {
  readonly customers: readonly Customer[]
  readonly expiredTokens: readonly string[]
}

export async function setup(): Promise<Data> {
  const peak = peakRate(profile, work, settings)
  const registeredShare = 1 - guestShare
  const customers =
    registeredShare === 0
      ? []
      : await registeredCustomers(
          settings,
          accounts,
          poolSize(peak && peak * registeredShare, settings.vus),
          'so that none logs in twice within a second at the peak rate',
        )
  return { customers, expiredTokens: await expiredTokens() }
}

async function expiredTokens(): Promise<string[]> {
  if (statesUrl === undefined || badShare === 0) return []
  const states = await Promise.all(
    Array.from({ length: EXPIRED_TOKENS }, () =>
      setState(statesUrl, 'an expired customer token', { customer: 'guest' }),
    ),
  )
  return states.map(({ token }) => token)
}

export const chain = iteration(async ({ customers, expiredTokens }: Data) => {
  const index = exec.scenario.iterationInTest
  let old = await firstToken(index, customers)
  if (oldTokenAfterRefresh === 'valid' && old?.token !== undefined && isShare(TWICE_SHARE, index))
    await refreshTwice(old.token)
  let arrivedAt = Date.now()
  for (let hop = 0; hop < hops; hop++) {
    if (old?.token === undefined) return
    const isLast = hop === hops - 1
    await wait(isLast ? Math.max(hopPauseMs, arrivedAt + SEEN_LATER_MS - Date.now()) : hopPauseMs)
    const sentAt = Date.now()
    const response = await shop.refresh(old.token, { tags: { auth: 'refresh' } })
    const fresh = issued.read(response)
    if (fresh !== undefined || isDecision(response)) check(response, VALID)
    if (fresh === undefined) return
    check({ old, fresh, apartMs: sentAt - arrivedAt }, HOP)
    // What cannot be read cannot be made invalid in one way only.
    if (old.claims !== undefined && isShare(badShare, index * hops + hop))
      await sendBadToken(old.token, index * hops + hop, expiredTokens)
    if (isLast) await followUp(old, fresh)
    arrivedAt = Date.now()
    old = fresh
  }
})

export default chain

export async function teardown(): Promise<void> {
  if (clockUrl === undefined) return
  const { token, customerId } = await setState(clockUrl, 'a customer token', { customer: 'guest' })
  const refreshed = await shop.refresh(token, { tags: { auth: 'refresh' } })
  const fresh = isDecided(refreshed) ? readAnswer(reader, refreshed) : undefined
  const oldExpiry = reader.read(token)?.expiresAt
  if (oldExpiry === undefined || fresh?.claims === undefined || fresh.token === undefined) return
  const { issuedAt, expiresAt } = fresh.claims
  // The middle between the two expiries; with no room between them the checks are not made.
  const room = expiresAt - oldExpiry
  if (room < 10) return
  await setState(clockUrl, 'time passes', { seconds: Math.floor(oldExpiry - issuedAt + room / 2) })
  const tags = { auth: 'follow-up' }
  const withOld = await shop.customer(customerId, token, { statuses: [REFUSED], tags })
  if (isDecided(withOld)) check({ response: withOld, token }, OLD_TOKEN_EXPIRES)
  const response = await shop.customer(customerId, fresh.token, { tags })
  if (isDecided(response)) check({ response, customerId }, NEW_TOKEN_OUTLIVES)
}

async function firstToken(index: number, customers: readonly Customer[]): Promise<AuthAnswer | undefined> {
  const response = isShare(guestShare, index)
    ? await shop.guest({ auth: 'guest' })
    : await shop.credentials(pick(customers, Math.floor(index * (1 - guestShare))).basic, {
        tags: { auth: 'credentials' },
      })
  return issued.read(response)
}

async function sendBadToken(token: string, index: number, expiredTokens: readonly string[]): Promise<void> {
  const bad = [
    { token: forge.alterPayload(token), checks: FORGED['altered payload'] },
    { token: forge.alterSignature(token), checks: FORGED['altered signature'] },
    { token: forge.unsigned(token), checks: FORGED.unsigned },
    ...(expiredTokens.length > 0 ? [{ token: pick(expiredTokens, index), checks: EXPIRED }] : []),
  ]
  const one = pick(bad, Math.floor(index * badShare))
  const response = await shop.refresh(one.token, { statuses: [REFUSED], tags: { auth: 'declined' } })
  if (isDecided(response)) check({ response, token: one.token }, one.checks)
}

async function followUp(old: AuthAnswer, fresh: AuthAnswer): Promise<void> {
  const customerId = fresh.claims?.customerId
  if (customerId === undefined || fresh.token === undefined || old.token === undefined) return
  const tags = { auth: 'follow-up' }
  const withNew = await shop.customer(customerId, fresh.token, { tags })
  if (isDecided(withNew)) check({ response: withNew, customerId }, NEW_TOKEN_WORKS)
  const statuses = [oldTokenAfterRefresh === 'valid' ? 200 : REFUSED]
  const withOld = await shop.customer(customerId, old.token, { statuses, tags })
  if (isDecided(withOld)) check({ response: withOld, customerId, token: old.token }, OLD_TOKEN)
}

function expiresLater({ old, fresh, apartMs }: Hop): boolean {
  if (old.claims === undefined || fresh.claims === undefined) return false
  return apartMs >= 1000
    ? fresh.claims.expiresAt > old.claims.expiresAt
    : fresh.claims.expiresAt >= old.claims.expiresAt
}

/** Of a guest or a login; LOAD-1 wants each answer to be a token of its own. */
async function refreshTwice(token: string): Promise<void> {
  const send = () => shop.refresh(token, { tags: { auth: 'refresh' } })
  const together = await Promise.all([send(), send()])
  const after = await send()
  const [one, other] = together.map((response) => issued.read(response)?.token)
  const third = issued.read(after)?.token
  if (one === undefined) return
  if (other !== undefined) check([one, other], AT_ONCE_DIFFER)
  if (third !== undefined) check([one, third], WITHIN_A_SECOND_DIFFER)
}

function areDifferent([one, other]: readonly string[]): boolean {
  return one !== other
}

function isDeclinedWith({ response, token }: Bad): boolean {
  return isDeclined(response, `Bearer ${token}`)
}

function declined(what: string): Record<string, (bad: Bad) => boolean> {
  return { [`REFR-3: ${what} is declined without a token`]: isDeclinedWith }
}
