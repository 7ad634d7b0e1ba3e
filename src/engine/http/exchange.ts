import { Timer } from '../time/wheel.ts'
import type { ExchangeListener } from './connection.ts'
import { classify, ErrorCode, RequestError } from './errors.ts'
import type { ResponseHead } from './parser.ts'

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

export const NO_TIMINGS: Timings = {
  blocked: 0,
  connecting: 0,
  tls_handshaking: 0,
  sending: 0,
  waiting: 0,
  receiving: 0,
  duration: 0,
  looking_up: 0,
}

const UNSET = -1

/**
 * One request and its response on one connection, and the timer of the request's timeout. It ends exactly once, by
 * `onFinish`.
 */
export class Exchange extends Timer implements ExchangeListener {
  head: ResponseHead | undefined
  /** The body as it came, or as far as it came; of an undecoded text in one piece, as text. */
  body: Buffer | string | undefined
  error: RequestError | undefined
  readonly #now: () => number
  readonly #onFinish: (exchange: Exchange) => void
  readonly #keep: 'text' | 'bytes' | 'nothing'
  #pieces: Buffer[] | undefined
  #done = false
  readonly #queuedAt: number
  #connectedAt = UNSET
  #sentAt = UNSET
  #firstByteAt = UNSET
  #endedAt = UNSET

  /**
   * @param queuedAt when the request was made
   * @param keep of the body
   * @param onFinish called once, with a response or an error
   */
  constructor(
    now: () => number,
    queuedAt: number,
    keep: 'text' | 'bytes' | 'nothing',
    onFinish: (exchange: Exchange) => void,
  ) {
    super()
    this.#now = now
    this.#keep = keep
    this.#onFinish = onFinish
    this.#queuedAt = queuedAt
  }

  /** On the engine's clock. */
  get endedAt(): number {
    return this.#endedAt
  }

  /** @param carrier its dial is part of this exchange when it was made for it */
  timings(carrier: { connecting: number; tlsHandshaking: number }): Timings {
    const { connecting, tlsHandshaking } = carrier
    carrier.connecting = 0
    carrier.tlsHandshaking = 0
    // k6 measures nothing of a request that never had a connection, not even the time that it waited for one.
    if (this.#connectedAt === UNSET) return NO_TIMINGS
    const sentAt = this.#sentAt === UNSET ? this.#endedAt : this.#sentAt
    const firstByteAt = this.#firstByteAt === UNSET ? this.#endedAt : this.#firstByteAt
    const sending = sentAt - this.#connectedAt
    const waiting = firstByteAt - sentAt
    const receiving = this.#endedAt - firstByteAt
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

  onConnected(): void {
    this.#connectedAt = this.#now()
  }

  onSent(): void {
    this.#sentAt = this.#now()
  }

  onHead(head: ResponseHead): void {
    this.#firstByteAt = this.#now()
    this.head = head
  }

  onBody(bytes: Buffer): void {
    if (this.#keep === 'nothing') return
    if (this.#pieces !== undefined) this.#pieces.push(Buffer.from(bytes))
    else if (this.body !== undefined) this.#pieces = [asBuffer(this.body), Buffer.from(bytes)]
    else if (this.#keep === 'text' && this.#isWhole(bytes)) this.body = bytes.toString('utf8')
    else this.body = Buffer.from(bytes)
  }

  onEnd(): void {
    this.#finish(undefined)
  }

  onError(error: unknown): void {
    const phase = this.#connectedAt === UNSET ? 'dial' : this.#sentAt === UNSET ? 'write' : 'read'
    this.#finish(classify(error, phase))
  }

  /** The request's timeout has come. */
  override fire(): void {
    this.#finish(new RequestError(ErrorCode.timeout, 'request timeout'))
  }

  /** The usual case: all of a body that needs no decoding has come at once. */
  #isWhole(bytes: Buffer): boolean {
    const { headers } = this.head as ResponseHead
    return headers['Content-Encoding'] === undefined && headers['Content-Length'] === String(bytes.length)
  }

  #finish(error: RequestError | undefined): void {
    // After a timeout the connection still tells of its end.
    if (this.#done) return
    this.#done = true
    this.#endedAt = this.#now()
    this.error = error
    if (this.#pieces !== undefined) this.body = Buffer.concat(this.#pieces)
    this.#onFinish(this)
  }
}

function asBuffer(body: Buffer | string): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body
}
