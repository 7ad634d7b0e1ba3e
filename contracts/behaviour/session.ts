import { expect } from 'chai'
import type { ShopSession } from '../../src/target/states/states.ts'
import { expectDocumented, expectIssued, expectSameCustomer } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { ensure } from '../lib/behaviour/ensure.ts'
import { allHold, NotProvable } from '../lib/behaviour/outcome.ts'
import {
  PROFILE_TIMES,
  type ProfileTimes,
  readProfileTimes,
  untilTimesDiffer,
} from '../lib/behaviour/profile.ts'
import { AUTHENTICATION_FAILED, expectRefusal } from '../lib/behaviour/refusals.ts'
import type { Answer } from '../lib/behaviour/shop-api.ts'

const CUSTOMERS = ['guest', 'registered'] as const

export const sessionChecks: readonly Check[] = [
  ...CUSTOMERS.map(
    (customer): Check => ({
      id: `behaviour/session-answers-its-${customer}-customer`,
      title: `the cookies of an active session answer 200 with its ${customer} customer and a token`,
      clauses: ['SESS-1'],
      needs: ['active sessions'],
      run: async ({ api, states }) => {
        const { sessions } = await states.setUp('active sessions', { customer, count: 2 })
        for (const { cookie, customerId } of sessions) {
          const issued = expectIssued(await api.session(cookie))
          allHold(
            () => expectSameCustomer(issued.customerId, customerId),
            () => expect(issued.authType, 'auth_type').to.equal(customer),
            () => expectDocumented(issued.answer),
          )
        }
      },
    }),
  ),
  ...CUSTOMERS.map(
    (customer): Check => ({
      id: `behaviour/session-expired-${customer}`,
      title: `the expired session of a ${customer} customer is refused, without a token`,
      clauses: ['SESS-2'],
      needs: ['an active session', 'an expired session'],
      run: async (context) => {
        await activeSession(context, customer)
        const { cookie } = await context.states.setUp('an expired session', { customer })
        expectRefusal(await context.api.session(cookie), AUTHENTICATION_FAILED)
      },
    }),
  ),
  secureTokenRefused('missing', 'no dwsecuretoken', ({ session }) =>
    withSecureToken(session, () => undefined),
  ),
  secureTokenRefused('empty', 'an empty dwsecuretoken', ({ session }) =>
    withSecureToken(session, (name) => `${name}=`),
  ),
  secureTokenRefused('wrong', 'a dwsecuretoken that is wrong in one character', ({ session }) =>
    withSecureToken(session, (name, value) => `${name}=${altered(value)}`),
  ),
  secureTokenRefused('shortened', 'a dwsecuretoken that lacks its end', ({ session }) =>
    withSecureToken(session, (name, value) => `${name}=${value.slice(0, -4)}`),
  ),
  secureTokenRefused('of-another-session', "another session's dwsecuretoken", ({ session, other }) =>
    withSecureTokenOf(session, other),
  ),
  secureTokenRefused('without-dwsid', 'a dwsecuretoken without its dwsid', ({ session }) =>
    session.cookie
      .split(/;\s*/)
      .filter((pair) => cookiePair(pair)[0] !== 'dwsid')
      .join('; '),
  ),
  secureTokenRefused('and-dwsid-missing', 'a session request without cookies', () => undefined),
  {
    id: 'behaviour/session-secure-token-never-used',
    title: 'a dwsecuretoken that no earlier HTTPS request used is refused, without a token',
    clauses: ['SESS-4'],
    needs: ['an active session', 'a session whose secure token was never used'],
    run: async (context) => {
      needsSecureToken(context)
      await activeSession(context, 'registered')
      const { cookie } = await context.states.setUp('a session whose secure token was never used', {
        customer: 'registered',
      })
      expectRefusal(await context.api.session(cookie), AUTHENTICATION_FAILED)
    },
  },
  {
    id: 'behaviour/session-leaves-profile-times',
    title: "a session request leaves the profile's last visit and last login times as they were",
    clauses: ['SESS-5'],
    needs: ['an active session'],
    run: expectProfileUntouched,
  },
  {
    id: 'behaviour/session-new-token-each-time',
    title: 'requests with one session, one by one and at once, each answer a token of their own',
    clauses: ['SESS-6'],
    needs: ['an active session'],
    run: async (context) => {
      const { api, prerequisite } = context
      const { session, token } = await activeSession(context, 'registered')
      const answers: Answer[] = []
      for (let nth = 0; nth < 3; nth++) answers.push(await api.session(session.cookie))
      answers.push(...(await Promise.all(Array.from({ length: 5 }, () => api.session(session.cookie)))))
      const tokens = await prerequisite('every request of an active session is accepted', () =>
        answers.map((answer) => expectIssued(answer).token),
      )
      expect(new Set([token, ...tokens]).size, 'different tokens').to.equal(1 + tokens.length)
    },
  },
]

