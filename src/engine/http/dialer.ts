import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { TurnEnd } from '../time/turn-end.ts'
import type { Target } from './target.ts'

/** How long k6 waits for a connection. */
const DIAL_TIMEOUT_MS = 30_000

export interface DialOptions {
  readonly insecureSkipTLSVerify: boolean
  /** Each request on a connection of its own. */
  readonly noConnectionReuse: boolean
  /** Host name, or `host:port`, to address, or `address:port`. */
  readonly hosts: Readonly<Record<string, string>>
  readonly now: () => number
  readonly turnEnd: TurnEnd
}

/** An established connection, and what it took (ms). */
export interface Dialled {
  readonly connecting: number
  readonly tlsHandshaking: number
  /** In k6's words; empty over plain HTTP. */
  readonly tlsVersion: string
  readonly tlsCipherSuite: string
}

/** Told of a socket's life. */
export interface SocketListener {
  onConnected(dialled: Dialled): void
  /** @param bytes valid during the call only: all sockets read into the same memory */
  onBytes(bytes: Buffer): void
  /** Once, when it is over: by an error, or because one side closed. */
  onClosed(error: Error | undefined): void
}

/** Where all sockets of this thread read to: each gives its bytes on before the next one reads. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024)

/** Opens sockets, for all VUs of a worker. */
export class Dialer {
  readonly options: DialOptions

  constructor(options: DialOptions) {
    this.options = options
  }

  dial(target: Target, listener: SocketListener): Socket {
    const { now, insecureSkipTLSVerify, hosts } = this.options
    const place = placeOf(target, hosts)
    const common = {
      ...place,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length: number, buffer: Uint8Array): boolean => {
          listener.onBytes(length === buffer.length ? READ_BUFFER : READ_BUFFER.subarray(0, length))
          return true
        },
      },
    }
    const started = now()
    let connected = started
    let error: Error | undefined
    const secure = target.protocol === 'https:'
    const socket: Socket | TLSSocket = secure
      ? connectTls({
          ...common,
          rejectUnauthorized: !insecureSkipTLSVerify,
          ALPNProtocols: ['http/1.1'],
          ...(isIP(target.hostname) === 0 && { servername: target.hostname }),
        })
      : connect(common)
    const timer = setTimeout(() => socket.destroy(dialTimeout()), DIAL_TIMEOUT_MS)
    socket.on('connect', () => {
      // The handshake of TLS has the request's time, as under k6.
      clearTimeout(timer)
      connected = now()
      if (!secure) established()
    })
    if (secure) socket.on('secureConnect', () => established())
    const established = (): void => {
      listener.onConnected({
        connecting: connected - started,
        tlsHandshaking: secure ? now() - connected : 0,
        tlsVersion: 'getProtocol' in socket ? versionOf(socket) : '',
        tlsCipherSuite: 'getProtocol' in socket ? socket.getCipher().standardName : '',
      })
    }
    socket.on('error', (reason) => {
      error = reason
    })
    socket.on('close', () => {
      clearTimeout(timer)
      listener.onClosed(error)
    })
    return socket
  }
}

function versionOf(socket: TLSSocket): string {
  return (socket.getProtocol() ?? '').replace(/^TLSv1$/, 'tls1.0').replace('TLSv', 'tls')
}

function dialTimeout(): Error {
  return Object.assign(new Error('the connection took too long'), { code: 'ETIMEDOUT' })
}

/** k6's `hosts` option: the connection goes elsewhere, the URL and the server name stay. */
function placeOf(
  { hostname, port }: Target,
  hosts: Readonly<Record<string, string>>,
): { host: string; port: number } {
  const mapped = hosts[`${hostname}:${port}`] ?? hosts[hostname] ?? hosts[wildcardOf(hostname, hosts)]
  if (mapped === undefined) return { host: hostname, port }
  const [, bracketed, plain, mappedPort] = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(mapped) ?? []
  return { host: bracketed ?? plain ?? mapped, port: mappedPort === undefined ? port : Number(mappedPort) }
}

/** The longest `*.example.test` of the hosts that the name ends with; empty when there is none. */
function wildcardOf(hostname: string, hosts: Readonly<Record<string, string>>): string {
  let found = ''
  for (const pattern in hosts) {
    if (!pattern.startsWith('*') || pattern.length <= found.length) continue
    if (hostname.endsWith(pattern.slice(1).toLowerCase())) found = pattern
  }
  return found
}
