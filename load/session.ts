/**
 * Session: tokens for active storefront sessions, several for one session at the same moment and one right after.
 *
 * What a client can see, and what is inferred from it:
 * - SESS-6, several requests with one session answer different tokens: within an iteration, where all requests fall
 *   into the same second or the next, so that a token without anything random in it would repeat; and over all that a
 *   VU has seen (lib/memory.ts). What one VU and another get is not compared: VUs share nothing under k6.
 * - LOAD-1, two logins by one session are two different tokens: at the same moment, and within one second.
 * - SESS-1, always the customer of the session, guest or registered: by the token and by the body.
 * - That the profile's times stay as they are (SESS-5) is not looked at here.
 *
 * Option: AT_ONCE (default 3) requests with one session at the same moment.
 */
import { check } from 'k6'
import exec from 'k6/execution'
import type { Options } from 'k6/options'
import type { AuthAnswer } from './lib/answer.ts'
import { openAccounts } from './lib/customers.ts'
import { issuedChecks } from './lib/issued.ts'
import { iteration } from './lib/iteration.ts'
import { pick, poolSize } from './lib/pool.ts'
import { loadScenarios, peakRate, plannedIterations, type Work } from './lib/profiles.ts'
import { activeSessions } from './lib/sessions.ts'
import { readSettings } from './lib/settings.ts'
import { createShop } from './lib/shop.ts'
import type { Session } from './lib/states.ts'
import { thresholdsOf } from './lib/thresholds.ts'
import { Variables } from './lib/variables.ts'

const variables = new Variables(__ENV)
const settings = readSettings(variables)
const atOnce = variables.integer('AT_ONCE', { min: 1, max: 1000 }) ?? 3
variables.done()

const { profile } = settings
const issued = issuedChecks(profile)
const work: Work = {
  exec: 'visit',
  rate: { smoke: 60, full: 20 },
  seconds: 0.1,
  tags: { auth: 'session' },
}

interface Visit {
  readonly answers: readonly AuthAnswer[]
  /** Of those, the answers to the requests that were sent at the same moment, and to the one right after. */
  readonly together: readonly AuthAnswer[]
  readonly after: AuthAnswer | undefined
  readonly customerId: string
}

const CHECKS = {
  'SESS-6: several requests with one session answer different tokens': ({ answers }: Visit) =>
    areDifferent(answers),
  "SESS-1: every answer names the session's customer": ({ answers, customerId }: Visit) =>
    answers.every((answer) => answer.customerId === customerId && answer.claims?.customerId === customerId),
}

const AT_ONCE_DIFFER = {
  'LOAD-1: two logins by one session at the same moment are two different tokens': ({ together }: Visit) =>
    areDifferent(together),
}
const WITHIN_A_SECOND_DIFFER = {
  'LOAD-1: two logins by one session within one second are two different tokens': ({
    together,
    after,
  }: Visit) => together.every(({ token }) => token !== after?.token),
}

export const options: Options = {
  scenarios: loadScenarios('visits', profile, work, settings),
  thresholds: thresholdsOf('session', profile, {
    checks: [
      ...issued.names,
      ...Object.keys(CHECKS),
      ...(atOnce > 1 ? Object.keys(AT_ONCE_DIFFER) : []),
      ...Object.keys(WITHIN_A_SECOND_DIFFER),
    ],
    expected: [{ scenario: 'visits', iterations: plannedIterations(profile, work, settings) }],
    instances: settings.instances,
    overrides: settings.thresholds,
  }),
  noConnectionReuse: settings.newConnections,
  setupTimeout: '5m',
}

const accounts = openAccounts(settings)
const shop = createShop(settings)

interface Data {
  readonly sessions: readonly Session[]
}

export async function setup(): Promise<Data> {
  const need = poolSize(peakRate(profile, work, settings), settings.vus)
  const why = 'so that none is used by two iterations within a second at the peak rate'
  return { sessions: await activeSessions(settings, accounts, need, why) }
}

export const visit = iteration(async ({ sessions }: Data) => {
  const { cookie, customerId } = pick(sessions, exec.scenario.iterationInTest)
  const responses = await Promise.all(Array.from({ length: atOnce }, () => shop.session(cookie)))
  const last = await shop.session(cookie)
  const together = responses.flatMap((response) => issued.read(response) ?? [])
  const after = issued.read(last)
  const answers = after === undefined ? together : [...together, after]
  const visit = { answers, together, after, customerId }
  if (answers.length > 1) check(visit, CHECKS)
  if (together.length > 1) check(visit, AT_ONCE_DIFFER)
  if (together.length > 0 && after !== undefined) check(visit, WITHIN_A_SECOND_DIFFER)
})

export default visit

function areDifferent(answers: readonly AuthAnswer[]): boolean {
  return new Set(answers.map(({ token }) => token)).size === answers.length
}
