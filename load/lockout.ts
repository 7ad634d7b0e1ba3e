/**
 * Lockout: does the failed-login lockout hold when attempts come all at once, and does it leave everyone else alone?
 *
 * A client sees of an attempt only whether it was let in. A wrong attempt that was decided and one that was refused by
 * the lock answer the same, so how many were let through to a decision is never seen directly. What is inferred, with
 * M the maximum and all attempts of one customer sent at the same moment, each on a connection of its own:
 *
 * (a) Race. Fresh customers, four kinds in turn:
 *   - exact: M wrong attempts at once, and when all are answered, the right password. It must be refused. If counting
 *     loses an update, the count stays below M and it is let in. (LOCK-2)
 *   - flood: the same with ATTEMPTS ≫ M wrong ones. (LOCK-2)
 *   - guess: ATTEMPTS at once, one of them right, at a random place. A lock lets at most M of them be decided, so the
 *     right one is let in with a chance of at most M / ATTEMPTS, in whatever order the target takes them, since the
 *     place is drawn here. A guard that checks first and counts later lets nearly all be decided, and the right one
 *     in nearly always. Each VU adds up its guesses; more hits than chance explains (less than once in a billion
 *     checks) is broken. (LOCK-2)
 *   - few: M-1 wrong and many right ones at once. Whatever the order, nobody fails M times in a row: all right ones are
 *     let in. Then M-1 wrong at once, and the right one again: a success has given all attempts back. (LOCK-5)
 *   Not seen: a guard that lets a few too many through, yet counts each of them, in an order that a race hides.
 * (b) Hold. Meanwhile customers who were locked before the start are tried with the right password and must be
 *     refused for the whole period (LOCK-4); those who were not locked must be let in (LOCK-3). Customers of the race
 *     are tried again later too. Not seen: whether attempts during a lock are counted.
 *     Before all that, right after they were locked, a crowd fails once each: a thousand customers in smoke, else ten
 *     thousand, none of whom is locked. All locks must still be there (LOCK-4), as they are not in a table of bounded
 *     size that drops the oldest. Without a states URL the crowd are the lockable accounts that the rest leaves over;
 *     where there are none, or a single failure locks, this is not seen.
 * (c) No harm. Many right logins of one customer at once: all are let in. (CRED-1)
 * (d) Spray. Many customers, few failures each (never M in a row): all are let in afterwards, so that no guard counts
 *     by anything but the customer. (LOCK-3)
 * (e) End. Just before the period is over the lock still holds (LOCK-4); after it all attempts are there again: M-1
 *     failures leave the customer unlocked, M lock again (LOCK-6). It moves the target's clock (STATES_URL) when
 *     everything else has ended; without, or where several instances share the load, it is seen only where DURATION is
 *     longer than the period.
 *
 * (f) Spellings, before the start. Where the login in other letter case, with blanks around it or in a compatibility
 *     form lets its customer in, the maximum of wrong attempts under all those spellings at the same moment locks the
 *     customer (LOCK-8). A target that takes no other spelling holds it. Not seen: spellings of other kinds.
 *
 * By which status and fault a locked customer is refused is in no document: any 4xx with a fault will do, in answer to
 * the right password and to a wrong one. A customer who cannot be locked yet is refused as the API says (CRED-2).
 *
 * An attempt that the target did not answer, or with 5xx, decides nothing: what depends on it is not checked, and it
 * counts in `http_req_failed`. Customers are throw-away: made by a provider state, or marked lockable in the accounts.
 *
 * Options: CUSTOMERS in the race (default 60 in smoke, else 1000); ATTEMPTS at once (default 30 in smoke, else 50; at
 * least 4 × M); CROWD (default 1000 in smoke, else 10,000); RATE of hold and spray together.
 */