/** A session that was just accepted, and the token that it gave. */
async function activeSession(
  { api, config, states, prerequisite }: CheckContext,
  customer: 'guest' | 'registered',
): Promise<{ session: ShopSession; token: string }> {
  const session = await states.setUp('an active session', { customer })
  if (!config.session.enforceHttps) {
    await prerequisite('the session that the state gave has a secure token', () =>
      ensure(session.secureToken !== undefined, 'the values have secureTokenName and secureToken'),
    )
  }
  const { token } = await prerequisite('an active session is accepted', async () =>
    expectIssued(await api.session(session.cookie)),
  )
  return { session, token }
}

/** The cookies of an active session, wrong in their secure token only. */
function secureTokenRefused(
  name: string,
  what: string,
  wrong: (sessions: { session: ShopSession; other: ShopSession }) => string | undefined,
): Check {
  return {
    id: `behaviour/session-secure-token-${name}`,
    title: `${what} is refused, without a token`,
    clauses: ['SESS-3'],
    needs: ['an active session'],
    run: async (context) => {
      needsSecureToken(context)
      const { session } = await activeSession(context, 'registered')
      const { session: other } = await activeSession(context, 'registered')
      expectRefusal(await context.api.session(wrong({ session, other })), AUTHENTICATION_FAILED)
    },
  }
}

function needsSecureToken({ config }: CheckContext): void {
  if (config.session.enforceHttps)
    throw new NotProvable('session.enforceHttps is set: dwsid alone then suffices')
}

/** The session's own Cookie header with another pair in the place of its secure token, or with none. */
function withSecureToken(
  session: ShopSession,
  replace: (name: string, value: string) => string | undefined,
): string {
  return session.cookie
    .split(/;\s*/)
    .flatMap((pair) => {
      const [name, value] = cookiePair(pair)
      return name === session.secureTokenName ? (replace(name, value) ?? []) : pair
    })
    .join('; ')
}

function withSecureTokenOf(session: ShopSession, other: ShopSession): string {
  const foreign = other.cookie.split(/;\s*/).find((pair) => cookiePair(pair)[0] === other.secureTokenName)
  return withSecureToken(session, () => foreign)
}

function cookiePair(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

/**
 * One character is another of the same kind. The last but one, since the last of a base64url text may hold bits that
 * decoding drops.
 */
function altered(text: string): string {
  const at = Math.max(0, text.length - 2)
  const other = /[0-8]/.test(text.charAt(at)) ? '9' : /[b-z]/.test(text.charAt(at)) ? 'a' : 'b'
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`
}

async function expectProfileUntouched(context: CheckContext): Promise<void> {
  const { api, prerequisite } = context
  const { session, token } = await activeSession(context, 'registered')
  const read = () =>
    prerequisite('a token reads its customer', () =>
      readProfileTimes(context, { customerId: session.customerId, token }),
    )
  const first = await read()
  await untilTimesDiffer()
  const before = await read()
  if (!sameTimes(first, before)) throw new NotProvable('to read the profile changes its times on this target')
  await prerequisite('an active session is accepted again', async () =>
    expectIssued(await api.session(session.cookie)),
  )
  const after = await read()

  if (PROFILE_TIMES.every((name) => before[name] === undefined && after[name] === undefined))
    throw new NotProvable(
      `the profile that the target shows this client id has no ${PROFILE_TIMES.join(' and no ')}`,
    )
  for (const name of PROFILE_TIMES) {
    ensure(after[name] === before[name], `${name} is as it was before the session request`)
  }
}

function sameTimes(one: ProfileTimes, other: ProfileTimes): boolean {
  return PROFILE_TIMES.every((name) => one[name] === other[name])
}
