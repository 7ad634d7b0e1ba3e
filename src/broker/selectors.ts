import { z } from 'zod'
import { HarnessError } from '../verdict/errors.ts'

const yes = z.literal(true)
const name = z.string().min(1)

/** Which consumer versions' pacts to verify; members as the Pact Broker documents them. */
const selectorSchema = z
  .strictObject({
    mainBranch: yes.optional(),
    branch: name.optional(),
    fallbackBranch: name.optional(),
    matchingBranch: yes.optional(),
    tag: name.optional(),
    fallbackTag: name.optional(),
    latest: yes.optional(),
    deployed: yes.optional(),
    released: yes.optional(),
    deployedOrReleased: yes.optional(),
    environment: name.optional(),
    consumer: name.optional(),
  })
  .refine(
    (selector) =>
      Object.keys(selector).some((key) => !['consumer', 'fallbackBranch', 'fallbackTag'].includes(key)),
    {
      message: 'must say which versions, such as {"mainBranch": true}',
    },
  )

export type ConsumerVersionSelector = z.infer<typeof selectorSchema>

/**
 * What the Pact documentation recommends: the main branch of every consumer, all that is in an environment, and
 * a branch of the same name as the provider's.
 * @param branch of the provider; the last selector needs one
 */
export function defaultSelectors(branch: string | undefined): ConsumerVersionSelector[] {
  return [
    { mainBranch: true },
    { deployedOrReleased: true },
    ...(branch ? [{ matchingBranch: true as const }] : []),
  ]
}

/**
 * One value of `--consumer-version-selectors`.
 * @throws {HarnessError} CONFIG SELECTOR_INVALID, which names the member, the rule and the value
 */
export function parseSelector(text: string): ConsumerVersionSelector {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid(text, 'must be JSON')
  }
  const selector = selectorSchema.safeParse(value)
  if (selector.success) return selector.data
  throw invalid(
    text,
    selector.error.issues
      .map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
      .join('; '),
  )
}

function invalid(text: string, why: string): HarnessError {
  return new HarnessError('CONFIG', 'SELECTOR_INVALID', `--consumer-version-selectors ${text}: ${why}.`, {
    remedy: `Give one such as '{"mainBranch":true}', '{"deployedOrReleased":true}' or '{"branch":"feature","consumer":"customers-client"}'.`,
  })
}
