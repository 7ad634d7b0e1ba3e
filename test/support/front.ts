import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { CERTIFICATE, KEY } from './shop-certificate.ts'

export interface Front {
  /** Through which `shop.test` is reached, and nothing else. */
  readonly proxyUrl: string
  /** `METHOD path` of every request that passed the firewall. */
  readonly requests: string[]
  /** How often the proxy was asked for a tunnel. */
  tunnels(): number
  close(): Promise<void>
}

export const PASS = 'pass-of-the-firewall'

/**
 * What real deployments stand behind: a proxy that alone knows the name `shop.test`, TLS of a private authority, a
 * firewall that asks for a header, and a path before that of the shop.
 * @param baseUrl of the provider that all of it leads to
 */
export async function openFront(baseUrl: string, prefix: string): Promise<Front> {
  const requests: string[] = []
  let tunnels = 0
  const shop = createTlsServer({ cert: CERTIFICATE, key: KEY }, (incoming, outgoing) => {
    if (incoming.headers['x-firewall-pass'] !== PASS) {
      outgoing.writeHead(403, { 'content-type': 'text/html' }).end('<h1>who are you?</h1>')
      return
    }
    const path = (incoming.url ?? '').startsWith(prefix) ? incoming.url?.slice(prefix.length) : undefined
    if (path === undefined) {
      outgoing.writeHead(404).end()
      return
    }
    requests.push(`${incoming.method} ${incoming.url}`)
    forward(incoming, outgoing, `${baseUrl}${path}`)
  })
  await listen(shop)
  const proxy = createServer((_, response) => response.writeHead(405).end())
  proxy.on('connect', (asked, client) => {
    tunnels++
    if (asked.url !== 'shop.test:443') {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const upstream = connect(portOf(shop), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [upstream, client]) socket.on('error', () => socket.destroy())
  })
  await listen(proxy)
  return {
    proxyUrl: `http://127.0.0.1:${portOf(proxy)}`,
    requests,
    tunnels: () => tunnels,
    async close() {
      for (const server of [proxy, shop]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, url: string): void {
  const { host: _, ...headers } = incoming.headers
  const upstream = request(url, { method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(outgoing)
  })
  upstream.on('error', () => outgoing.destroy())
  incoming.pipe(upstream)
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
