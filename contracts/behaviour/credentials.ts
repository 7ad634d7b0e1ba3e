import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { RegisteredCustomer } from '../../src/target/states/states.ts'
import { basicOf } from '../../src/target/states/values.ts'
import { expectDocumented, expectIssued, expectSameCustomer, type Issued } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { claimsOf, timeClaim } from '../lib/behaviour/claims.ts'
import { ensure } from '../lib/behaviour/ensure.ts'
import { wrongBasic } from '../lib/behaviour/lockout.ts'
import { LONG_NEAR_MISSES, LONG_PASSWORD, NEAR_MISSES, type NearMiss } from '../lib/behaviour/near-misses.ts'
import { allHold, NotProvable } from '../lib/behaviour/outcome.ts'
import {
  PROFILE_TIMES,
  type ProfileTime,
  readProfileTimes,
  untilTimesDiffer,
} from '../lib/behaviour/profile.ts'
import { AUTHENTICATION_FAILED, expectRefusal, type Refusal } from '../lib/behaviour/refusals.ts'
import { expectNow } from '../lib/behaviour/target-clock.ts'

export const credentialsChecks: readonly Check[] = [
  {
    id: 'behaviour/login-answers-that-customer',
    title: 'valid credentials answer 200 with that registered customer and a token',
    clauses: ['CRED-1'],
    needs: ['registered customers'],
    run: async ({ api, states }) => {
      const { customers } = await states.setUp('registered customers', { count: 2 })
      for (const { basic, customerId } of customers) {
        const issued = expectIssued(await api.login(basic))
        allHold(
          () => expectSameCustomer(issued.customerId, customerId),
          () => expect(issued.authType, 'auth_type').to.equal('registered'),
          () => expectDocumented(issued.answer),
        )
      }
    },
  },
  refused('wrong-password', 'a wrong password', (customer) => `Basic ${wrongBasic(customer)}`),
  refused('empty-password', 'an empty password', ({ login }) => `Basic ${basicOf(login, '')}`),
  refused('password-of-another-customer', "another customer's password", passwordOfAnother),
  refused(
    'unknown-login',
    'an unknown login',
    ({ password }) => `Basic ${basicOf(`${randomUUID()}@unknown.invalid`, password)}`,
  ),
  refused('no-authorization', 'no Authorization header', () => undefined),
  refused('empty-basic', 'a Basic header without credentials', () => 'Basic'),
  refused(
    'credentials-not-encoded',
    'Basic credentials that are not base64',
    ({ login, password }) => `Basic ${encodeURIComponent(login)}:${encodeURIComponent(password)}`,
  ),
  refused(
    'credentials-without-colon',
    'Basic credentials without a colon',
    ({ login, password }) => `Basic ${Buffer.from(`${login}${password}`).toString('base64')}`,
  ),
  // a client id may be taken from a Bearer token, so a target may find the token wrong before the login
  refused('credentials-under-bearer', 'valid credentials under Bearer', ({ basic }) => `Bearer ${basic}`, {
    status: 401,
  }),
  ...NEAR_MISSES.map((miss) => nearMissRefused(miss)),
  ...LONG_NEAR_MISSES.map((miss) => nearMissRefused(miss, LONG_PASSWORD)),
  {
    id: 'behaviour/login-updates-profile-times',
    title: "a login sets the profile's last visit and last login times to its own time",
    clauses: ['CRED-3'],
    needs: ['a registered customer', 'a customer token'],
    run: expectLoginUpdatesProfile,
  },
]

type Wrong = (customer: RegisteredCustomer, context: CheckContext) => string | undefined | Promise<string>

/** An Authorization header that is wrong in one way, after the right one of the same customer was accepted. */
function refused(name: string, what: string, wrong: Wrong, refusal: Refusal = AUTHENTICATION_FAILED): Check {
  return {
    id: `behaviour/login-refused-${name}`,
    title: `a login with ${what} is refused, without a token`,
    clauses: ['CRED-2'],
    needs: ['a registered customer'],
    run: async (context) => {
      const customer = await acceptedCustomer(context)
      expectRefusal(await context.api.credentials(await wrong(customer, context)), refusal)
    },
  }
}

