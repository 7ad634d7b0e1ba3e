import { createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { type LoneVu, loneVu, tagsOf, totalOf } from '../support/vu.ts'

/** What a test server does with a connection. */
type Behaviour = (socket: Socket) => void

const servers: Server[] = []
const sockets = new Set<Socket>()
const vus: LoneVu[] = []

async function listen(behave: Behaviour): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    behave(socket)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Once a request has come. */
const onRequest =
  (act: Behaviour): Behaviour =>
  (socket) =>
    socket.once('data', () => act(socket))

interface Outcome {
  readonly status: number
  readonly error_code: number
  readonly error: string
  readonly body: string | null
}

/** One request to the port; and what the engine made of it. */
async function request(
  port: number,
  params = '{}',
  scheme = 'http',
): Promise<{ outcome: Outcome; vu: LoneVu }> {
  const vu = await loneVu(`
    import http from 'k6/http'
    export default async () => {
      const { status, error_code, error, body } = await http.asyncRequest('GET', '${scheme}://127.0.0.1:${port}/', null, ${params})
      return { status, error_code, error, body }
    }
  `)
  vus.push(vu)
  return { outcome: (await vu.call()) as Outcome, vu }
}

function duration(vu: LoneVu): number {
  const sink = totalOf(vu, 'http_req_duration')
  if (sink.type !== 'trend') throw new Error('not a trend')
  expect(sink.samples).to.equal(1)
  return sink.histogram.max
}

/** k6 counts each as one failed request. */
function expectCounted(vu: LoneVu, code: number): void {
  const failed = totalOf(vu, 'http_req_failed')
  expect(failed).to.include({ samples: 1, trues: 1 })
  expect(totalOf(vu, 'http_reqs')).to.include({ count: 1 })
  expect(tagsOf(vu, 'http_reqs')[0]).to.include({ error_code: String(code), expected_response: 'false' })
}

describe('requests that fail, as k6 shows them', () => {
  afterEach(async () => {
    for (const vu of vus.splice(0)) await vu.close()
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    for (const server of servers.splice(0)) server.close()
  })

  it('connection refused: 1212, 0 ms', async () => {
    const port = await listen(() => {})
    const server = servers.pop()
    await new Promise((resolve) => server?.close(resolve))
    const { outcome, vu } = await request(port)
    expect(outcome).to.deep.equal({
      status: 0,
      error_code: 1212,
      error: 'dial: connection refused',
      body: null,
    })
    expect(duration(vu)).to.equal(0)
    expectCounted(vu, 1212)
  })

  it('a name that does not exist, or that nobody answers for: 1101 or 1100, 0 ms', async () => {
    const vu = await loneVu(`
      import http from 'k6/http'
      export default async () => (await http.asyncRequest('GET', 'http://no-such-host.invalid/')).error_code
    `)
    vus.push(vu)
    const code = await vu.call()
    expect(code).to.be.oneOf([1100, 1101])
    expect(duration(vu)).to.equal(0)
    expectCounted(vu, Number(code))
  })

  it('TLS to a port that speaks none: 1300, 0 ms', async () => {
    const port = await listen((socket) =>
      socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    const { outcome, vu } = await request(port, '{}', 'https')
    expect(outcome).to.include({ status: 0, error_code: 1300 })
    expect(duration(vu)).to.equal(0)
  })

  it('no answer within the timeout: 1050, the timeout', async () => {
    const port = await listen(onRequest(() => {}))
    const { outcome, vu } = await request(port, '{ timeout: 150 }')
    expect(outcome).to.deep.equal({ status: 0, error_code: 1050, error: 'request timeout', body: null })
    expect(duration(vu)).to.be.at.least(100)
    expectCounted(vu, 1050)
  })

  it('an answer that stalls in its body: 1050', async () => {
    const port = await listen(
      onRequest((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')),
    )
    const { outcome, vu } = await request(port, '{ timeout: "150ms" }')
    expect(outcome).to.include({ status: 0, error_code: 1050 })
    expectCounted(vu, 1050)
  })

  it('a reset before the answer: 1220', async () => {
    const port = await listen(onRequest((socket) => socket.resetAndDestroy()))
    const { outcome, vu } = await request(port)
    expect(outcome).to.include({ status: 0, error_code: 1220, error: 'read: connection reset by peer' })
    expectCounted(vu, 1220)
  })

  it('a reset in the middle of the body: 1220, and the part that came', async () => {
    const port = await listen(
      onRequest((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')
        setTimeout(() => socket.resetAndDestroy(), 30)
      }),
    )
    const { outcome, vu } = await request(port)
    expect(outcome).to.include({ status: 0, error_code: 1220, body: 'abc' })
    expectCounted(vu, 1220)
  })

  it('the end before the answer: 1000', async () => {
    const port = await listen(onRequest((socket) => socket.end()))
    const { outcome, vu } = await request(port)
    expect(outcome).to.include({ status: 0, error_code: 1000, error: 'EOF' })
    expectCounted(vu, 1000)
  })

  it('the end in the middle of the body: 1000', async () => {
    const port = await listen(
      onRequest((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')),
    )
    const { outcome } = await request(port)
    expect(outcome).to.include({ status: 0, error_code: 1000, error: 'unexpected EOF' })
  })

  it('the end in the middle of a chunked body: 1000', async () => {
    const port = await listen(
      onRequest((socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc')),
    )
    const { outcome } = await request(port)
    expect(outcome).to.include({ status: 0, error_code: 1000 })
  })

  it('garbage: 1000', async () => {
    const port = await listen(onRequest((socket) => socket.end('what?\r\n\r\n')))
    const { outcome, vu } = await request(port)
    expect(outcome).to.include({ status: 0, error_code: 1000 })
    expect(outcome.error).to.include('malformed HTTP response')
    expectCounted(vu, 1000)
  })

  it('an answer that nobody asked for ends the connection, and stands for no other request', async () => {
    let connections = 0
    const port = await listen((socket) => {
      connections++
      const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${body}`
      socket.on('data', () => socket.write(answer('a') + answer('b')))
    })
    const vu = await loneVu(`
      import http from 'k6/http'
      export default async () => {
        const get = () => http.asyncRequest('GET', 'http://127.0.0.1:${port}/')
        return [(await get()).body, (await get()).body]
      }
    `)
    vus.push(vu)
    expect(await vu.call()).to.deep.equal(['a', 'a'])
    expect(connections).to.equal(2)
  })

  it('an answer that comes after the timeout stands for no other request', async () => {
    let requests = 0
    const port = await listen((socket) => {
      socket.on('data', () => {
        const body = requests++ === 0 ? 'late' : 'next'
        const answer = () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n${body}`)
        setTimeout(answer, body === 'late' ? 120 : 200)
      })
    })
    const vu = await loneVu(`
      import http from 'k6/http'
      export default async () => {
        const get = (params) => http.asyncRequest('GET', 'http://127.0.0.1:${port}/', null, params)
        return [(await get({ timeout: 60 })).error_code, (await get()).body]
      }
    `)
    vus.push(vu)
    expect(await vu.call()).to.deep.equal([1050, 'next'])
  })

  it('a body that is not what Content-Encoding says: 1701', async () => {
    const port = await listen(
      onRequest((socket) =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc'),
      ),
    )
    const { outcome } = await request(port)
    expect(outcome).to.include({ status: 0, error_code: 1701 })
  })

  it('404 and 500: 1000 plus the status; failed', async () => {
    for (const status of [404, 500]) {
      const port = await listen(
        onRequest((socket) => socket.end(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`)),
      )
      const { outcome, vu } = await request(port)
      expect(outcome).to.include({ status, error_code: 1000 + status, error: '' })
      expectCounted(vu, 1000 + status)
    }
  })

  it('a status that is expected: the code stays, and it has not failed', async () => {
    const port = await listen(
      onRequest((socket) => socket.end('HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n')),
    )
    const { outcome, vu } = await request(port, '{ responseCallback: http.expectedStatuses(401) }')
    expect(outcome).to.include({ status: 401, error_code: 1401 })
    expect(totalOf(vu, 'http_req_failed')).to.include({ samples: 1, trues: 0 })
    expect(tagsOf(vu, 'http_reqs')[0]).to.include({ error_code: '1401', expected_response: 'true' })
  })

  it('a URL that is none: 1020, nothing counted, a warning', async () => {
    const vu = await loneVu(`
      import http from 'k6/http'
      export default async () => {
        const { status, error_code } = await http.asyncRequest('GET', 'no url')
        return { status, error_code }
      }
    `)
    vus.push(vu)
    expect(await vu.call()).to.deep.equal({ status: 0, error_code: 1020 })
    expect(totalOf(vu, 'http_reqs').samples).to.equal(0)
    expect(vu.lines.join()).to.include('invalid URL')
  })

  it('rejects instead where throw is set', async () => {
    const port = await listen(onRequest((socket) => socket.end()))
    const vu = await loneVu(`
      import http from 'k6/http'
      const get = (params) => http.asyncRequest('GET', 'http://127.0.0.1:${port}/', null, params)
      export default async () => get({ throw: true }).then(() => 'resolved', (error) => error.message)
    `)
    vus.push(vu)
    expect(await vu.call()).to.equal('EOF')
    expect(totalOf(vu, 'http_req_failed')).to.include({ trues: 1 })
  })

  it('opens a new connection after each, and goes on', async () => {
    let connections = 0
    const port = await listen((socket) => {
      connections++
      socket.once('data', () => {
        if (connections === 1) socket.resetAndDestroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const vu = await loneVu(`
      import http from 'k6/http'
      export default async () => {
        const get = () => http.asyncRequest('GET', 'http://127.0.0.1:${port}/')
        return [(await get()).error_code, (await get()).body]
      }
    `)
    vus.push(vu)
    expect(await vu.call()).to.deep.equal([1220, 'ok'])
    expect(connections).to.equal(2)
  })
})
