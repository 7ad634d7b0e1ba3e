import { expect } from 'chai'
import { tokenProblems } from '../../src/ocapi/token.ts'
import type { Issued } from '../lib/behaviour/answers.ts'
import { expectIssued } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { claimsOf, subjectOf, timeClaim } from '../lib/behaviour/claims.ts'
import { expectNoProblem } from '../lib/behaviour/ensure.ts'
import { ISSUANCES, type Issuance } from '../lib/behaviour/issuances.ts'
import { allHold, outcomeOf } from '../lib/behaviour/outcome.ts'
import { PROFILE_TIMES, readProfileTimes } from '../lib/behaviour/profile.ts'
import { expectNow, type Moment } from '../lib/behaviour/target-clock.ts'
import { decodeSection } from '../lib/tokens.ts'

/** The same four questions of every token, however it was issued. */
export const tokenChecks: readonly Check[] = ISSUANCES.flatMap(
  ({ name, phrase, customer, needs, issue }: Issuance): Check[] => [
    {
      id: `behaviour/token-sections-${name}`,
      title: `the token of ${phrase} has a header, a payload and a signature with what belongs there`,
      clauses: ['TOKEN-2'],
      needs,
      run: async (context) => expectSections((await issue(context)).token),
    },
    {
      id: `behaviour/token-times-${name}`,
      title: `the token of ${phrase} is issued by the client id, now, for the token lifetime`,
      clauses: ['TOKEN-3'],
      needs: [...new Set([...needs, 'a registered customer' as const])],
      run: async (context) => expectIssuerAndTimes(context, await issue(context)),
    },
    {
      id: `behaviour/token-customer-${name}`,
      title: `the token of ${phrase} names the customer of the body, as ${customer}`,
      clauses: ['TOKEN-4'],
      needs,
      run: async (context) => {
        const { token, customerId } = await issue(context)
        const subject = subjectOf(claimsOf(token))
        allHold(
          () => expect(subject.customerId, "customer_id in the token's sub").to.equal(customerId),
          () => expect(subject.guest, "guest in the token's sub").to.equal(customer === 'guest'),
        )
      },
    },
    {
      id: `behaviour/token-signature-${name}`,
      title: `the signature of the token of ${phrase} verifies with the configured key and algorithm`,
      clauses: ['TOKEN-5'],
      needs,
      run: async (context) => context.signatures.expectValid((await issue(context)).token),
    },
  ],
)

function expectSections(token: string): void {
  expectNoProblem(
    tokenProblems(token, decodeSection).map((message) => ({ about: 'token' as const, message })),
  )
}

async function expectIssuerAndTimes(context: CheckContext, { token, answer }: Issued): Promise<void> {
  const claims = claimsOf(token)
  const iat = timeClaim(claims, 'iat')
  const exp = timeClaim(claims, 'exp')
  allHold(
    () => expect(claims.payload.iss, 'iss').to.equal(context.config.target.clientId),
    () => expect(rounded(exp - iat), 'exp - iat, in seconds').to.equal(context.config.token.lifetimeSeconds),
  )
  await expectNow(context, { name: 'iat', ms: iat * 1000, answer }, () => lastLogin(context))
}

/** To the millisecond: times with a fraction are not exact to the last bit. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}

/** When the target says that a login of this moment was; undefined where it does not say. */
async function lastLogin(context: CheckContext): Promise<Moment | undefined> {
  try {
    const { basic } = await context.states.setUp('a registered customer', {})
    const login = expectIssued(await context.api.login(basic))
    const times = await readProfileTimes(context, login)
    const name = PROFILE_TIMES.find((time) => times[time] !== undefined)
    const ms = name && times[name]
    return name === undefined || ms === undefined ? undefined : { name, ms, answer: login.answer }
  } catch (error) {
    if (outcomeOf(error) === undefined) throw error
    return undefined
  }
}
