import { type RawResponse, type RequestHeaders, sendRequest } from '../../../src/client/send-request.ts'
import type { AuthRequest } from '../../../src/ocapi/auth-request.ts'
import type { ApiResponse } from '../../../src/ocapi/response.ts'
import type { Exchange } from '../../../src/verdict/evidence.ts'
import { apiResponse } from '../api-response.ts'
import { requireApi } from '../twin.ts'

/** An answer as it came, whatever its status, with what a judge of it has to know of its request. */
export interface Answer extends RawResponse, ApiResponse {
  readonly status: number
  readonly body: string
  readonly headers: Headers
  /** The Authorization header of the request: a fault may quote what it refuses. */
  readonly sent: string | undefined
  /** By the clock of this machine, ms since the epoch. */
  readonly receivedAtMs: number
  /** From the call to the last byte, in ms. */
  readonly durationMs: number
}

export interface ShopApiSettings {
  readonly shopUrl: string
  readonly clientId: string
  readonly timeoutMs: number
  readonly onExchange: (exchange: Exchange) => void
}

const AUTH_PATH = '/customers/auth'
const JSON_BODY = { 'content-type': 'application/json' }
const GUEST_BODY = JSON.stringify({ type: 'guest' } satisfies AuthRequest)

/**
 * The requests under contract, right or wrong, with answers that are not judged yet. The checks do not go through
 * `CustomersClient`, since a fault would hide the headers and the body in which a token could have slipped out.
 */
export class ShopApi {
  readonly #settings: ShopApiSettings

  constructor(settings: ShopApiSettings) {
    this.#settings = settings
  }

  guest(): Promise<Answer> {
    return this.#auth('guest')
  }

  /** @param basic base64 of `login:password` */
  login(basic: string): Promise<Answer> {
    return this.credentials(`Basic ${basic}`)
  }

  /** @param authorization the whole header, right or wrong; undefined: none is sent */
  credentials(authorization: string | undefined): Promise<Answer> {
    return this.#auth('credentials', { authorization })
  }

  /** @param cookie the whole Cookie header; undefined: none is sent */
  session(cookie: string | undefined): Promise<Answer> {
    return this.#auth('session', { cookie })
  }

  /** @param authorization the whole header, `Bearer <token>` when it is right; undefined: none is sent */
  refresh(authorization: string | undefined): Promise<Answer> {
    return this.#auth('refresh', { authorization })
  }

  /** `POST /customers/auth` with any body and any headers: these replace the right ones by their lower-case name. */
  postAuth(body: string, headers: RequestHeaders = {}): Promise<Answer> {
    return this.send('POST', AUTH_PATH, { ...JSON_BODY, ...headers }, body)
  }

  /** `GET /customers/{customer_id}`. @param authorization the whole header; undefined: none is sent */
  customer(customerId: string, authorization: string | undefined): Promise<Answer> {
    return this.send('GET', `/customers/${encodeURIComponent(customerId)}`, { authorization })
  }

  /**
   * Any request.
   * @param path what follows the URL of the shop
   * @throws {HarnessError} TARGET `TARGET_NOT_THE_API`: see {@link requireApi}
   */
  async send(method: string, path: string, headers: RequestHeaders, body?: string): Promise<Answer> {
    const answer = await this.#exchange(method, path, headers, body)
    await requireApi(`${method} ${path}`, answer, () =>
      this.#exchange('POST', AUTH_PATH, JSON_BODY, GUEST_BODY),
    )
    return answer
  }

  async #exchange(method: string, path: string, headers: RequestHeaders, body?: string): Promise<Answer> {
    const { shopUrl, clientId, timeoutMs, onExchange } = this.#settings
    const startedAt = performance.now()
    const response = await sendRequest({
      method,
      url: `${shopUrl}${path}`,
      headers: { accept: 'application/json', 'x-dw-client-id': clientId, ...headers },
      body,
      timeoutMs,
      onExchange,
    })
    const { authorization } = headers
    return {
      ...apiResponse(response),
      sent: typeof authorization === 'string' ? authorization : undefined,
      receivedAtMs: Date.now(),
      durationMs: performance.now() - startedAt,
    }
  }

  #auth(type: AuthRequest['type'], headers: RequestHeaders = {}): Promise<Answer> {
    return this.postAuth(JSON.stringify({ type } satisfies AuthRequest), headers)
  }
}
