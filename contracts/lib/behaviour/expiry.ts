import { expect } from 'chai'
import { expectIssued, type Issued } from './answers.ts'
import type { CheckContext } from './check.ts'
import { claimsOf, timeClaim } from './claims.ts'
import { NotProvable } from './outcome.ts'

/**
 * Two tokens of one customer that expire at the same time: one to look at before, one after. The clock is moved to
 * either side of the expiry by a margin that a slow target cannot blur.
 */
export async function tokensAroundExpiry(context: CheckContext): Promise<{
  early: Issued
  late: Issued
  passToEarly(): Promise<void>
  passToLate(): Promise<void>
}> {
  const { api, config, states, prerequisite } = context
  const { basic } = await states.setUp('a registered customer', {})
  const login = () =>
    prerequisite('valid credentials are accepted', async () => expectIssued(await api.login(basic)))
  const issuedAtMs = Date.now()
  const early = await login()
  const late = await login()
  const lifetime = await prerequisite('the token tells when it expires', () => {
    const claims = claimsOf(late.token)
    return timeClaim(claims, 'exp') - timeClaim(claims, 'iat')
  })
  const margin = marginSeconds(lifetime)
  if (margin < 3)
    throw new NotProvable(`a token lifetime of ${lifetime} s is too short to look at both sides`)
  return {
    early,
    late,
    async passToEarly() {
      await states.setUp('time passes', { seconds: lifetime - margin })
      await expectQuick(context, issuedAtMs, margin)
    },
    async passToLate() {
      await states.setUp('time passes', {
        seconds: margin + Math.ceil(config.token.clockToleranceSeconds) + 1,
      })
    },
  }
}

/** How near to the end of a time it is looked at: 10 s, less where the time is short. */
export function marginSeconds(wholeSeconds: number): number {
  return Math.min(10, Math.floor(wholeSeconds / 4))
}

/** What took longer than the margin cannot be told apart from what is wrong. */
export async function expectQuick(
  { prerequisite }: CheckContext,
  sinceMs: number,
  margin: number,
): Promise<void> {
  await prerequisite('the target is quick enough to look at both sides of the moment', () => {
    expect((Date.now() - sinceMs) / 1000, 'seconds that it took').to.be.below(margin - 1)
  })
}
