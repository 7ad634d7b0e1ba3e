import { Connection, type ExchangeListener } from './connection.ts'
import type { Dialer } from './dialer.ts'
import type { WireRequest } from './request-head.ts'
import type { Target } from './target.ts'

/** How many idle connections a VU keeps to one host: k6's `batchPerHost`. */
const IDLE_PER_ORIGIN = 6

/** A connection as a request sees it. */
export interface Carrier {
  readonly origin: string
  readonly remoteIp: string
  readonly remotePort: number
  /** Of TLS, in k6's words; empty over plain HTTP. */
  readonly tlsVersion: string
  readonly tlsCipherSuite: string
  /** Whether it has carried a request before. */
  readonly reused: boolean
  /** Durations of its dial (ms), until a request has taken them as its own. */
  connecting: number
  tlsHandshaking: number
  send(request: WireRequest, listener: ExchangeListener): void
}

/** What carries the requests of one VU. */
export interface HttpTransport {
  take(target: Target): Carrier
  /** Gives a connection back; one that is not to be used again is closed. */
  release(carrier: Carrier, reusable: boolean): void
  /** Bytes since the last call. */
  takeBytes(): { received: number; sent: number }
  /** Closes what is idle; what is in use closes when it is given back. */
  closeIdle(): void
  /** Closes everything at once; requests under way end with `reason`. */
  destroy(reason: Error): void
}

/**
 * The connections of one VU: a request takes an idle one or opens a new one, so requests of one iteration that run
 * at the same time never wait for each other.
 */
export class Connections implements HttpTransport {
  readonly #dialer: Dialer
  readonly #idle = new Map<string, Connection[]>()
  #open: Connection[] = []
  /** Of connections that are closed. */
  #received = 0
  #sent = 0

  constructor(dialer: Dialer) {
    this.#dialer = dialer
  }

  take(target: Target): Connection {
    const idle = this.#idle.get(target.origin)
    for (let connection = idle?.pop(); connection !== undefined; connection = idle?.pop()) {
      if (connection.usable) {
        connection.reused = true
        return connection
      }
      // The other side has closed it meanwhile.
      this.#close(connection)
    }
    const connection = new Connection(target, this.#dialer)
    this.#open.push(connection)
    return connection
  }

  release(connection: Connection, reusable: boolean): void {
    if (!reusable || !connection.usable) {
      this.#close(connection)
      return
    }
    const idle = this.#idle.get(connection.origin)
    if (idle === undefined) this.#idle.set(connection.origin, [connection])
    else if (idle.length < IDLE_PER_ORIGIN) idle.push(connection)
    else this.#close(connection)
  }

  takeBytes(): { received: number; sent: number } {
    let received = this.#received
    let sent = this.#sent
    this.#received = 0
    this.#sent = 0
    for (const connection of this.#open) {
      received += connection.received
      sent += connection.sent
      connection.received = 0
      connection.sent = 0
    }
    return { received, sent }
  }

  closeIdle(): void {
    for (const idle of this.#idle.values()) for (const connection of idle.splice(0)) this.#close(connection)
  }

  destroy(reason: Error): void {
    this.#idle.clear()
    for (const connection of this.#open.splice(0)) connection.destroy(reason)
  }

  #close(connection: Connection): void {
    this.#received += connection.received
    this.#sent += connection.sent
    connection.received = 0
    connection.sent = 0
    const at = this.#open.indexOf(connection)
    if (at !== -1) this.#open.splice(at, 1)
    connection.destroy()
  }
}
