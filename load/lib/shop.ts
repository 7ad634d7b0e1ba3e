import http, { type RefinedParams, type RefinedResponse } from 'k6/http'
import type { Settings } from './settings.ts'

export type Response = RefinedResponse<'text'>
type Tags = Record<string, string>
type Headers = Record<string, string>

/**
 * The requests under load. A status other than the expected one counts in `http_req_failed`, be it a 204, a redirect
 * or a 500. Requests carry no tags of their own unless given: a k6 scenario's tags are on them already.
 */
export interface Shop {
  guest(tags?: Tags): Promise<Response>
  /** @param basic base64 of `login:password` */
  credentials(basic: string, expect?: Expectation): Promise<Response>
  refresh(token: string, expect?: Expectation): Promise<Response>
  /** @param cookie the whole Cookie header; the VU's own cookies stay out of it */
  session(cookie: string, expect?: Expectation): Promise<Response>
  /** `GET /customers/{customer_id}`: a follow-up request with a token. */
  customer(customerId: string, token: string, expect?: Expectation): Promise<Response>
}

export function createShop({ shopUrl, clientId, headers: deployment, requestTimeoutMs }: Settings): Shop {
  const authUrl = `${shopUrl}/customers/auth`
  const ownHeaders: Headers = {
    ...deployment,
    'x-dw-client-id': clientId,
    'Content-Type': 'application/json',
  }
  const common: RefinedParams<'text'> = {
    timeout: requestTimeoutMs,
    responseType: 'text',
    redirects: 0,
    responseCallback: http.expectedStatuses(200),
  }
  const guestParams = { ...common, headers: ownHeaders }

  function paramsOf(headers: Headers, { statuses, tags, ownJar }: Expectation): RefinedParams<'text'> {
    return {
      ...common,
      headers: { ...ownHeaders, ...headers },
      ...(statuses && { responseCallback: http.expectedStatuses(...statuses) }),
      ...(tags && { tags }),
      ...(ownJar && { jar: new http.CookieJar() }),
    }
  }

  function auth(body: string, headers: Headers, expect: Expectation): Promise<Response> {
    return http.asyncRequest('POST', authUrl, body, paramsOf(headers, expect))
  }

  return {
    guest: (tags) =>
      http.asyncRequest(
        'POST',
        authUrl,
        '{"type":"guest"}',
        tags === undefined ? guestParams : { ...guestParams, tags },
      ),
    credentials: (basic, expect = {}) =>
      auth('{"type":"credentials"}', { Authorization: `Basic ${basic}` }, expect),
    refresh: (token, expect = {}) => auth('{"type":"refresh"}', { Authorization: `Bearer ${token}` }, expect),
    session: (cookie, expect = {}) =>
      auth('{"type":"session"}', { Cookie: cookie }, { ...expect, ownJar: true }),
    customer(customerId, token, expect = {}) {
      const params = paramsOf({ Authorization: `Bearer ${token}` }, expect)
      const tags = { name: 'GET /customers/{customer_id}', ...params.tags }
      return http.asyncRequest('GET', `${shopUrl}/customers/${customerId}`, null, { ...params, tags })
    },
  }
}

type Status = number | { min: number; max: number }

/** Refused: no document says by which status, but for a login that does not authenticate. */
export const REFUSED: Status = { min: 400, max: 499 }

/** What a request may answer without being counted as failed, and its tags. */
interface Expectation {
  readonly statuses?: readonly Status[]
  readonly tags?: Tags
  readonly ownJar?: boolean
}
