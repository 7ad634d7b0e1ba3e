import { createServer, type Server } from 'node:https'
import { expect } from 'chai'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import { type LoneVu, loneVu, tagsOf, totalOf } from '../support/vu.ts'

let server: Server
let port: number
let connections: number
let servernames: (string | false | null | undefined)[]
const vus: LoneVu[] = []

before(async () => {
  server = createServer({ cert: CERTIFICATE, key: KEY }, (_, response) => response.end('secret'))
  server.on('secureConnection', (socket) => {
    connections++
    servernames.push(socket.servername)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  port = address.port
})

beforeEach(() => {
  connections = 0
  servernames = []
})

afterEach(async () => {
  for (const vu of vus.splice(0)) await vu.close()
})

after(() => {
  server.closeAllConnections()
  server.close()
})

async function get(host: string, options: Record<string, unknown>) {
  const vu = await loneVu(
    `import http from 'k6/http'
     export default async () => {
       await http.asyncRequest('GET', 'https://${host}:${port}/')
       const { status, body, error, error_code, tls_version, tls_cipher_suite, timings } = await http.asyncRequest('GET', 'https://${host}:${port}/')
       return { status, body, error, error_code, tls_version, tls_cipher_suite, handshake: timings.tls_handshaking }
     }`,
    options,
  )
  vus.push(vu)
  return { vu, outcome: (await vu.call()) as Record<string, unknown> }
}

describe('requests over TLS', () => {
  it('are made on a connection that is kept, whose version and cipher the response tells', async () => {
    const { vu, outcome } = await get('127.0.0.1', { insecureSkipTLSVerify: true })
    expect(outcome).to.include({ status: 200, body: 'secret', tls_version: 'tls1.3', handshake: 0 })
    expect(outcome.tls_cipher_suite).to.match(/^TLS_/)
    expect(connections).to.equal(1)
    expect(tagsOf(vu, 'http_reqs')[0]).to.include({ tls_version: 'tls1.3' })
    const handshakes = totalOf(vu, 'http_req_tls_handshaking')
    if (handshakes.type !== 'trend') throw new Error('not a trend')
    expect(handshakes.histogram.max).to.be.above(0)
  })

  it('fail with 1310 where the certificate is of no known authority', async () => {
    const { outcome } = await get('127.0.0.1', {})
    expect(outcome).to.include({ status: 0, error_code: 1310, error: 'x509: unknown authority' })
  })

  it('go where the option hosts says, under the name of the URL', async () => {
    const { outcome } = await get('shop.test', {
      insecureSkipTLSVerify: true,
      hosts: { 'shop.test': '127.0.0.1' },
    })
    expect(outcome).to.include({ status: 200 })
    expect(servernames).to.deep.equal(['shop.test'])
  })
})
