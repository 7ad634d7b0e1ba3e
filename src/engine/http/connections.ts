import { isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { buildConnector, Client, type Dispatcher } from 'undici'
import type { Target } from './target.ts'

/** How long k6 waits for a connection. */
const DIAL_TIMEOUT_MS = 30_000
/** How many idle connections a VU keeps to one host: k6's `batchPerHost`. */
const IDLE_PER_ORIGIN = 6
/** Go closes no idle connection of its own accord; this is far longer than any server keeps one. */
const KEEP_ALIVE_MS = 3_600_000
/** A server that says when it closes is left alone shortly before. */
const KEEP_ALIVE_THRESHOLD_MS = 500

export interface ConnectionOptions {
  readonly insecureSkipTLSVerify: boolean
  /** Each request on a connection of its own. */
  readonly noConnectionReuse: boolean
  /** Host name, or `host:port`, to address, or `address:port`. */
  readonly hosts: Readonly<Record<string, string>>
  readonly now: () => number
}

/** Opens connections, for all VUs of a worker. */
export class Dialer {
  readonly options: ConnectionOptions
  readonly #connect: buildConnector.connector

  constructor(options: ConnectionOptions) {
    this.options = options
    this.#connect = buildConnector({
      timeout: DIAL_TIMEOUT_MS,
      rejectUnauthorized: !options.insecureSkipTLSVerify,
      allowH2: false,
    })
  }

  /** What undici calls when the connection needs a socket. */
  connectorOf(connection: Connection, target: Target): buildConnector.connector {
    const { hosts, now } = this.options
    const mapped = mapHost(target, hosts)
    return (place, callback) => {
      const started = now()
      let connected = started
      const dialled: unknown = this.#connect(
        mapped === undefined ? place : { ...place, ...mapped },
        (...[error, socket]) => {
          if (error !== null || socket === null) {
            callback(error ?? new Error('no connection'), null)
            return
          }
          const established = now()
          const secure = 'getProtocol' in socket
          if (!secure) connected = established
          connection.established(socket, connected - started, established - connected)
          callback(null, socket)
        },
      )
      // The connector gives the socket back at once: the only way to see TCP's part of a TLS dial.
      if (target.protocol === 'https:' && isSocket(dialled)) {
        dialled.once('connect', () => {
          connected = now()
        })
      }
    }
  }
}

/** A connection as a request sees it. */
export interface Carrier {
  readonly origin: string
  readonly client: Pick<Dispatcher, 'dispatch'>
  readonly remoteIp: string
  readonly remotePort: number
  /** Of TLS, in k6's words; empty over plain HTTP. */
  readonly tlsVersion: string
  readonly tlsCipherSuite: string
  /** Durations of the last dial (ms), until a request has taken them as its own. */
  connecting: number
  tlsHandshaking: number
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
  destroy(reason: Error): Promise<void>
}

/** One connection to one origin, and what is known of it. undici reconnects it when it was closed. */
export class Connection implements Carrier {
  readonly client: Client
  readonly origin: string
  socket: Socket | undefined
  remoteIp = ''
  remotePort = 0
  tlsVersion = ''
  tlsCipherSuite = ''
  connecting = 0
  tlsHandshaking = 0
  #read = 0
  #written = 0

  constructor(target: Target, dialer: Dialer) {
    this.origin = target.origin
    this.client = new Client(target.origin, {
      pipelining: 1,
      // Timeouts of requests are the engine's own: one clock, one set of error codes.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      keepAliveTimeoutThreshold: KEEP_ALIVE_THRESHOLD_MS,
      // Go's limit.
      maxHeaderSize: 1 << 20,
      connect: dialer.connectorOf(this, target),
    })
  }

  /** Bytes that came and went since the last call, over all requests. */
  takeBytes(): { received: number; sent: number } {
    const { socket } = this
    if (socket === undefined) return { received: 0, sent: 0 }
    const read = socket.bytesRead
    const written = socket.bytesWritten
    const bytes = { received: read - this.#read, sent: written - this.#written }
    this.#read = read
    this.#written = written
    return bytes
  }

  established(socket: Socket | TLSSocket, connecting: number, tlsHandshaking: number): void {
    this.socket = socket
    this.#read = 0
    this.#written = 0
    this.connecting = connecting
    this.tlsHandshaking = tlsHandshaking
    this.remoteIp = socket.remoteAddress ?? ''
    this.remotePort = socket.remotePort ?? 0
    if ('getProtocol' in socket) {
      this.tlsVersion = (socket.getProtocol() ?? '').replace(/^TLSv1$/, 'tls1.0').replace('TLSv', 'tls')
      this.tlsCipherSuite = socket.getCipher().standardName
    }
  }
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'once' in value
}

/** k6's `hosts` option: the connection goes elsewhere, the URL and the server name stay. */
function mapHost(
  { hostname, origin, protocol }: Target,
  hosts: Readonly<Record<string, string>>,
): { hostname: string; port?: string; servername?: string } | undefined {
  const port = new URL(origin).port || (protocol === 'https:' ? '443' : '80')
  const mapped = hosts[`${hostname}:${port}`] ?? hosts[hostname]
  if (mapped === undefined) return undefined
  const withPort = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(mapped)
  const address = withPort?.[1] ?? withPort?.[2] ?? mapped
  return {
    hostname: address,
    ...(withPort?.[3] !== undefined && { port: withPort[3] }),
    ...(isIP(hostname) === 0 && { servername: hostname }),
  }
}

/**
 * The connections of one VU: a request takes an idle one or opens a new one, so requests of one iteration that run
 * at the same time never wait for each other.
 */
export class Connections implements HttpTransport {
  readonly #idle = new Map<string, Connection[]>()
  readonly #dialer: Dialer
  #received = 0
  #sent = 0
  #open: Connection[] = []

  constructor(dialer: Dialer) {
    this.#dialer = dialer
  }

  take(target: Target): Connection {
    const idle = this.#idle.get(target.origin)?.pop()
    if (idle !== undefined) return idle
    const connection = new Connection(target, this.#dialer)
    this.#open.push(connection)
    return connection
  }

  release(connection: Connection, reusable: boolean): void {
    const idle = this.#idle.get(connection.origin)
    if (!reusable || this.#dialer.options.noConnectionReuse) this.#close(connection)
    else if (idle === undefined) this.#idle.set(connection.origin, [connection])
    else if (idle.length < IDLE_PER_ORIGIN) idle.push(connection)
    else this.#close(connection)
  }

  takeBytes(): { received: number; sent: number } {
    let received = this.#received
    let sent = this.#sent
    for (const connection of this.#open) {
      const bytes = connection.takeBytes()
      received += bytes.received
      sent += bytes.sent
    }
    this.#received = 0
    this.#sent = 0
    return { received, sent }
  }

  closeIdle(): void {
    for (const idle of this.#idle.values()) for (const connection of idle.splice(0)) this.#close(connection)
  }

  async destroy(reason: Error): Promise<void> {
    this.#idle.clear()
    await Promise.all(this.#open.map(({ client }) => client.destroy(reason)))
  }

  #close(connection: Connection): void {
    const bytes = connection.takeBytes()
    this.#received += bytes.received
    this.#sent += bytes.sent
    this.#open = this.#open.filter((open) => open !== connection)
    // With a callback it gives no promise; nobody has anything to do when it is closed.
    connection.client.destroy(() => {})
  }
}
