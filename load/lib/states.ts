import http from 'k6/http'
import { kindOf, NO_DOCUMENT } from '../../src/ocapi/response.ts'

/** A customer that the target made for this run, or an account of the accounts file. */
export interface Customer {
  /** base64 of `login:password`. */
  readonly basic: string
  readonly customerId: string
}

/** An active session; `cookie` is the whole Cookie header. */
export interface Session {
  readonly cookie: string
  readonly customerId: string
}

interface Token {
  readonly token: string
  readonly customerId: string
}

/** The provider states that load needs: parameters and values by name. */
export interface States {
  'registered customers': { params: { count: number }; values: { customers: Customer[] } }
  'active sessions': {
    params: { count: number; customer: 'guest' | 'registered' }
    values: { sessions: Session[] }
  }
  'a customer token': { params: { customer: 'guest' | 'registered' }; values: Token }
  'an expired customer token': { params: { customer: 'guest' | 'registered' }; values: Token }
  'time passes': { params: { seconds: number }; values: Record<never, never> }
}

/** The headers of the deployment, where the states URL is a part of it: they are secrets of its host. */
function deploymentHeaders(statesUrl: string): Record<string, string> {
  const { HEADERS = '{}', SHOP_URL = '' } = __ENV
  const origin = (url: string) => url.split('/', 3).join('/')
  return origin(statesUrl) === origin(SHOP_URL) ? JSON.parse(HEADERS) : {}
}

/**
 * Puts the target into a provider state; for `setup` and `teardown`.
 * @throws {Error} the target answered anything but 200; the message ends as that of an answer which is not the API's
 */
export async function setState<Name extends keyof States>(
  statesUrl: string,
  state: Name,
  params: States[Name]['params'],
): Promise<States[Name]['values']> {
  const response = await http.asyncRequest(
    'POST',
    statesUrl,
    JSON.stringify({ state, params, action: 'setup' }),
    {
      headers: { ...deploymentHeaders(statesUrl), 'Content-Type': 'application/json' },
      tags: { name: 'POST {statesUrl}', phase: 'setup' },
      responseType: 'text',
      timeout: '60s',
    },
  )
  if (response.status !== 200) {
    const { status, headers, body, error } = response
    const kind = kindOf({ status, contentType: headers['Content-Type'], body: body ?? '' })
    throw new Error(
      `STATES_URL: the state "${state}" ${JSON.stringify(params)} was answered with ` +
        `${status === 0 ? `no response (${error})` : kind}, ${NO_DOCUMENT}`,
    )
  }
  return JSON.parse(String(response.body))
}
