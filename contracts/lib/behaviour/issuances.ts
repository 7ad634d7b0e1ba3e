import type { ProviderStateName } from '../../../src/target/states/states.ts'
import { expectIssued, type Issued } from './answers.ts'
import type { CheckContext } from './check.ts'

/** One way to get a token. */
export interface Issuance {
  readonly name: string
  /** Completes "the token of …". */
  readonly phrase: string
  readonly customer: 'guest' | 'registered'
  readonly needs: readonly ProviderStateName[]
  /** @throws `PrerequisiteFailed` where it is refused: contract, session and credentials checks speak of that */
  issue(context: CheckContext): Promise<Issued>
}

const guest: Issuance = {
  name: 'guest',
  phrase: 'a guest request',
  customer: 'guest',
  needs: [],
  issue: ({ api, prerequisite }) =>
    prerequisite('a guest request is accepted', async () => expectIssued(await api.guest())),
}

const credentials: Issuance = {
  name: 'credentials',
  phrase: 'a login',
  customer: 'registered',
  needs: ['a registered customer'],
  issue: async ({ api, states, prerequisite }) => {
    const { basic } = await states.setUp('a registered customer', {})
    return prerequisite('valid credentials are accepted', async () => expectIssued(await api.login(basic)))
  },
}

function session(customer: 'guest' | 'registered'): Issuance {
  return {
    name: `${customer}-session`,
    phrase: `the session of a ${customer} customer`,
    customer,
    needs: ['an active session'],
    issue: async ({ api, states, prerequisite }) => {
      const { cookie } = await states.setUp('an active session', { customer })
      return prerequisite('an active session is accepted', async () =>
        expectIssued(await api.session(cookie)),
      )
    },
  }
}

function refresh(customer: 'guest' | 'registered'): Issuance {
  return {
    name: `${customer}-refresh`,
    phrase: `the refresh of a ${customer} customer's token`,
    customer,
    needs: ['a customer token'],
    issue: async ({ api, states, prerequisite }) => {
      const { token } = await states.setUp('a customer token', { customer })
      return prerequisite('a refresh is accepted', async () =>
        expectIssued(await api.refresh(`Bearer ${token}`)),
      )
    },
  }
}

export const ISSUANCES: readonly Issuance[] = [
  guest,
  credentials,
  session('guest'),
  session('registered'),
  refresh('guest'),
  refresh('registered'),
]
