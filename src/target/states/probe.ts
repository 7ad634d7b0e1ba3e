import { ClientError } from '../../client/errors.ts'
import { HarnessError } from '../../verdict/errors.ts'
import type { Target } from '../target.ts'
import { type ParamsOf, type ProviderStateName, StateNotProvable } from './states.ts'

/** Parameters with which each state can be asked for without harm; no time passes. */
export const HARMLESS: { readonly [Name in ProviderStateName]: ParamsOf<Name> } = {
  'a registered customer': {},
  'registered customers': { count: 1 },
  'a locked customer': {},
  'an active session': { customer: 'guest' },
  'active sessions': { count: 1, customer: 'guest' },
  'an expired session': { customer: 'guest' },
  'a session whose secure token was never used': { customer: 'guest' },
  'a customer token': { customer: 'guest' },
  'an expired customer token': { customer: 'guest' },
  'time passes': { seconds: 0 },
}

/**
 * A target may lack a state, and what needs it is then not provable. One that knows none of those that a run needs has
 * a wrong states URL: everything would be "not provable", and nothing broken.
 * @param needs the states that the run asks for; the first one that is known ends the probe
 * @throws {HarnessError} CONFIG `STATES_URL_WRONG`; TARGET `STATE_FAILED` where the states URL gives no answer at all
 */
export async function assertStatesUrl(
  { states, statesUrl }: Target,
  needs: readonly ProviderStateName[],
): Promise<void> {
  if (statesUrl === undefined || needs.length === 0) return
  for (const state of needs) {
    try {
      await states.setUp(state, HARMLESS[state])
      return
    } catch (error) {
      if (error instanceof HarnessError && error.kind === 'TARGET') {
        // The state is known, and what is wrong with its values is told where they are used.
        if (!(error.cause instanceof ClientError)) return
        throw error
      }
      if (!(error instanceof StateNotProvable)) throw error
    }
  }
  throw new HarnessError(
    'CONFIG',
    'STATES_URL_WRONG',
    `target.statesUrl must know the provider states, and ${statesUrl} answers 404 to each that is needed: ${needs.join(', ')}`,
    { remedy: 'correct target.statesUrl (--states-url); docs/provider-states.md has the protocol' },
  )
}
