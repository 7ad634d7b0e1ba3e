import type { Socket } from 'node:net'
import type { Sender, TurnEnd } from '../time/turn-end.ts'
import type { Dialer, Dialled, SocketListener } from './dialer.ts'
import { ErrorCode, RequestError } from './errors.ts'
import { type ResponseHead, type ResponseListener, ResponseParser } from './parser.ts'
import { isWrittenSame, type WireRequest, type WrittenRequest, writtenRequest } from './request-head.ts'
import type { Target } from './target.ts'

/** What a connection tells of one request, in this order; an error ends it at any point. */
export interface ExchangeListener {
  /** There is a connection, and the request is about to be written. */
  onConnected(): void
  /** It has been handed to the system. */
  onSent(): void
  onHead(head: ResponseHead): void
  /** @param bytes valid during the call only */
  onBody(bytes: Buffer): void
  onEnd(): void
  onError(error: unknown): void
}

/** Up to how many characters a request is remembered: ten thousand idle connections may each hold one. */
const REMEMBERED = 1024

/** One connection to one origin. It carries one request at a time, and is closed by whoever closes it first. */
export class Connection implements Sender, SocketListener, ResponseListener {
  readonly origin: string
  remoteIp = ''
  remotePort = 0
  tlsVersion = ''
  tlsCipherSuite = ''
  /** Durations of its dial (ms), until a request has taken them as its own. */
  connecting = 0
  tlsHandshaking = 0
  /** Bytes of HTTP, over TLS the plain ones, until somebody has taken them. */
  received = 0
  sent = 0
  reused = false
  /** Whether it may carry a request. */
  usable = true
  readonly #socket: Socket
  readonly #turnEnd: TurnEnd
  readonly #parser = new ResponseParser()
  #connected = false
  #request: WireRequest | undefined
  #written: WrittenRequest | undefined
  #listener: ExchangeListener | undefined
  #reason: Error | undefined

  constructor(target: Target, dialer: Dialer) {
    this.origin = target.origin
    this.#turnEnd = dialer.options.turnEnd
    this.#socket = dialer.dial(target, this)
  }

  send(request: WireRequest, listener: ExchangeListener): void {
    this.#request = request
    this.#listener = listener
    if (this.#connected) this.#turnEnd.write(this)
  }

  /** Closes it; a request under way ends with `reason`. */
  destroy(reason?: Error): void {
    this.usable = false
    this.#reason = reason
    this.#socket.destroy()
    if (reason !== undefined) this.#fail(reason)
  }

  write(): void {
    const request = this.#request
    const listener = this.#listener
    if (request === undefined || listener === undefined) return
    let written = this.#written
    // Most scripts send the same request again, or the same with another header.
    if (written === undefined || !isWrittenSame(written.request, request)) {
      try {
        written = writtenRequest(request)
      } catch (error) {
        this.#fail(error)
        return
      }
      this.#written = written.bytes === undefined && written.text.length <= REMEMBERED ? written : undefined
    }
    listener.onConnected()
    this.#parser.begin(request.method, this)
    const { text, bytes } = written
    if (bytes === undefined) this.#socket.write(text, 'latin1')
    else {
      this.#socket.cork()
      this.#socket.write(text, 'latin1')
      this.#socket.write(bytes)
      this.#socket.uncork()
      this.sent += bytes.length
    }
    this.sent += text.length
    listener.onSent()
  }

  // The socket

  onConnected({ connecting, tlsHandshaking, tlsVersion, tlsCipherSuite }: Dialled): void {
    this.#connected = true
    this.connecting = connecting
    this.tlsHandshaking = tlsHandshaking
    this.tlsVersion = tlsVersion
    this.tlsCipherSuite = tlsCipherSuite
    this.remoteIp = this.#socket.remoteAddress ?? ''
    this.remotePort = this.#socket.remotePort ?? 0
    this.write()
  }

  onBytes(bytes: Buffer): void {
    this.received += bytes.length
    // Of a connection that carries no request, an answer that nobody asked for.
    if (this.#listener === undefined) {
      this.destroy()
      return
    }
    try {
      if (!this.#parser.read(bytes)) this.destroy()
    } catch (error) {
      this.#fail(error)
    }
  }

  onClosed(error: Error | undefined): void {
    this.usable = false
    if (this.#listener === undefined) return
    if (error !== undefined || this.#reason !== undefined) this.#fail(error ?? this.#reason)
    else if (!this.#parser.close()) {
      this.#fail(new RequestError(ErrorCode.generic, this.#parser.partial ? 'unexpected EOF' : 'EOF'))
    }
  }

  #fail(error: unknown): void {
    this.usable = false
    this.#socket.destroy()
    const listener = this.#listener
    this.#listener = undefined
    listener?.onError(error)
  }

  // The parser

  onHead(head: ResponseHead): void {
    this.#listener?.onHead(head)
  }

  onBody(bytes: Buffer): void {
    this.#listener?.onBody(bytes)
  }

  onEnd(reusable: boolean): void {
    if (!reusable || this.#request?.close === true) this.usable = false
    const listener = this.#listener
    this.#listener = undefined
    this.#request = undefined
    listener?.onEnd()
  }
}