import { check } from 'k6'
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import { isDeclined } from './lib/answer.ts'
import { Attempts, isLetIn, WRONG_DECLINED } from './lib/attempts.ts'
import { mostByChance } from './lib/binomial.ts'
import { openAccounts, registeredCustomers, spellingsOf } from './lib/customers.ts'
import { isDecided, requireDocument } from './lib/foreign.ts'
import { iteration } from './lib/iteration.ts'
import { pick } from './lib/pool.ts'
import { loadScenarios, partOf, peakRate, plannedIterations, plannedMs, type Work } from './lib/profiles.ts'
import { movableClock, readSettings } from './lib/settings.ts'
import { createShop, type Response } from './lib/shop.ts'
import { type Customer, setState } from './lib/states.ts'
import { thresholdsOf } from './lib/thresholds.ts'
import { Variables } from './lib/variables.ts'

const variables = new Variables(__ENV)
const settings = readSettings(variables)
const { profile } = settings
const clockUrl = movableClock(settings)
const { maxAttempts, periodSeconds } = settings.lockout
const raceCustomers = settings.customers ?? (profile === 'smoke' ? 60 : 1000)
const attempts =
  variables.integer('ATTEMPTS', { min: 4 * maxAttempts, max: 1000 }) ??
  Math.max(profile === 'smoke' ? 30 : 50, 4 * maxAttempts)
/** Customers who fail once each while the locks of `locked` are held, so that a table of locks would have to drop some. */
const crowd = variables.integer('CROWD', { min: 1, max: 10000 }) ?? (profile === 'smoke' ? 1000 : 10000)
variables.done()

/** Customers that race side by side in one iteration; with ATTEMPTS connections each. */
const GROUP = 2
const RACERS = profile === 'smoke' ? 1 : 2
const LOCKED = 20
const UNLOCKED = 12
const HARMLESS = 10
const AT_ONCE_HARMLESS = 20
/** They fail in parts of so many at the same moment. */
const CROWD_AT_ONCE = 50
/** Customers whose login is tried in other spellings. */
const SPELLED = 4
/** Of those whose lock is seen to end. */
const ENDING = clockUrl === undefined ? 0 : 12
/** Fewer than half of the maximum, so that two sprays of one customer that overlap still lock nobody. */
const FEW = Math.min(2, Math.floor((maxAttempts - 1) / 2))
/** Time (s) for the clocks and for what is on its way when a period ends. */
const SLACK_SECONDS = 5

const timed = { ...settings, warmupMs: 0 }
const half = partOf(timed, 0.5)
const holdWork: Work = { exec: 'hold', rate: { smoke: 20, full: 20 }, seconds: 0.1, tags: { part: 'hold' } }
const sprayWork: Work = {
  exec: 'spray',
  rate: { smoke: 40, full: 20 },
  seconds: 0.2,
  tags: { part: 'spray' },
}
/** A customer is sprayed again only after so many seconds. */
const SPRAY_AGAIN_SECONDS = 5
const spraying = Math.ceil((peakRate(profile, sprayWork, half) ?? settings.vus ?? 1) * SPRAY_AGAIN_SECONDS)
const sizes = [raceCustomers, HARMLESS, LOCKED, UNLOCKED, spraying, ENDING, SPELLED]
const accounts = openAccounts(settings)
const lockable = accounts.filter((account) => account.lockable)
/** Without provider states, the lockable accounts that the rest leaves over. A single failure that locks is none of these. */
const crowdSize =
  maxAttempts === 1
    ? 0
    : settings.statesUrl === undefined
      ? Math.min(crowd, Math.max(0, lockable.length - sum(sizes)))
      : crowd
const endsByItself = plannedMs(profile, timed) > (periodSeconds + 2 * SLACK_SECONDS) * 1000

