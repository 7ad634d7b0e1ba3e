import type { Dispatcher } from 'undici'
import { Timer } from '../run/wheel.ts'
import { classify, ErrorCode, RequestError } from './errors.ts'
import type { RawHeaders } from './headers.ts'

/** Durations of k6's `response.timings`, in ms. */
export interface Timings {
  readonly blocked: number
  readonly connecting: number
  readonly tls_handshaking: number
  readonly sending: number
  readonly waiting: number
  readonly receiving: number
  /** sending + waiting + receiving, as k6 has it: without blocked, connecting and handshaking. */
  readonly duration: number
  /** k6 always gives 0. */
  readonly looking_up: number
}

const UNSET = -1

/**
 * One request and its response on one connection: undici's handler, and the timer of the request's timeout. It
 * ends exactly once, by `onEnd`.
 */
export class Exchange extends Timer implements Dispatcher.DispatchHandler {
  status = 0
  statusMessage = ''
  headers: RawHeaders = {}
  /** The body as it came, or as far as it came. */
  body: Buffer | undefined
  error: RequestError | undefined
  readonly #now: () => number
  readonly #onEnd: (exchange: Exchange) => void
  readonly #keepBody: boolean
  #chunks: Buffer[] | undefined
  #done = false
  readonly #queuedAt: number
  #connectedAt = UNSET
  #sentAt = UNSET
  #firstByteAt = UNSET
  #endedAt = UNSET

  /**
   * @param keepBody false where nobody will read it
   * @param onEnd called once, with a response or an error
   */
  constructor(now: () => number, keepBody: boolean, onEnd: (exchange: Exchange) => void) {
    super()
    this.#now = now
    this.#keepBody = keepBody
    this.#onEnd = onEnd
    this.#queuedAt = now()
  }

  /** Whether the connection may carry another request; undici itself closes one that a server wants closed. */
  get intact(): boolean {
    return this.error === undefined
  }

  get startedAt(): number {
    return this.#queuedAt
  }

  /** @param connection its last dial is part of this exchange when it was made for it */
  timings(connection: { connecting: number; tlsHandshaking: number }): Timings {
    const { connecting, tlsHandshaking } = connection
    connection.connecting = 0
    connection.tlsHandshaking = 0
    if (this.#connectedAt === UNSET) {
      // k6 measures nothing of a request that never had a connection, not even the time that it waited for one.
      return {
        blocked: 0,
        connecting: 0,
        tls_handshaking: 0,
        sending: 0,
        waiting: 0,
        receiving: 0,
        duration: 0,
        looking_up: 0,
      }
    }
    const sentAt = this.#sentAt === UNSET ? this.#endedAt : this.#sentAt
    const firstByteAt = this.#firstByteAt === UNSET ? this.#endedAt : this.#firstByteAt
    const sending = Math.max(0, sentAt - this.#connectedAt)
    const waiting = Math.max(0, firstByteAt - sentAt)
    const receiving = Math.max(0, this.#endedAt - firstByteAt)
    return {
      blocked: this.#connectedAt - this.#queuedAt,
      connecting,
      tls_handshaking: tlsHandshaking,
      sending,
      waiting,
      receiving,
      duration: sending + waiting + receiving,
      looking_up: 0,
    }
  }

  onRequestStart(): void {
    this.#connectedAt = this.#now()
  }

  onRequestSent(): void {
    this.#sentAt = this.#now()
  }

  onResponseStarted(): void {
    if (this.#firstByteAt === UNSET) this.#firstByteAt = this.#now()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: RawHeaders,
    statusMessage?: string,
  ): void {
    // Informational responses precede the one that counts.
    if (status < 200) return
    this.status = status
    this.headers = headers
    this.statusMessage = statusMessage ?? ''
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#keepBody) return
    if (this.body === undefined) this.body = chunk
    else if (this.#chunks === undefined) this.#chunks = [this.body, chunk]
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#end(undefined)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const phase = this.#connectedAt === UNSET ? 'dial' : this.#sentAt === UNSET ? 'write' : 'read'
    this.#end(classify(error, phase, this.status !== 0))
  }

  /** The request's timeout has come. */
  override fire(): void {
    this.#end(
      this.#connectedAt === UNSET
        ? new RequestError(ErrorCode.dialTimeout, 'dial: i/o timeout')
        : new RequestError(ErrorCode.timeout, 'request timeout'),
    )
  }

  #end(error: RequestError | undefined): void {
    // After a timeout undici still reports the end of the connection.
    if (this.#done) return
    this.#done = true
    this.#endedAt = this.#now()
    this.error = error
    if (this.#chunks !== undefined) this.body = Buffer.concat(this.#chunks)
    this.#onEnd(this)
  }
}
