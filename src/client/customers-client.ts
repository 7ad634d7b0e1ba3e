import type { AuthRequest } from '../ocapi/auth-request.ts'
import { type Customer, isCustomer } from '../ocapi/customer.ts'
import { readFault } from '../ocapi/fault.ts'
import { parsedJson } from '../ocapi/json.ts'
import { isJson } from '../ocapi/media-type.ts'
import type { Exchange } from '../verdict/evidence.ts'
import { FaultError, InvalidAnswerError, InvalidRequestError } from './errors.ts'
import { PoqResponse } from './poq-response.ts'
import { DEFAULT_TIMEOUT_MS, type RawResponse, type RequestHeaders, sendRequest } from './send-request.ts'

/** Overrides the HTTP request of one call (clause SDK-2). */
export interface RequestOptions {
  /** Replace the client's own by name, in any case; cookies travel here. `null` or `undefined` removes a header. */
  headers?: RequestHeaders | undefined
  /** From the call to the last byte of the answer, in ms. */
  timeoutMs?: number | undefined
  signal?: AbortSignal | undefined
}

/** The calls under contract (clause SDK-1). Every one rejects with a `ClientError`. */
export interface ICustomersClient {
  postCustomersAuth(
    body: AuthRequest,
    authorization?: string,
    options?: RequestOptions,
  ): Promise<PoqResponse<Customer>>
  getCustomer(
    customerId: string,
    authorization?: string,
    options?: RequestOptions,
  ): Promise<PoqResponse<Customer>>
  postSessions(authorization: string, options?: RequestOptions): Promise<PoqResponse<undefined>>
}

export interface CustomersClientSettings {
  /** `{baseUrl}/s/{siteId}/dw/shop/{apiVersion}`. */
  shopUrl: string
  /** Sent as `x-dw-client-id`. */
  clientId?: string | undefined
  /** For calls whose options give none, in ms; 10 s unless set. */
  timeoutMs?: number | undefined
  /** Called once a request, also when it fails; the exchange is redacted. */
  onExchange?: ((exchange: Exchange) => void) | undefined
}

/**
 * The customers resource of the OCAPI Shop API.
 * @example
 * ```ts
 * import { CustomersClient } from 'auth-harness'
 *
 * const client = new CustomersClient({
 *   shopUrl: 'http://127.0.0.1:4010/s/RefArch/dw/shop/v25_6',
 *   clientId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
 * })
 * const guest = await client.postCustomersAuth({ type: 'guest' })
 * console.log(guest.data.auth_type) // guest
 *
 * const refreshed = await client.postCustomersAuth({ type: 'refresh' }, `Bearer ${guest.token}`)
 * console.log(refreshed.token === guest.token) // false
 * ```
 */
export class CustomersClient implements ICustomersClient {
  readonly #settings: CustomersClientSettings

  constructor(settings: CustomersClientSettings) {
    this.#settings = settings
  }

  /**
   * Takes or refreshes a customer's token.
   * @param authorization `Basic <base64 of login:password>` for credentials, `Bearer <token>` for refresh
   * @example A login, and what a wrong password answers
   * ```ts
   * import { CustomersClient, FaultError } from 'auth-harness'
   *
   * const client = new CustomersClient({
   *   shopUrl: 'http://127.0.0.1:4010/s/RefArch/dw/shop/v25_6',
   *   clientId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
   * })
   * const basic = (login: string, password: string) => `Basic ${btoa(`${login}:${password}`)}`
   * const { data } = await client.postCustomersAuth({ type: 'credentials' }, basic('jane@shop.example', 'right'))
   * console.log(data.auth_type) // registered
   * try {
   *   await client.postCustomersAuth({ type: 'credentials' }, basic('jane@shop.example', 'wrong'))
   * } catch (error) {
   *   if (!(error instanceof FaultError)) throw error
   *   console.log(`${error.status} ${error.type}`) // 401 AuthenticationFailedException
   * }
   * ```
   * @example The cookies of a session, a time-out and a signal travel in the options
   * ```ts
   * import { ClientError, CustomersClient } from 'auth-harness'
   *
   * const client = new CustomersClient({
   *   shopUrl: 'http://127.0.0.1:4010/s/RefArch/dw/shop/v25_6',
   *   clientId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
   * })
   * const controller = new AbortController()
   * const { status } = await client.postCustomersAuth({ type: 'session' }, undefined, {
   *   headers: { cookie: 'dwsid=the-session; dwsecuretoken_0a1b=its-secure-token' },
   *   timeoutMs: 5000,
   *   signal: controller.signal,
   * })
   * console.log(status) // 200
   * controller.abort()
   * await client
   *   .postCustomersAuth({ type: 'guest' }, undefined, { signal: controller.signal })
   *   .catch((error: unknown) => {
   *     console.log(error instanceof ClientError && error.code) // ABORTED
   *   })
   * ```
   * @throws {FaultError} refused, such as by an `AuthenticationFailedException`
   * @throws {InvalidAnswerError} the answer is no customer and no fault
   * @throws {NetworkError} {@link TimeoutError} {@link AbortError} {@link InvalidRequestError}
   */
  async postCustomersAuth(
    body: AuthRequest,
    authorization?: string,
    options: RequestOptions = {},
  ): Promise<PoqResponse<Customer>> {
    return this.#customer('POST', '/customers/auth', authorization, options, JSON.stringify(body))
  }