const EXACT = {
  'LOCK-2: as many wrong attempts at the same moment as the maximum lock the customer': isDeclined,
}
const FLOOD = { 'LOCK-2: a flood of wrong attempts at the same moment locks the customer': isDeclined }
const GUESS = {
  'LOCK-2: of many guesses at the same moment no more than the maximum are decided': (tally: Tally) =>
    tally.hits <= mostByChance(tally.guesses, maxAttempts / attempts),
}
const FEW_WRONG = {
  'LOCK-5: right logins among fewer wrong ones than the maximum are let in': isLetIn,
}
const COUNT_RESET = { 'LOCK-5: a success gives all attempts back': isLetIn }
const STILL_LOCKED = { 'LOCK-4: a locked customer stays locked while others fail': isDeclined }
const REMEMBERED = {
  'LOCK-4: a lock is not forgotten while many other customers fail and none of them is locked': isDeclined,
}
const SPELLINGS = {
  'LOCK-8: wrong attempts under all spellings of a login at the same moment count for one customer':
    isDeclined,
}
const OTHERS = { 'LOCK-3: customers who did not fail log in while others are locked': isLetIn }
const NO_HARM = { 'CRED-1: right logins of one customer at the same moment are all let in': isLetIn }
const SPRAYED = { 'LOCK-3: a few failures of each of many customers lock nobody': isLetIn }
const HOLDS_TO_END = { 'LOCK-4: a lock holds to the end of its period': isDeclined }
const ENDED = { 'LOCK-6: after its period all attempts but one may fail and the customer is let in': isLetIn }
const LOCKS_AGAIN = { 'LOCK-6: after its period as many failures as the maximum lock again': isDeclined }
const ENDED_BY_ITSELF = { 'LOCK-6: a lock is over when its period is': isLetIn }

export const options: Options = {
  scenarios: {
    race: {
      executor: 'shared-iterations',
      exec: 'race',
      vus: RACERS,
      iterations: Math.ceil(raceCustomers / GROUP),
      maxDuration: '30m',
      tags: { part: 'race' },
    },
    harmless: {
      executor: 'shared-iterations',
      exec: 'harmless',
      vus: 1,
      iterations: HARMLESS,
      maxDuration: '30m',
      tags: { part: 'harmless' },
    },
    ...loadScenarios('hold', profile, holdWork, half),
    ...loadScenarios('spray', profile, sprayWork, half),
  },
  thresholds: thresholdsOf('lockout', profile, {
    checks: [
      ...[
        WRONG_DECLINED,
        EXACT,
        FLOOD,
        GUESS,
        FEW_WRONG,
        COUNT_RESET,
        STILL_LOCKED,
        OTHERS,
        NO_HARM,
        SPRAYED,
        SPELLINGS,
      ],
      ...(crowdSize > 0 ? [REMEMBERED] : []),
      ...(clockUrl === undefined ? [] : [HOLDS_TO_END, ENDED, LOCKS_AGAIN]),
      ...(endsByItself ? [ENDED_BY_ITSELF] : []),
    ].flatMap((checks) => Object.keys(checks)),
    expected: [
      { scenario: 'race', iterations: Math.ceil(raceCustomers / GROUP) },
      { scenario: 'harmless', iterations: HARMLESS },
      { scenario: 'hold', iterations: plannedIterations(profile, holdWork, half) },
      { scenario: 'spray', iterations: plannedIterations(profile, sprayWork, half) },
    ],
    instances: settings.instances,
    overrides: settings.thresholds,
  }),
  noConnectionReuse: settings.newConnections,
  setupTimeout: '10m',
  teardownTimeout: '5m',
}

const login = new Attempts(createShop(settings), maxAttempts)

interface Data {
  readonly racing: readonly Customer[]
  readonly harmless: readonly Customer[]
  readonly locked: readonly Customer[]
  readonly unlocked: readonly Customer[]
  readonly sprayed: readonly Customer[]
  readonly ending: readonly Customer[]
  /** ms since 1970: no lock of `locked` and `ending` began before the first, none after the second. */
  readonly lockedFrom: number
  readonly lockedUntil: number
}

