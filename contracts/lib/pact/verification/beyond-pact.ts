import { customerOf, customerProblems, issuedProblems } from '../../../../src/ocapi/issued.ts'
import type { Problem } from '../../../../src/ocapi/problem.ts'
import { type Refusal, refusalProblems } from '../../../../src/ocapi/refusal.ts'
import type { ApiResponse } from '../../../../src/ocapi/response.ts'
import { decodeSection } from '../../tokens.ts'
import type { PactInteraction } from '../pact-file.ts'
import type { Values } from './provider-values.ts'

/** What the interaction of a pact expects, as `src/ocapi` reads an answer. */
export type Expectation =
  | { readonly kind: 'accepted'; readonly withToken: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export function expectationOf({ response }: PactInteraction): Expectation {
  const { status, headers = {}, matchingRules = {}, body } = response
  if (status < 400) {
    const withToken = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
    return { kind: 'accepted', withToken }
  }
  const bodyRules = (matchingRules.body ?? {}) as Record<string, unknown>
  const type = (body as { content?: { fault?: { type?: unknown } } } | undefined)?.content?.fault?.type
  const isPinned = typeof type === 'string' && bodyRules['$.fault.type'] === undefined
  return {
    kind: 'refused',
    refusal: {
      // Where the status has a rule of its own, the one in the pact is an example.
      ...(matchingRules.status === undefined && { status }),
      ...(isPinned && { type }),
    },
  }
}

/**
 * What the contract says and Pact cannot: Pact has no word for a header that is absent or a field that is optional,
 * does not look into a token, and fills no value of a provider state into an expected answer. Held against every
 * answer, by the reading that the checks and the load scripts share.
 * @param sent the Authorization header of the request, which a fault may quote
 */
export function beyondPact(
  answer: ApiResponse,
  values: Values,
  expectation: Expectation,
  sent: string | undefined,
): Problem[] {
  if (expectation.kind === 'refused') return refusalProblems(answer, expectation.refusal, sent)
  const problems = expectation.withToken ? issuedProblems(answer, decodeSection) : customerProblems(answer)
  return [...problems, ...otherCustomer(answer, values)]
}

/** Ids are no secrets. */
function otherCustomer(answer: ApiResponse, { customerId }: Values): Problem[] {
  const actual = answer.status === 200 ? customerOf(answer)?.customer_id : undefined
  if (actual === undefined || typeof customerId !== 'string' || actual === customerId) return []
  const message = 'the answer is about another customer than the one who asked'
  return [{ about: 'customer', message, expected: customerId, actual }]
}
