import type { TagSet } from '../metrics/tag-set.ts'
import type { TimerWheel } from '../time/wheel.ts'
import { compress, decompress, formEncode } from './body.ts'
import type { Carrier, HttpTransport } from './connections.ts'
import { cookieHeader, type Jar } from './cookies.ts'
import { ErrorCode, RequestError } from './errors.ts'
import { Exchange, NO_TIMINGS, type Timings } from './exchange.ts'
import type { ExpectedStatuses } from './expected-statuses.ts'
import { type Params, readParams } from './params.ts'
import type { ResponseHead } from './parser.ts'
import { failureOf, type Hop, type HttpRecorder } from './recorder.ts'
import { Response, type SentRequest } from './response.ts'
import { toExchange } from './sample.ts'
import { parseTarget, type Target, TemplateUrl } from './target.ts'

/** Of the run's options, those that a request obeys. */
export interface RequestOptions {
  readonly maxRedirects: number
  readonly discardResponseBodies: boolean
  /** A failed request rejects. */
  readonly throw: boolean
  readonly noConnectionReuse: boolean
  readonly userAgent: string
}

/** The VU that a request belongs to. */
export interface RequestContext {
  readonly options: RequestOptions
  readonly connections: HttpTransport
  readonly recorder: HttpRecorder
  /** Of the VU, from 1. */
  readonly idInTest: number
  /** The response that the script read last, which a failed check shows. */
  lastRead: Response | undefined
  readonly wheel: TimerWheel
  readonly now: () => number
  /** Of the iteration that runs; there is none until there is something to put in. */
  readonly jar: Jar | undefined
  makeJar(): Jar
  /** The iteration was cut off: what still ends is counted, and the script hears no more of it. */
  readonly stopped: boolean
  readonly responseCallback: ExpectedStatuses | null
  /** Tags of the samples that the VU records now. */
  tags(): TagSet
  /** @throws HarnessError when load must not be sent to the host */
  allow(hostname: string): void
  /** An asynchronous operation begins and ends: the iteration waits for it. */
  begin(): void
  end(): void
  warn(message: string): void
}

interface RequestArguments {
  readonly method: string
  readonly url: unknown
  readonly body: unknown
  readonly params: unknown
}

/** k6's `http.asyncRequest`, of one VU: resolves on network errors too, unless `throw` is set. */
export function asyncRequest(context: RequestContext, arguments_: RequestArguments): Promise<Response> {
  return new Promise((resolve, reject) => {
    let request: Request
    try {
      request = new Request(context, arguments_, resolve, reject)
    } catch (error) {
      refuse(context, arguments_, error, resolve, reject)
      return
    }
    context.begin()
    request.send()
  })
}

/** Arguments that no request can be made of: k6 warns and gives a response with the error, or rejects. */
function refuse(
  context: RequestContext,
  { method, url, params }: RequestArguments,
  error: unknown,
  resolve: (response: Response) => void,
  reject: (error: unknown) => void,
): void {
  const throws = (params as { throw?: unknown } | null | undefined)?.throw ?? context.options.throw
  if (throws || !(error instanceof Error)) {
    reject(error)
    return
  }
  context.warn(`Request Failed: ${error.message}`)
  resolve(
    new Response({
      url: String(url),
      head: undefined,
      body: undefined,
      type: 'text',
      error: error.message,
      errorCode: error instanceof RequestError ? error.code : 0,
      timings: NO_TIMINGS,
      request: { method, url: String(url), headers: [], body: undefined, cookies: [] },
      connection: undefined,
      endedAt: context.now(),
      reader: context,
    }),
  )
}

/** Headers that a redirect to another site does not take along. */
const OF_ONE_SITE = new Set([
  'Authorization',
  'Www-Authenticate',
  'Proxy-Authorization',
  'Proxy-Authenticate',
])

/** Methods that Go sends again by itself. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** A request of a script, with the redirects that it follows: each hop is an exchange and a sample of its own. */
class Request {
  readonly #context: RequestContext
  readonly #resolve: (response: Response) => void
  readonly #reject: (error: unknown) => void
  readonly #params: Params
  readonly #tags: TagSet
  /** Of `http.url`: the name of every hop. */
  readonly #name: string | undefined
  readonly #sent: SentRequest
  readonly #deadline: number
  /** Of the present hop. */
  #queuedAt: number
  #hops = 0
  // Of the present hop:
  #target: Target
  #method: string
  #headers: string[]
  #body: string | Uint8Array | undefined
  #carrier: Carrier | undefined