export async function setup(): Promise<Data> {
  const all = await registeredCustomers(
    { ...settings, customers: undefined },
    lockable,
    sum(sizes) + crowdSize,
    'all of them throw-away (lockable): a lock that holds cannot be used again',
  )
  const starts = sizes.map((_, part) => sum(sizes.slice(0, part)))
  const [racing = [], harmless = [], locked = [], unlocked = [], sprayed = [], ending = [], spelled = []] =
    sizes.map((size, part) => all.slice(starts[part] ?? 0, (starts[part] ?? 0) + size))
  const lockedFrom = Date.now()
  await Promise.all([...locked, ...ending].map(lock))
  const lockedUntil = Date.now()
  await remember(all.slice(sum(sizes)), locked, lockedFrom)
  await Promise.all(spelled.map(spell))
  return { racing, harmless, locked, unlocked, sprayed, ending, lockedFrom, lockedUntil }
}

async function lock(customer: Customer): Promise<void> {
  const responses = await Promise.all(
    Array.from({ length: maxAttempts }, (_, index) => login.wrong(customer, index)),
  )
  for (const response of responses) requireDocument(response, 'a login')
  login.checkWrong(responses)
}

/** In `setup`, since no customer may be locked meanwhile, and since the crowd is then no part of its data. */
async function remember(
  crowd: readonly Customer[],
  locked: readonly Customer[],
  since: number,
): Promise<void> {
  if (crowd.length === 0) return
  for (let first = 0; first < crowd.length; first += CROWD_AT_ONCE)
    await Promise.all(
      crowd.slice(first, first + CROWD_AT_ONCE).map((customer) => login.failAtOnce(customer, 1)),
    )
  if (holds(since)) await Promise.all(locked.map((customer) => login.tryRight(customer, REMEMBERED)))
}

/** Which spellings let the customer in is tried first; the last of those successes has set the count back to 0. */
async function spell(customer: Customer): Promise<void> {
  const spellings = spellingsOf(customer)
  const taken: Customer[] = []
  let last: Response | undefined
  for (const spelling of spellings) {
    last = await login.right(spelling)
    if (!isDecided(last)) return
    if (isLetIn(last)) taken.push(spelling)
  }
  if (taken.length === 0) {
    // No other spelling is let in, so there is nothing to count under one.
    if (last !== undefined) check(last, SPELLINGS)
    return
  }
  if (!isLetIn(await login.right(customer))) return
  const written = [...taken, customer]
  const responses = await Promise.all(
    Array.from({ length: maxAttempts }, (_, index) => login.wrong(pick(written, index), index)),
  )
  if (login.checkWrong(responses)) await login.tryRight(customer, SPELLINGS)
}

interface Tally {
  guesses: number
  hits: number
}

/** Of this VU. */
const tally: Tally = { guesses: 0, hits: 0 }
const lockedInRace: { customer: Customer; at: number }[] = []

const KINDS = [exactly, flood, guess, few]

export const race = iteration(async ({ racing }: Data) => {
  const first = exec.scenario.iterationInTest * GROUP
  const group = racing.slice(first, first + GROUP)
  await Promise.all(group.map((customer, index) => pick(KINDS, first + index)(customer)))
  const earlier = lockedInRace[exec.vu.iterationInScenario % Math.max(1, lockedInRace.length)]
  if (earlier !== undefined && holds(earlier.at)) await login.tryRight(earlier.customer, STILL_LOCKED)
})

export default race

async function exactly(customer: Customer): Promise<void> {
  const at = Date.now()
  if (!(await login.failAtOnce(customer, maxAttempts))) return
  await login.tryRight(customer, EXACT)
  lockedInRace.push({ customer, at })
}

async function flood(customer: Customer): Promise<void> {
  const at = Date.now()
  if (!(await login.failAtOnce(customer, attempts))) return
  await login.tryRight(customer, FLOOD)
  lockedInRace.push({ customer, at })
}

async function guess(customer: Customer): Promise<void> {
  const right = Math.floor(Math.random() * attempts)
  const responses = await Promise.all(
    Array.from({ length: attempts }, (_, index) =>
      index === right ? login.right(customer) : login.wrong(customer, index),
    ),
  )
  const wrongsDecided = login.checkWrong(responses.filter((_, index) => index !== right))
  const answer = responses[right]
  if (answer === undefined || !isDecided(answer) || !wrongsDecided) return
  tally.guesses++
  if (isLetIn(answer)) tally.hits++
  check(tally, GUESS)
}