  /**
   * Reads the customer that the token was issued to.
   * @param authorization `Bearer <token>`
   * @example
   * ```ts
   * import { CustomersClient } from 'auth-harness'
   *
   * const client = new CustomersClient({
   *   shopUrl: 'http://127.0.0.1:4010/s/RefArch/dw/shop/v25_6',
   *   clientId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
   * })
   * const { data, token } = await client.postCustomersAuth({ type: 'guest' })
   * const answer = await client.getCustomer(data.customer_id, `Bearer ${token}`)
   * console.log(answer.data.customer_id === data.customer_id) // true
   * ```
   * @throws as {@link postCustomersAuth}
   */
  async getCustomer(
    customerId: string,
    authorization?: string,
    options: RequestOptions = {},
  ): Promise<PoqResponse<Customer>> {
    if (['', '.', '..'].includes(customerId))
      throw new InvalidRequestError(`customerId must be an id, not ${JSON.stringify(customerId)}`)
    return this.#customer('GET', `/customers/${encodeURIComponent(customerId)}`, authorization, options)
  }

  /**
   * Makes a storefront session for the customer of a token; its cookies are in `headers.getSetCookie()`.
   * @param authorization `Bearer <token>`
   * @example
   * ```ts
   * import { CustomersClient } from 'auth-harness'
   *
   * const client = new CustomersClient({
   *   shopUrl: 'http://127.0.0.1:4010/s/RefArch/dw/shop/v25_6',
   *   clientId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
   * })
   * const { token } = await client.postCustomersAuth({ type: 'guest' })
   * const { headers } = await client.postSessions(`Bearer ${token}`)
   * console.log(headers.getSetCookie().some((cookie) => cookie.startsWith('dwsid='))) // true
   * ```
   * @throws as {@link postCustomersAuth}; here the answer has to be an empty 204
   */
  async postSessions(authorization: string, options: RequestOptions = {}): Promise<PoqResponse<undefined>> {
    const path = '/sessions'
    const answer = await this.#send('POST', path, authorization, options)
    if (answer.status !== 204)
      throw new InvalidAnswerError(`POST ${path}`, answer.status, 'a new session is answered by 204')
    return new PoqResponse(answer.status, answer.headers, undefined)
  }

  async #customer(
    method: string,
    path: string,
    authorization: string | undefined,
    options: RequestOptions,
    body?: string,
  ): Promise<PoqResponse<Customer>> {
    const answer = await this.#send(method, path, authorization, options, body)
    const customer = answer.status === 200 ? json(answer) : undefined
    if (!isCustomer(customer))
      throw new InvalidAnswerError(`${method} ${path}`, answer.status, 'the answer is no customer document')
    return new PoqResponse(answer.status, answer.headers, customer)
  }

  async #send(
    method: string,
    path: string,
    authorization: string | undefined,
    options: RequestOptions,
    body?: string,
  ): Promise<RawResponse> {
    const { shopUrl, clientId, timeoutMs, onExchange } = this.#settings
    const answer = await sendRequest({
      method,
      url: `${shopUrl}${path}`,
      headers: overridden(
        {
          accept: 'application/json',
          'content-type': body === undefined ? undefined : 'application/json',
          'x-dw-client-id': clientId,
          authorization,
        },
        options.headers ?? {},
      ),
      body,
      timeoutMs: options.timeoutMs ?? timeoutMs ?? DEFAULT_TIMEOUT_MS,
      signal: options.signal,
      onExchange,
    })
    if (answer.status < 400) return answer
    const fault = readFault(json(answer))
    if (fault === undefined)
      throw new InvalidAnswerError(`${method} ${path}`, answer.status, 'the answer is no fault document')
    throw new FaultError(`${method} ${path}`, answer.status, fault)
  }
}

/** Header names mean the same in any case, so an override has to find the one it replaces. */
function overridden(defaults: RequestHeaders, overrides: RequestHeaders): RequestHeaders {
  const merged = new Map(Object.entries(defaults))
  for (const [name, value] of Object.entries(overrides)) merged.set(name.toLowerCase(), value)
  return Object.fromEntries(merged)
}

/** @returns undefined where the answer does not say, or does not hold, JSON */
function json(answer: RawResponse): unknown {
  const type = answer.headers.get('content-type')
  return type === null || isJson(type) ? parsedJson(answer.body) : undefined
}
