import { createServer as createHttpServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { expect } from 'chai'
import { configSchema } from '../../../src/config/schema.ts'
import { checkReachable } from '../../../src/target/guard/reachable.ts'
import { openTarget } from '../../../src/target/open.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { CERTIFICATE, KEY } from '../../support/shop-certificate.ts'

/** @returns the code that a target is refused with, and what to do; undefined: it is reachable */
async function refusal(baseUrl: string): Promise<{ code: string; remedy: string | undefined } | undefined> {
  const target = await openTarget(configSchema.parse({ target: { baseUrl, timeoutSeconds: 1 } }))
  try {
    await checkReachable(target)
    return undefined
  } catch (error) {
    if (!(error instanceof HarnessError) || error.kind !== 'TARGET') throw error
    return { code: error.code, remedy: error.remedy }
  }
}

describe('what a target is that gives no answer', () => {
  let server: Server
  afterEach(() => server.close())

  async function listen(opened: Server): Promise<string> {
    server = opened
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('20 KB of headers are no obstacle, and half a megabyte is told as that', async () => {
    for (const [bytes, code] of [
      [20_000, undefined],
      [500_000, 'TARGET_HEADERS_TOO_LARGE'],
    ] as const) {
      const host = await listen(
        createHttpServer({ maxHeaderSize: 1_000_000 }, (_, response) =>
          response.writeHead(200, { 'x-policy': 'a'.repeat(bytes) }).end(),
        ),
      )
      expect((await refusal(`http://${host}`))?.code, String(bytes)).to.equal(code)
      server.close()
    }
  })

  it('a port that speaks no HTTP', async () => {
    const host = await listen(
      createTcpServer((socket) => socket.on('error', () => {}).write('220 mail.example ESMTP\r\n')),
    )
    expect(await refusal(`http://${host}`)).to.deep.include({ code: 'TARGET_NOT_HTTP' })
  })

  it('https where the port speaks plain HTTP', async () => {
    const host = await listen(createHttpServer((_, response) => response.end()))
    expect((await refusal(`https://${host}`))?.remedy).to.match(/target\.baseUrl begins with http:/)
  })

  it('http where the port speaks TLS', async () => {
    const host = await listen(createTlsServer({ cert: CERTIFICATE, key: KEY }))
    expect((await refusal(`http://${host}`))?.code).to.be.oneOf(['TARGET_NOT_HTTP', undefined])
  })

  it('a certificate that is not trusted', async () => {
    const host = await listen(createTlsServer({ cert: CERTIFICATE, key: KEY }))
    expect(await refusal(`https://${host}`)).to.deep.include({ code: 'TARGET_CERTIFICATE' })
  })

  it('a name that is not known', async () => {
    await listen(createTcpServer())
    expect(await refusal('http://no-such-host.invalid')).to.deep.include({ code: 'TARGET_NAME_UNKNOWN' })
  })

  it('no answer in time names what may hold it, and the key', async () => {
    const host = await listen(createTcpServer(() => {}))
    expect((await refusal(`http://${host}`))?.remedy).to.match(/name server.*target\.timeoutSeconds/)
  })
})
