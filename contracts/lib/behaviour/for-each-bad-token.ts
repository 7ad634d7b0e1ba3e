import type { BadToken } from './bad-tokens.ts'
import type { CheckContext } from './check.ts'
import { inCase, NotProvable } from './outcome.ts'

/**
 * Makes the bad tokens of one kind from a valid token, and tries each; what fails is told with what was done to it.
 * Needs the state `a customer token`.
 */
export async function forEachBadToken(
  { states }: CheckContext,
  make: BadToken['make'],
  token: string,
  attempt: (bad: string) => Promise<void>,
): Promise<void> {
  const another = await states.setUp('a customer token', { customer: 'guest' })
  const bad = Object.entries(make(token, another.token))
  if (bad.length === 0) throw new NotProvable("the target's tokens give no means to make such a token")
  for (const [how, one] of bad) await inCase(how, () => attempt(one))
}
