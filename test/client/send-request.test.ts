import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { AbortError, InvalidRequestError, NetworkError, TimeoutError } from '../../src/client/errors.ts'
import { sendRequest } from '../../src/client/send-request.ts'
import type { Exchange } from '../../src/verdict/evidence.ts'
import { LocalServer, rejection } from './local-server.ts'

describe('sendRequest', () => {
  let server: LocalServer
  beforeEach(async () => {
    server = await new LocalServer().start()
  })
  afterEach(() => server.stop())

  it('sends a body as it is, without a content type of its own', async () => {
    await sendRequest({ method: 'POST', url: `${server.url}/a?b=c`, body: '{"type": ' })
    expect(server.last).to.include({ method: 'POST', url: '/a?b=c', body: '{"type": ' })
    expect(server.last.headers).not.to.have.property('content-type')
  })

  it('sends bytes that are no text', async () => {
    let length = -1
    server.handler = (response, { headers }) => {
      length = Number(headers['content-length'])
      response.end()
    }
    await sendRequest({ method: 'POST', url: server.url, body: new Uint8Array([0xff, 0xfe, 0x00]) })
    expect(length).to.equal(3)
  })

  it('sends cookies, repeated headers as several lines, and no header that is null or undefined', async () => {
    await sendRequest({
      method: 'GET',
      url: server.url,
      headers: { Cookie: 'dwsid=a', 'X-Twice': ['1', '2'], 'x-null': null, 'x-undefined': undefined },
    })
    const { rawHeaders } = server.last
    const lines = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[index + 1]}`] : [],
    )
    expect(lines).to.include.members(['cookie: dwsid=a', 'x-twice: 1', 'x-twice: 2'])
    expect(lines.join()).not.to.match(/x-null|x-undefined/)
  })

  it('gives the Set-Cookie lines one by one and any header in any case', async () => {
    server.handler = (response) => {
      response.writeHead(204, {
        'Set-Cookie': ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'],
        'X-Some': 'ü',
      })
      response.end()
    }
    const answer = await sendRequest({ method: 'GET', url: server.url })
    expect(answer.status).to.equal(204)
    expect(answer.setCookies).to.deep.equal(['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT', 'b=2'])
    expect(answer.headers.get('x-SOME')).to.be.a('string')
  })

  it('does not follow a redirect', async () => {
    server.handler = (response) => response.writeHead(302, { location: '/elsewhere' }).end()
    expect(await sendRequest({ method: 'GET', url: server.url })).to.include({ status: 302 })
    expect(server.received).to.have.length(1)
  })

  it('answers a status of the server as it is', async () => {
    server.handler = (response) => response.writeHead(503).end('over capacity')
    expect(await sendRequest({ method: 'GET', url: server.url })).to.include({
      status: 503,
      body: 'over capacity',
    })
  })

  describe('fails', () => {
    it('with NETWORK where nobody listens', async () => {
      const { url } = server
      await server.stop()
      const error = await rejection(sendRequest({ method: 'GET', url }))
      await server.start()
      expect(error).to.be.instanceOf(NetworkError).and.include({ code: 'NETWORK', reason: 'ECONNREFUSED' })
    })

    it('with NETWORK where the connection ends inside the answer', async () => {
      server.handler = (response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('half')
        setImmediate(() => response.destroy())
      }
      expect(await rejection(sendRequest({ method: 'GET', url: server.url })))
        .to.be.instanceOf(NetworkError)
        .and.include({ code: 'NETWORK', reason: 'UND_ERR_SOCKET' })
    })

    it('with NETWORK where the answer is no HTTP', async () => {
      const garbage = await tcpServer('SSH-2.0-OpenSSH\r\n')
      const error = await rejection(sendRequest({ method: 'GET', url: garbage.url }))
      garbage.server.close()
      expect(error).to.be.instanceOf(NetworkError).and.have.property('reason').that.equals('HTTPParserError')
    })

    it('with NETWORK where the answer is larger than any document', async () => {
      server.handler = (response) => response.end('x'.repeat(9 * 1024 * 1024))
      expect(await rejection(sendRequest({ method: 'GET', url: server.url })))
        .to.be.instanceOf(NetworkError)
        .and.include({ reason: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' })
    })

    it('with TIMEOUT where no answer comes in time', async () => {
      server.handler = () => {}
      expect(await rejection(sendRequest({ method: 'GET', url: server.url, timeoutMs: 50 })))
        .to.be.instanceOf(TimeoutError)
        .and.include({ code: 'TIMEOUT', timeoutMs: 50 })
    })

    it('with TIMEOUT where the body stops coming', async () => {
      server.handler = (response) => {
        response.writeHead(200)
        response.write('half')
      }
      expect(
        await rejection(sendRequest({ method: 'GET', url: server.url, timeoutMs: 100 })),
      ).to.be.instanceOf(TimeoutError)
    })

    it('with ABORTED, and the reason, where the caller aborts under way', async () => {
      const controller = new AbortController()
      server.handler = () => controller.abort('enough')
      const error = await rejection(
        sendRequest({ method: 'GET', url: server.url, signal: controller.signal }),
      )
      expect(error)
        .to.be.instanceOf(AbortError)
        .and.include({ name: 'AbortError', code: 'ABORTED', cause: 'enough' })
    })

    it('with ABORTED, and sends nothing, where the signal was aborted before', async () => {
      const error = await rejection(
        sendRequest({ method: 'GET', url: server.url, signal: AbortSignal.abort() }),
      )
      expect(error).to.be.instanceOf(AbortError)
      expect(server.received).to.have.length(0)
    })

    for (const [what, broken] of [
      ['a URL', { url: 'not a url' }],
      ['a scheme', { url: 'ftp://127.0.0.1/' }],
      ['a header', { headers: { 'x-a': 'a\r\nx-b: b' } }],
      ['a header name', { headers: { 'x a': 'a' } }],
      ['a method', { method: 'G T' }],
      ['a time', { timeoutMs: -1 }],
    ] as const) {
      it(`with INVALID_REQUEST for ${what} that HTTP does not allow`, async () => {
        const error = await rejection(sendRequest({ method: 'GET', url: server.url, ...broken }))
        expect(error).to.be.instanceOf(InvalidRequestError).and.include({ code: 'INVALID_REQUEST' })
        expect(server.received).to.have.length(0)
      })
    }
  })

  describe('records', () => {
    const secret = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'

    it('one exchange for an answer, redacted', async () => {
      server.handler = (response) =>
        response
          .writeHead(200, { authorization: `Bearer ${secret}`, 'set-cookie': ['dwsid=s1', 'b=s2; Path=/'] })
          .end(`{"token":"${secret}"}`)
      const exchanges: Exchange[] = []
      await sendRequest({
        method: 'POST',
        url: server.url,
        headers: { Authorization: 'Basic bG9naW46cGFzcw==', cookie: 'dwsid=s3' },
        body: '{"password":"hunter2"}',
        onExchange: (exchange) => exchanges.push(exchange),
      })
      expect(exchanges).to.have.length(1)
      expect(JSON.stringify(exchanges)).not.to.match(/eyJ|bG9n|hunter2|=s\d/)
      expect(exchanges[0]?.response).to.deep.include({ status: 200, body: '{"token":"[redacted]"}' })
      expect(exchanges[0]?.response?.headers).to.include({
        'set-cookie': 'dwsid=[redacted], b=[redacted]; Path=/',
      })
      expect(exchanges[0]?.request.headers).to.include({ authorization: 'Basic [redacted]' })
      expect(exchanges[0]?.durationMs).to.be.greaterThan(0)
    })

    it('one exchange for a failure, with its code', async () => {
      server.handler = (response) => response.destroy()
      const exchanges: Exchange[] = []
      await rejection(
        sendRequest({ method: 'GET', url: server.url, onExchange: (exchange) => exchanges.push(exchange) }),
      )
      expect(exchanges).to.have.length(1)
      expect(exchanges[0]).not.to.have.property('response')
      expect(exchanges[0]?.error).to.include({ code: 'NETWORK' })
    })
  })
})

async function tcpServer(answer: string): Promise<{ server: Server; url: string }> {
  const server = createServer((socket) => socket.end(answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, url: `http://127.0.0.1:${address.port}` }
}