/** @param passwordLength that the customer's password must have; absent: whatever the target gives */
function nearMissRefused({ name, what, make }: NearMiss, passwordLength?: number): Check {
  return {
    id: `behaviour/login-refused-${name}`,
    title: `a login with ${what} is refused, without a token`,
    clauses: ['CRED-4'],
    needs: ['a registered customer'],
    run: async (context) => {
      const customer = await acceptedCustomer(context, passwordLength)
      const { login, password } = customer
      if (passwordLength !== undefined && password.length !== passwordLength)
        throw new NotProvable(
          `the target's state gives no password of ${passwordLength} characters (parameter passwordLength)`,
        )
      const wrong = make(password)
      if (wrong === undefined) throw new NotProvable('the password that the state gave has no such near miss')
      expectRefusal(await context.api.login(basicOf(login, wrong)), AUTHENTICATION_FAILED)
      // Where one failure locks, the right password is refused now.
      if (context.config.lockout.maxAttempts === 1) return
      // So that a target that lets nobody in any more does not pass.
      await context.prerequisite('the right password is accepted after it', async () =>
        expectIssued(await context.api.login(customer.basic)),
      )
    },
  }
}

/** Where one failure locks, only a customer that is made to be locked may fail. */
async function acceptedCustomer(
  { api, config, states, prerequisite }: CheckContext,
  passwordLength?: number,
): Promise<RegisteredCustomer> {
  const oneLocks = config.lockout.maxAttempts === 1
  const customer = await states.setUp('a registered customer', {
    ...(oneLocks && { failedLogins: 0 }),
    ...(passwordLength !== undefined && { passwordLength }),
  })
  await prerequisite('the right password is accepted', async () =>
    expectIssued(await api.login(customer.basic)),
  )
  return customer
}

async function passwordOfAnother(
  { login, password }: RegisteredCustomer,
  context: CheckContext,
): Promise<string> {
  const other = await acceptedCustomer(context)
  if (other.password === password)
    throw new NotProvable('the customers that the states gave share a password')
  return `Basic ${basicOf(login, other.password)}`
}

async function expectLoginUpdatesProfile(context: CheckContext): Promise<void> {
  const { api, states, prerequisite } = context
  const { basic } = await states.setUp('a registered customer', {})
  const login = () =>
    prerequisite('valid credentials are accepted', async () => expectIssued(await api.login(basic)))
  const read = (issued: Issued) =>
    prerequisite('a token reads its customer', () => readProfileTimes(context, issued))

  const before = await read(await login())
  await untilTimesDiffer()
  const second = await login()
  const after = await read(second)

  for (const name of PROFILE_TIMES) {
    const ms = after[name]
    if (ms === undefined) {
      await expectHidden(context, name)
      continue
    }
    ensure(ms > (before[name] ?? 0), `${name} is later after another login`)
    await expectNow(context, { name, ms, answer: second.answer }, async () => ({
      name: 'iat',
      ms: timeClaim(claimsOf(second.token), 'iat') * 1000,
      answer: second.answer,
    }))
  }
  const hidden = PROFILE_TIMES.filter((name) => after[name] === undefined)
  if (hidden.length > 0)
    throw new NotProvable(
      `the profile that the target shows this client id has no ${hidden.join(' and no ')}`,
    )
}

/** A time that is missing after a login is hidden from this client id, unless it is shown of someone else. */
async function expectHidden(context: CheckContext, name: ProfileTime): Promise<void> {
  const someone = await context.states.setUp('a customer token', { customer: 'registered' })
  const times = await context.prerequisite('a token reads its customer', () =>
    readProfileTimes(context, someone),
  )
  ensure(times[name] === undefined, `${name}, which another profile has, is there after a login`)
}
