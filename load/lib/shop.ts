import http, { type RefinedParams, type RefinedResponse } from 'k6/http'
import type { Settings } from './settings.ts'

export type Response = RefinedResponse<'text'>
export type Tags = Record<string, string>
type Headers = Record<string, string>

/**
 * The requests under load. A status other than the expected one counts in `http_req_failed`, be it a 204, a redirect
 * or a 500. Requests carry no tags of their own unless given: a k6 scenario's tags are on them already.
 */
export class Shop {
  readonly #authUrl: string
  readonly #customersUrl: string
  readonly #common: RefinedParams<'text'>
  readonly #headers: Headers
  readonly #guestParams: RefinedParams<'text'>

  constructor({ shopUrl, clientId, requestTimeoutMs }: Settings) {
    this.#authUrl = `${shopUrl}/customers/auth`
    this.#customersUrl = `${shopUrl}/customers`
    this.#headers = { 'x-dw-client-id': clientId, 'Content-Type': 'application/json' }
    this.#common = {
      timeout: requestTimeoutMs,
      responseType: 'text',
      redirects: 0,
      responseCallback: http.expectedStatuses(200),
    }
    this.#guestParams = { ...this.#common, headers: this.#headers }
  }

  guest(tags?: Tags): Promise<Response> {
    const params = tags === undefined ? this.#guestParams : { ...this.#guestParams, tags }
    return http.asyncRequest('POST', this.#authUrl, '{"type":"guest"}', params)
  }

  /** @param basic base64 of `login:password` */
  credentials(basic: string, expect: Expectation = {}): Promise<Response> {
    return this.#auth('{"type":"credentials"}', { Authorization: `Basic ${basic}` }, expect)
  }

  refresh(token: string, expect: Expectation = {}): Promise<Response> {
    return this.#auth('{"type":"refresh"}', { Authorization: `Bearer ${token}` }, expect)
  }

  /** @param cookie the whole Cookie header; the VU's own cookies stay out of it */
  session(cookie: string, expect: Expectation = {}): Promise<Response> {
    return this.#auth('{"type":"session"}', { Cookie: cookie }, { ...expect, ownJar: true })
  }

  /** `GET /customers/{customer_id}`: a follow-up request with a token. */
  customer(customerId: string, token: string, expect: Expectation = {}): Promise<Response> {
    const params = this.#params({ Authorization: `Bearer ${token}` }, expect)
    const tags = { name: 'GET /customers/{customer_id}', ...params.tags }
    return http.asyncRequest('GET', `${this.#customersUrl}/${customerId}`, null, { ...params, tags })
  }

  #auth(body: string, headers: Headers, expect: Expectation): Promise<Response> {
    return http.asyncRequest('POST', this.#authUrl, body, this.#params(headers, expect))
  }

  #params(headers: Headers, { statuses, tags, ownJar }: Expectation): RefinedParams<'text'> {
    return {
      ...this.#common,
      headers: { ...this.#headers, ...headers },
      ...(statuses && { responseCallback: http.expectedStatuses(...statuses) }),
      ...(tags && { tags }),
      ...(ownJar && { jar: new http.CookieJar() }),
    }
  }
}

/** What a request may answer without being counted as failed, and its tags. */
export interface Expectation {
  readonly statuses?: readonly number[]
  readonly tags?: Tags
  readonly ownJar?: boolean
}