  /** @throws TypeError or RequestError when the arguments are wrong: nothing was sent, and nothing is counted */
  constructor(
    context: RequestContext,
    arguments_: RequestArguments,
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ) {
    const { method, url, body, params } = arguments_
    this.#context = context
    this.#resolve = resolve
    this.#reject = reject
    this.#target = parseTarget(String(url))
    this.#params = readParams(params)
    this.#method = method
    this.#name = url instanceof TemplateUrl ? url.name : undefined
    this.#headers = this.#params.headers
    this.#body = this.#encodeBody(body)
    this.#addHeader('User-Agent', context.options.userAgent)
    this.#addHeader('Authorization', this.#target.authorization)
    let tags = context.tags()
    for (const key in this.#params.tags) tags = tags.with(key, String(this.#params.tags[key]))
    this.#tags = tags
    this.#sent = {
      method,
      url: this.#target.clean,
      headers: this.#headers,
      body: this.#body,
      cookies: this.#params.cookies,
    }
    this.#queuedAt = context.now()
    this.#deadline = this.#queuedAt + this.#params.timeout
  }

  /** Sends the present hop. */
  send(): void {
    const context = this.#context
    try {
      context.allow(this.#target.hostname)
    } catch (error) {
      context.end()
      this.#reject(error)
      return
    }
    const exchange = new Exchange(context.now, this.#queuedAt, this.#keep, this.#onFinish)
    const carrier = context.connections.take(this.#target)
    this.#carrier = carrier
    context.wheel.armAt(exchange, this.#deadline)
    carrier.send(
      {
        method: this.#method,
        path: this.#target.path,
        host: this.#target.host,
        headers: this.#withCookies(),
        body: this.#body,
        close: context.options.noConnectionReuse,
      },
      exchange,
    )
  }

  readonly #onFinish = (exchange: Exchange): void => {
    const context = this.#context
    const carrier = this.#carrier as Carrier
    context.wheel.disarm(exchange)
    if (exchange.error !== undefined && this.#isStale(exchange.error, exchange, carrier)) {
      context.connections.release(carrier, false)
      this.send()
      return
    }
    const timings = exchange.timings(carrier)
    context.connections.release(carrier, exchange.error === undefined)
    const { head } = exchange
    let { body, error } = exchange
    if (body instanceof Buffer && error === undefined) {
      const encoding = head?.headers['Content-Encoding']
      try {
        if (encoding !== undefined) body = decompress(body, encoding)
      } catch (failure) {
        error = failure as RequestError
      }
    }
    if (head !== undefined && head.setCookies.length > 0) this.#storeCookies(head.setCookies)
    // k6 shows nothing of a head whose response failed later.
    const answer = error === undefined ? head : undefined
    const status = answer?.status ?? 0
    this.#record(answer, error, timings, carrier, exchange)
    if (context.stopped) return
    if (answer !== undefined && REDIRECTS.has(status) && this.#redirect(answer)) return
    context.end()
    if (error !== undefined && (this.#params.throw ?? context.options.throw)) {
      this.#reject(error)
      return
    }
    this.#resolve(
      new Response({
        url: this.#target.url,
        head: answer,
        body,
        type: this.#responseType,
        error: error?.message ?? '',
        errorCode: error?.code ?? (status >= 400 ? 1000 + status : 0),
        timings,
        request: this.#sent,
        connection: carrier,
        endedAt: exchange.endedAt,
        reader: context,
      }),
    )
  }

  /**
   * Whether the server closed the connection while the request was on its way, so that it says nothing of the
   * request: as with Go, one that may be repeated is then sent again, on another connection, and counts once.
   */
  #isStale({ code, message }: RequestError, { head }: Exchange, { reused }: Carrier): boolean {
    return (
      reused &&
      head === undefined &&
      !this.#context.stopped &&
      REPEATABLE.has(this.#method) &&
      (message === 'EOF' || code === ErrorCode.reset || code === ErrorCode.brokenPipe)
    )
  }

  #record(
    answer: ResponseHead | undefined,
    error: RequestError | undefined,
    timings: Timings,
    { tlsVersion }: Carrier,
    { endedAt, body }: Exchange,
  ): void {
    const { responseCallback } = this.#params
    const callback = responseCallback === undefined ? this.#context.responseCallback : responseCallback
    const { recorder, idInTest } = this.#context
    const hop: Hop = {
      tags: this.#tags,
      method: this.#method,
      name: this.#name ?? this.#target.clean,
      status: answer?.status ?? 0,
      statusMessage: answer?.statusMessage ?? '',
      proto: answer?.proto ?? 'HTTP/1.1',
      error,
      expected: callback === null ? undefined : callback.matches(answer?.status ?? 0),
      tlsVersion,
    }
    recorder.record(hop, timings, endedAt)
    if (hop.expected !== false && error === undefined) return
    recorder.sample('request', sampleName(hop), endedAt, idInTest, () =>
      toExchange(
        { method: this.#method, url: this.#target.clean, headers: this.#headers, body: this.#body },
        answer && { head: answer, body },
        error,
        timings.duration,
      ),
    )
  }

  /** Follows a redirect as Go's client does. @returns false when the response is the last one */
  #redirect({ status, headers }: ResponseHead): boolean {
    const location = headers.Location
    if (location === undefined || location === '') return false
    const { redirects } = this.#params
    const max = redirects ?? this.#context.options.maxRedirects
    if (this.#hops >= max) {
      if (redirects === undefined) {
        this.#context.warn(
          `Stopped after ${max} redirects and returned the redirection; pass { redirects: n } in request params or set global maxRedirects to silence this`,
        )
      }
      return false
    }
    let next: Target
    try {
      next = parseTarget(new URL(location, this.#target.url).href)
    } catch {
      // A location that is no http URL is left to the script.
      return false
    }
    this.#hops++
    const keepsBody = status === 307 || status === 308
    if (!keepsBody) {
      this.#body = undefined
      if (this.#method !== 'HEAD') this.#method = 'GET'
    }
    // To the same server by a path alone: a Host of the script's own stays, as with Go.
    const isAbsolute = /^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(location)
    const sameSite =
      next.hostname === this.#target.hostname || next.hostname.endsWith(`.${this.#target.hostname}`)
    this.#headers = filterHeaders(
      this.#headers,
      (name) =>
        name !== 'Cookie' &&
        (name !== 'Host' || !isAbsolute) &&
        (sameSite || !OF_ONE_SITE.has(name)) &&
        (keepsBody || !name.startsWith('Content-')),
    )
    if (!(this.#target.protocol === 'https:' && next.protocol === 'http:')) {
      this.#addHeader('Referer', this.#target.clean)
    }
    this.#addHeader('Authorization', next.authorization)
    this.#target = next
    this.#queuedAt = this.#context.now()
    this.send()
    return true
  }

  get #keep(): 'text' | 'bytes' | 'nothing' {
    const type = this.#responseType
    return type === 'none' ? 'nothing' : type === 'text' ? 'text' : 'bytes'
  }

  get #responseType(): 'text' | 'binary' | 'none' {
    return this.#params.responseType ?? (this.#context.options.discardResponseBodies ? 'none' : 'text')
  }

  #withCookies(): string[] {
    const { cookies, jar = this.#context.jar } = this.#params
    if (cookies.length === 0 && jar === undefined) return this.#headers
    const fromJar = cookieHeader(cookies, jar, this.#target.url)
    if (fromJar === undefined) return this.#headers
    const own = this.#headers.indexOf('Cookie')
    if (own === -1) return [...this.#headers, 'Cookie', fromJar]
    return this.#headers.with(own + 1, `${this.#headers[own + 1]}; ${fromJar}`)
  }

  #storeCookies(setCookies: readonly string[]): void {
    const jar = this.#params.jar ?? this.#context.makeJar()
    jar.store(this.#target.url, setCookies)
  }

  #addHeader(name: string, value: string | undefined): void {
    if (value === undefined || value === '') return
    for (let i = 0; i < this.#headers.length; i += 2) if (this.#headers[i] === name) return
    this.#headers.push(name, value)
  }

  #encodeBody(body: unknown): string | Uint8Array | undefined {
    let encoded: string | Uint8Array
    if (body === undefined || body === null) return undefined
    if (typeof body === 'string') encoded = body
    else if (body instanceof ArrayBuffer) encoded = new Uint8Array(body)
    else if (ArrayBuffer.isView(body)) {
      encoded = new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    } else if (typeof body === 'object') {
      encoded = formEncode(body as Record<string, unknown>)
      this.#addHeader('Content-Type', 'application/x-www-form-urlencoded')
    } else throw new TypeError(`unknown request body type ${typeof body}`)
    if (this.#params.compression === undefined) return encoded
    const compressed = compress(encoded, this.#params.compression)
    this.#addHeader('Content-Encoding', compressed.encoding)
    return compressed.body
  }
}

/** What a report calls the failure: k6's code and words, or the status that was not expected. */
function sampleName(hop: Hop): string {
  const failure = failureOf(hop)
  return failure === undefined ? `${hop.status} ${hop.statusMessage}` : `${failure.code} ${failure.message}`
}

function filterHeaders(headers: readonly string[], keep: (name: string) => boolean): string[] {
  return headers.filter((_, index) => keep(headers[index - (index % 2)] ?? ''))
}
