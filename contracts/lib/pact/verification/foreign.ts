import { sendRequest } from '../../../../src/client/send-request.ts'
import type { Target } from '../../../../src/target/target.ts'
import { HarnessError } from '../../../../src/verdict/errors.ts'

/** Of setting up one state, ms. */
const STATE_TIMEOUT_MS = 60_000

/** Other teams write the whole path of the shop into their pacts, or leave it out as we do. */
export function foreignUrl({ baseUrl, shopUrl }: Target, path: string): string {
  return path.startsWith(shopUrl.slice(baseUrl.length)) ? `${baseUrl}${path}` : `${shopUrl}${path}`
}

/**
 * A state that is none of ours: the target may know it all the same.
 * @returns its values
 * @throws {HarnessError} CONTRACT `UNKNOWN_STATE`; TARGET `STATE_FAILED`
 */
export async function setUpForeignState(
  { statesUrl }: Target,
  state: string,
  params: object,
): Promise<Record<string, unknown>> {
  if (statesUrl === undefined) throw unknown(state, 'and it has no states URL')
  const answer = await sendRequest({
    method: 'POST',
    url: statesUrl,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ state, params, action: 'setup' }),
    timeoutMs: STATE_TIMEOUT_MS,
  })
  if (answer.status === 404) throw unknown(state, 'and its states URL answers 404')
  if (answer.status !== 200)
    throw new HarnessError(
      'TARGET',
      'STATE_FAILED',
      `the target could not be put into "${state}": its states URL answered ${answer.status}`,
    )
  return valuesOf(answer.body)
}

function unknown(state: string, why: string): HarnessError {
  return new HarnessError(
    'CONTRACT',
    'UNKNOWN_STATE',
    `the target does not know the provider state "${state}", ${why}`,
    { remedy: 'docs/provider-states.md has the protocol' },
  )
}

/** Other states may answer nothing at all. */
function valuesOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
