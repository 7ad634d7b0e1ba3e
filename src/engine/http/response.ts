import { type RequestCookie, type ResponseCookie, showCookies } from './cookies.ts'
import type { Timings } from './exchange.ts'
import { append, canonicalName } from './headers.ts'
import { atPath } from './json-path.ts'
import type { ResponseHead } from './parser.ts'

export type ResponseType = 'text' | 'binary' | 'none'

/** The request as `response.request` shows it: the first one, when redirects were followed. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  /** Names and values, alternating. */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array | undefined
  readonly cookies: readonly RequestCookie[]
}

export interface ResponseParts {
  readonly url: string
  /** `undefined` when there was an error. */
  readonly head: ResponseHead | undefined
  readonly body: Buffer | string | undefined
  readonly type: ResponseType
  readonly error: string
  readonly errorCode: number
  readonly timings: Timings
  readonly request: SentRequest
  /** `undefined` when nothing was sent. */
  readonly connection: ConnectionInfo | undefined
  /** On the engine's clock. */
  readonly endedAt: number
  /** The VU, which remembers what its script read last. */
  readonly reader: { lastRead: Response | undefined }
}

/** What is known of the connection that the response came on. */
interface ConnectionInfo {
  readonly remoteIp: string
  readonly remotePort: number
  readonly tlsVersion: string
  readonly tlsCipherSuite: string
}

/**
 * k6's Response. What a script rarely reads is put together when it reads it: most load scripts look at the status
 * and one header.
 */
export class Response {
  readonly status: number
  readonly url: string
  readonly error: string
  readonly error_code: number
  readonly #parts: ResponseParts
  #body: string | ArrayBuffer | null | undefined
  #cookies: Record<string, ResponseCookie[]> | undefined
  #json: unknown
  #parsed = false

  constructor(parts: ResponseParts) {
    this.status = parts.head?.status ?? 0
    this.url = parts.url
    this.error = parts.error
    this.error_code = parts.errorCode
    this.#parts = parts
  }

  get status_text(): string {
    const { head } = this.#parts
    return head === undefined ? '' : `${head.status} ${head.statusMessage}`
  }

  get proto(): string {
    return this.#parts.head?.proto ?? ''
  }

  get remote_ip(): string {
    return this.#parts.connection?.remoteIp ?? ''
  }

  get remote_port(): number {
    return this.#parts.connection?.remotePort ?? 0
  }

  get tls_version(): string {
    return this.#parts.connection?.tlsVersion ?? ''
  }

  get tls_cipher_suite(): string {
    return this.#parts.connection?.tlsCipherSuite ?? ''
  }

  get timings(): Timings {
    return this.#parts.timings
  }

  get body(): string | ArrayBuffer | null {
    this.#parts.reader.lastRead = this
    this.#body ??= this.#decode()
    return this.#body
  }

  get headers(): Readonly<Record<string, string>> {
    this.#parts.reader.lastRead = this
    return this.#parts.head?.headers ?? {}
  }

  get cookies(): Record<string, ResponseCookie[]> {
    this.#cookies ??= showCookies(this.#parts.head?.setCookies ?? [])
    return this.#cookies
  }

  get request(): {
    method: string
    url: string
    headers: Record<string, string[]>
    body: string
    cookies: Record<string, { name: string; value: string; replace: boolean }[]>
  } {
    const { method, url, headers, body, cookies } = this.#parts.request
    const shown: Record<string, string[]> = {}
    for (let i = 0; i < headers.length; i += 2) {
      const name = canonicalName(headers[i] ?? '')
      append(shown, name, headers[i + 1] ?? '')
    }
    const shownCookies: Record<string, { name: string; value: string; replace: boolean }[]> = {}
    for (const cookie of cookies) append(shownCookies, cookie.name, { ...cookie })
    return {
      method,
      url,
      headers: shown,
      body: typeof body === 'string' ? body : body === undefined ? '' : Buffer.from(body).toString('utf8'),
      cookies: shownCookies,
    }
  }

  get ocsp(): Record<string, unknown> {
    return {
      produced_at: 0,
      this_update: 0,
      next_update: 0,
      revoked_at: 0,
      revocation_reason: '',
      status: '',
    }
  }

  /**
   * The body as JSON, or what is at a gjson path of it.
   * @throws when the body is no JSON and no path was given, as under k6
   */
  json(selector?: string): unknown {
    if (!this.#parsed) {
      const { body } = this
      const text = typeof body === 'string' ? body : body === null ? '' : Buffer.from(body).toString('utf8')
      if (text === '' && selector !== undefined) return undefined
      if (text === '')
        throw new TypeError(
          "the body is null so we can't transform it to JSON - this likely was because of a request error getting the response",
        )
      try {
        this.#json = JSON.parse(text)
      } catch (error) {
        // As gjson: there is nothing at a path of what is no JSON.
        if (selector !== undefined) return undefined
        throw new SyntaxError(
          `cannot parse json due to an error: ${error instanceof Error ? error.message : error}`,
        )
      }
      this.#parsed = true
    }
    return selector === undefined ? this.#json : atPath(this.#json, selector)
  }

  /** What it was made of: for the sample of a failed check, and not seen by scripts. */
  static partsOf(response: Response): ResponseParts {
    return response.#parts
  }

  html(): never {
    throw new TypeError('response.html() is not supported by the embedded engine: use response.json()')
  }

  clickLink(): never {
    throw new TypeError(
      'response.clickLink() is not supported by the embedded engine: use http.asyncRequest()',
    )
  }

  submitForm(): never {
    throw new TypeError(
      'response.submitForm() is not supported by the embedded engine: use http.asyncRequest()',
    )
  }

  /** What `JSON.stringify(response)` shows under k6. */
  toJSON(): Record<string, unknown> {
    const { remote_ip, remote_port, url, status, status_text, proto, headers, cookies, body, timings } = this
    const { tls_version, tls_cipher_suite, ocsp, error, error_code, request } = this
    return {
      remote_ip,
      remote_port,
      url,
      status,
      status_text,
      proto,
      headers,
      cookies,
      body,
      timings,
      tls_version,
      tls_cipher_suite,
      ocsp,
      error,
      error_code,
      request,
    }
  }

  #decode(): string | ArrayBuffer | null {
    const { body, type, head } = this.#parts
    if (type === 'none' || (body === undefined && (head === undefined || isBodiless(head.status))))
      return null
    if (type === 'text') return typeof body === 'string' ? body : (body?.toString('utf8') ?? '')
    return body === undefined ? new ArrayBuffer(0) : new Uint8Array(Buffer.from(body)).buffer
  }
}

/** Statuses whose responses have no body, which k6 shows as null. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 304
}