async function few(customer: Customer): Promise<void> {
  const rightOnes = attempts - maxAttempts + 1
  const [rights, wrongsDecided] = await Promise.all([
    Promise.all(Array.from({ length: rightOnes }, () => login.right(customer))),
    login.failAtOnce(customer, maxAttempts - 1),
  ])
  for (const response of rights) if (isDecided(response)) check(response, FEW_WRONG)
  if (!wrongsDecided) return
  // How many failures came after the last success is not known here: a success first, then the full number.
  await login.tryRight(customer, FEW_WRONG)
  await login.failAtOnce(customer, maxAttempts - 1)
  await login.tryRight(customer, COUNT_RESET)
  await login.failAtOnce(customer, maxAttempts - 1)
  await login.tryRight(customer, COUNT_RESET)
}

export const harmless = iteration(async ({ harmless }: Data) => {
  const customer = pick(harmless, exec.scenario.iterationInTest)
  await Promise.all(Array.from({ length: AT_ONCE_HARMLESS }, () => login.tryRight(customer, NO_HARM)))
})

export const hold = iteration(async ({ locked, unlocked, lockedFrom, lockedUntil }: Data) => {
  const index = exec.scenario.iterationInTest
  await login.tryRight(pick(unlocked, index), OTHERS)
  const customer = pick(locked, index)
  const sentAt = Date.now()
  const response = await login.right(customer)
  if (!isDecided(response)) return
  if (holds(lockedFrom)) check(response, STILL_LOCKED)
  else if (sentAt > lockedUntil + (periodSeconds + SLACK_SECONDS) * 1000) check(response, ENDED_BY_ITSELF)
})

export const spray = iteration(async ({ sprayed }: Data) => {
  const customer = pick(sprayed, exec.scenario.iterationInTest)
  await login.failAtOnce(customer, FEW)
  await login.tryRight(customer, SPRAYED)
})

export async function teardown({ ending, locked, lockedFrom, lockedUntil }: Data): Promise<void> {
  if (holds(lockedFrom)) await Promise.all(locked.map((customer) => login.tryRight(customer, STILL_LOCKED)))
  if (clockUrl === undefined) return
  const sinceFirst = (Date.now() - lockedFrom) / 1000
  const toJustBefore = Math.floor(periodSeconds - sinceFirst - SLACK_SECONDS)
  const [early, late, again] = [0, 1, 2].map((part) => ending.filter((_, index) => index % 3 === part))
  if (early === undefined || late === undefined || again === undefined || toJustBefore < 0) return
  const stillBefore = Date.now() + (SLACK_SECONDS - 1) * 1000
  await setState(clockUrl, 'time passes', { seconds: toJustBefore })
  const answers = await Promise.all(early.map((customer) => login.right(customer)))
  // On a machine that stalled for so long the period may be over, and nothing was seen.
  if (Date.now() < stillBefore)
    for (const answer of answers) if (isDecided(answer)) check(answer, HOLDS_TO_END)
  const locking = Math.ceil((lockedUntil - lockedFrom) / 1000)
  await setState(clockUrl, 'time passes', { seconds: locking + 2 * SLACK_SECONDS })
  await Promise.all([
    ...late.map(async (customer) => {
      if (await login.failAtOnce(customer, maxAttempts - 1)) await login.tryRight(customer, ENDED)
    }),
    ...again.map(async (customer) => {
      if (await login.failAtOnce(customer, maxAttempts)) await login.tryRight(customer, LOCKS_AGAIN)
    }),
  ])
}

/** Whether a lock that began no earlier than `since` (ms since 1970) still has to hold, with the slack for the way. */
function holds(since: number): boolean {
  return Date.now() < since + (periodSeconds - SLACK_SECONDS) * 1000
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
