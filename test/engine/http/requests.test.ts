import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { type LoneVu, loneVu, tagsOf, totalOf } from '../support/vu.ts'

/** What a request was, as the server saw it. */
interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: string
}

let server: Server
let base: string
let seen: Seen[]
let connections: number
let answer: (request: Seen, response: ServerResponse) => void
const vus: LoneVu[] = []

before(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method, url, headers, rawHeaders } = request
    const what = { method, url, headers, rawHeaders, body }
    seen.push(what)
    answer(what, response)
  })
  server.on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  base = `http://127.0.0.1:${address.port}`
})

beforeEach(() => {
  seen = []
  connections = 0
  answer = (_, response) => response.end('ok')
})

afterEach(async () => {
  for (const vu of vus.splice(0)) await vu.close()
})

after(() => server.close())

/** Runs the body of an iteration, with `http` and `base` at hand; gives what it returns. */
async function run(
  body: string,
  options: Record<string, unknown> = {},
): Promise<{ result: unknown; vu: LoneVu }> {
  const vu = await loneVu(
    `import http from 'k6/http'
     import { check, group } from 'k6'
     import exec from 'k6/execution'
     const base = '${base}'
     export default async () => { ${body} }`,
    options,
  )
  vus.push(vu)
  return { result: await vu.call(), vu }
}

describe('http.asyncRequest', () => {
  it('sends method, path, headers, body and the user agent, and no Accept-Encoding', async () => {
    await run(
      `await http.asyncRequest('POST', base + '/a/b?c=d#e', 'body', { headers: { 'x-dw-client-id': 'id', 'content-length': '999' } })`,
    )
    expect(seen[0]).to.deep.include({ method: 'POST', url: '/a/b?c=d', body: 'body' })
    expect(seen[0]?.headers).to.deep.include({ 'x-dw-client-id': 'id', 'content-length': '4' })
    expect(seen[0]?.headers['user-agent']).to.match(/\S/)
    expect(seen[0]?.headers).not.to.have.property('accept-encoding')
    expect(seen[0]?.rawHeaders).to.include('X-Dw-Client-Id')
  })

  it('sends an object as a form, an ArrayBuffer as it is, and nothing for null', async () => {
    await run(`
      await http.asyncRequest('POST', base, { b: 2, a: 'x y', list: [1, 2] })
      await http.asyncRequest('POST', base, new Uint8Array([104, 105]).buffer)
      await http.asyncRequest('POST', base, null)
    `)
    expect(seen.map(({ body }) => body)).to.deep.equal(['a=x+y&b=2&list=1&list=2', 'hi', ''])
    expect(seen[0]?.headers['content-type']).to.equal('application/x-www-form-urlencoded')
    expect(seen[1]?.headers).not.to.have.property('content-type')
  })

  it('sends the user information of a URL as Basic, and masks it in the tags', async () => {
    const { vu } = await run(`await http.asyncRequest('GET', base.replace('//', '//user:p%40ss@'))`)
    expect(seen[0]?.headers.authorization).to.equal(`Basic ${Buffer.from('user:p@ss').toString('base64')}`)
    expect(JSON.stringify(tagsOf(vu, 'http_reqs')))
      .to.include('****:****@')
      .and.not.include('p%40ss')
  })

  it('shows the response as k6 does', async () => {
    answer = (_, response) => {
      response.writeHead(201, 'Made', [
        ['authorization', 'Bearer x'],
        ['X-Two', 'a'],
        ['x-two', 'b'],
        ['set-cookie', 'one=1; Path=/; HttpOnly; Max-Age=60'],
        ['set-cookie', 'two=2'],
      ])
      response.end('{"data":{"list":[{"id":1},{"id":2}]}}')
    }
    const { result } = await run(`
      const r = await http.asyncRequest('POST', base + '/x', '{"a":1}', { headers: { 'content-type': 'application/json' } })
      return {
        status: r.status, status_text: r.status_text, url: r.url, proto: r.proto, error: r.error, error_code: r.error_code,
        remote_ip: r.remote_ip, remote_port: r.remote_port,
        header: r.headers['Authorization'], lower: r.headers['authorization'], two: r.headers['X-Two'], cookie: r.headers['Set-Cookie'],
        cookies: r.cookies, json: r.json('data.list.1.id'), ids: r.json('data.list.#.id'), count: r.json('data.list.#'), none: r.json('data.nope'),
        timings: Object.keys(r.timings).sort(), duration: r.timings.duration === r.timings.sending + r.timings.waiting + r.timings.receiving,
        request: r.request, keys: Object.keys(JSON.parse(JSON.stringify(r))).length,
      }
    `)
    const port = Number(new URL(base).port)
    expect(result).to.deep.equal({
      status: 201,
      status_text: '201 Made',
      url: `${base}/x`,
      proto: 'HTTP/1.1',
      error: '',
      error_code: 0,
      remote_ip: '127.0.0.1',
      remote_port: port,
      header: 'Bearer x',
      lower: undefined,
      two: 'a, b',
      cookie: 'one=1; Path=/; HttpOnly; Max-Age=60, two=2',
      cookies: {
        one: [
          {
            name: 'one',
            value: '1',
            domain: '',
            path: '/',
            http_only: true,
            secure: false,
            max_age: 60,
            expires: 0,
          },
        ],
        two: [
          {
            name: 'two',
            value: '2',
            domain: '',
            path: '',
            http_only: false,
            secure: false,
            max_age: 0,
            expires: 0,
          },
        ],
      },
      json: 2,
      ids: [1, 2],
      count: 2,
      none: undefined,
      timings: [
        'blocked',
        'connecting',
        'duration',
        'looking_up',
        'receiving',
        'sending',
        'tls_handshaking',
        'waiting',
      ],
      duration: true,
      request: {
        method: 'POST',
        url: `${base}/x`,
        headers: { 'Content-Type': ['application/json'], 'User-Agent': [seen[0]?.headers['user-agent']] },
        body: '{"a":1}',
        cookies: {},
      },
      keys: 16,
    })
  })

  it('gives the body as responseType says, and none with discardResponseBodies', async () => {
    const script = `
      const types = [undefined, 'text', 'binary', 'none']
      const bodies = []
      for (const responseType of types) {
        const { body } = await http.asyncRequest('GET', base, null, responseType ? { responseType } : {})
        bodies.push(body instanceof ArrayBuffer ? body.byteLength : body)
      }
      return bodies
    `
    expect((await run(script)).result).to.deep.equal(['ok', 'ok', 2, null])
    expect((await run(script, { discardResponseBodies: true })).result).to.deep.equal([null, 'ok', 2, null])
  })

  it('throws from json() where the body is no JSON', async () => {
    const { result } = await run(`
      const r = await http.asyncRequest('GET', base)
      try { r.json() } catch (error) { return error.message }
    `)
    expect(result).to.match(/cannot parse json/)
  })

  it('undoes the Content-Encoding of a response, and does that of a request', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync('packed'))
    }
    const { result } = await run(
      `return (await http.asyncRequest('POST', base, 'x'.repeat(1000), { compression: 'gzip' })).body`,
    )
    expect(result).to.equal('packed')
    expect(seen[0]?.headers['content-encoding']).to.equal('gzip')
    expect(Number(seen[0]?.headers['content-length'])).to.be.below(100)
  })

  it('keeps the connection, opens one more for each request at the same moment, and none is left waiting', async () => {
    answer = (_, response) => setTimeout(() => response.end('ok'), 40)
    const { result } = await run(`
      await http.asyncRequest('GET', base)
      await http.asyncRequest('GET', base)
      const before = Date.now()
      const all = await Promise.all([1, 2, 3].map(() => http.asyncRequest('GET', base)))
      return [all.length, Date.now() - before < 115]
    `)
    expect(result).to.deep.equal([3, true])
    expect(connections).to.equal(3)
  })

  it('opens a connection for each request with noConnectionReuse, and for each iteration with noVUConnectionReuse', async () => {
    const script = `await http.asyncRequest('GET', base); await http.asyncRequest('GET', base)`
    await run(script, { noConnectionReuse: true })
    expect(connections).to.equal(2)
    connections = 0
    const { vu } = await run(script, { noVUConnectionReuse: true })
    await vu.call()
    expect(connections).to.equal(2)
  })

  it('counts the bytes that came and went', async () => {
    const { vu } = await run(`await http.asyncRequest('POST', base, 'x'.repeat(1000))`)
    const [sent, received] = [totalOf(vu, 'data_sent'), totalOf(vu, 'data_received')]
    if (sent.type !== 'counter' || received.type !== 'counter') throw new Error('no counters')
    expect(sent.count).to.be.within(1_050, 1_300)
    expect(received.count).to.be.within(50, 300)
  })

  it('refuses what it does not understand', async () => {
    for (const [params, expected] of [
      ['{ timeout: "soon" }', /invalid timeout value: "soon"/],
      ['{ responseType: "xml" }', /responseType must be "text", "binary" or "none"/],
      ['{ auth: "digest" }', /params\.auth "digest" is not supported/],
      ['{ responseCallback: () => true }', /expectedStatuses/],
      ['{ compression: "lzma" }', /unknown compression algorithm lzma/],
    ] as const) {
      const { result } = await run(`return (await http.asyncRequest('POST', base, 'x', ${params})).error`)
      expect(result).to.match(expected)
    }
    expect(seen).to.have.lengthOf(0)
  })

  describe('tags', () => {
    it('are those of the system, and of the request', async () => {
      const { vu } = await run(
        `await http.asyncRequest('GET', base + '/x', null, { tags: { kind: 'a', n: 1 } })`,
      )
      expect(tagsOf(vu, 'http_req_duration')).to.deep.equal([
        {
          expected_response: 'true',
          group: '',
          kind: 'a',
          method: 'GET',
          n: '1',
          name: `${base}/x`,
          proto: 'HTTP/1.1',
          status: '200',
          url: `${base}/x`,
        },
      ])
    })

    it('are those of each request, however like the one before it is', async () => {
      answer = ({ url }, response) => response.writeHead(url === '/none' ? 404 : 200).end()
      const { vu } = await run(`
        const send = (method, path, team) => http.asyncRequest(method, base + path, null, { tags: { team } })
        await send('GET', '/a', 'x')
        await send('POST', '/a', 'x')
        await send('POST', '/b', 'x')
        await send('POST', '/b', 'y')
        await send('POST', '/none', 'y')
      `)
      const shown = tagsOf(vu, 'http_reqs').map(
        ({ method, name, team, status }) => `${method} ${name?.slice(base.length)} ${team} ${status}`,
      )
      expect(shown).to.deep.equal([
        'GET /a x 200',
        'POST /a x 200',
        'POST /b x 200',
        'POST /b y 200',
        'POST /none y 404',
      ])
    })

    it('name replaces the url too', async () => {
      const { vu } = await run(
        `await http.asyncRequest('GET', base + '/17', null, { tags: { name: 'item' } })`,
      )
      expect(tagsOf(vu, 'http_reqs')[0]).to.include({ name: 'item', url: 'item' })
    })

    it('of http.url name the template', async () => {
      const { vu } = await run(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template in the script
        'const id = 17; await http.asyncRequest("GET", http.url`${base}/items/${id}`)',
      )
      expect(seen[0]?.url).to.equal('/items/17')
      // biome-ignore lint/suspicious/noTemplateCurlyInString: k6 writes placeholders so
      expect(tagsOf(vu, 'http_reqs')[0]).to.include({ name: '${}/items/${}' })
    })

    it('of the VU, and of groups', async () => {
      const { vu } = await run(`
        exec.vu.tags['who'] = 'me'
        let inside
        group('outer', () => { group('inner', () => { inside = http.asyncRequest('GET', base) }) })
        await inside
        delete exec.vu.tags['who']
        await http.asyncRequest('GET', base)
      `)
      const [first, second] = tagsOf(vu, 'http_reqs')
      expect(first).to.include({ who: 'me', group: '::outer::inner' })
      expect(second).to.include({ group: '' }).and.not.have.property('who')
    })
  })

  describe('the response callback', () => {
    it('is 200 to 399, or what expectedStatuses says, or none', async () => {
      answer = ({ url }, response) => {
        response.writeHead(Number(url?.slice(1)))
        response.end()
      }
      const { vu } = await run(`
        const get = (status, params) => http.asyncRequest('GET', base + '/' + status, null, params)
        await get(304)
        await get(404)
        await get(404, { responseCallback: null })
        http.setResponseCallback(http.expectedStatuses(404, { min: 500, max: 503 }))
        await get(404)
        await get(503)
        await get(200)
      `)
      const failed = totalOf(vu, 'http_req_failed')
      expect(failed).to.include({ samples: 5, trues: 2 })
      expect(totalOf(vu, 'http_reqs').samples).to.equal(6)
    })
  })

  describe('redirects', () => {
    beforeEach(() => {
      answer = ({ url }, response) => {
        const [, status, to] = /^\/(\d+)\/(.*)$/.exec(url ?? '') ?? []
        if (status === undefined) response.end(`at ${url}`)
        else response.writeHead(Number(status), { location: `/${to}`, 'set-cookie': `c${status}=1` }).end()
      }
    })

    it('are followed, each hop a sample; POST becomes GET but for 307 and 308', async () => {
      const { result, vu } = await run(`
        const one = await http.asyncRequest('POST', base + '/302/end', 'body', { headers: { 'Content-Type': 'text/plain' } })
        const two = await http.asyncRequest('POST', base + '/307/end', 'body')
        return [one.url, one.body, one.request.method, two.body]
      `)
      expect(result).to.deep.equal([`${base}/end`, 'at /end', 'POST', 'at /end'])
      expect(seen.map(({ method, body }) => `${method} ${body}`)).to.deep.equal([
        'POST body',
        'GET ',
        'POST body',
        'POST body',
      ])
      expect(seen[1]?.headers).not.to.have.property('content-type')
      expect(seen[1]?.headers.referer).to.equal(`${base}/302/end`)
      expect(totalOf(vu, 'http_reqs').samples).to.equal(4)
      expect(totalOf(vu, 'http_req_failed')).to.include({ trues: 0 })
    })

    it('end at the limit with the redirect itself', async () => {
      const { result, vu } = await run(`
        const none = await http.asyncRequest('GET', base + '/302/end', null, { redirects: 0 })
        const one = await http.asyncRequest('GET', base + '/301/302/end', null, { redirects: 1 })
        return [none.status, none.error_code, one.status, one.url]
      `)
      expect(result).to.deep.equal([302, 0, 302, `${base}/302/end`])
      expect(totalOf(vu, 'http_reqs').samples).to.equal(3)
    })

    it('are at most maxRedirects, with a warning', async () => {
      const { result, vu } = await run(
        `return (await http.asyncRequest('GET', base + '/301/302/303/end')).url`,
        {
          maxRedirects: 2,
        },
      )
      expect(result).to.equal(`${base}/303/end`)
      expect(vu.lines.join()).to.include('Stopped after 2 redirects')
    })

    it('carry no Proxy-Authorization to another host, and an own Host along a path only', async () => {
      const elsewhere = base.replace('127.0.0.1', 'localhost')
      answer = ({ url }, response) => {
        if (url === '/go') response.writeHead(302, { location: `${elsewhere}/there` }).end()
        else if (url === '/stay') response.writeHead(302, { location: '/here' }).end()
        else response.end()
      }
      await run(`
        const headers = { 'Proxy-Authorization': 'x', Host: 'own.test' }
        await http.asyncRequest('GET', base + '/stay', null, { headers })
        await http.asyncRequest('GET', base + '/go', null, { headers })
      `)
      expect(
        seen.map(({ url, headers }) => [url, headers['proxy-authorization'], headers.host]),
      ).to.deep.equal([
        ['/stay', 'x', 'own.test'],
        ['/here', 'x', 'own.test'],
        ['/go', 'x', 'own.test'],
        ['/there', undefined, elsewhere.replace('http://', '')],
      ])
    })

    it('carry the cookies on, and no Authorization to another host', async () => {
      const elsewhere = base.replace('127.0.0.1', 'localhost')
      answer = ({ url }, response) => {
        if (url === '/go')
          response.writeHead(302, { location: `${elsewhere}/there`, 'set-cookie': 'a=1' }).end()
        else if (url === '/stay') response.writeHead(302, { location: '/here', 'set-cookie': 'b=2' }).end()
        else response.end()
      }
      await run(`
        const headers = { Authorization: 'Bearer secret' }
        await http.asyncRequest('GET', base + '/stay', null, { headers })
        await http.asyncRequest('GET', base + '/go', null, { headers })
      `)
      expect(seen.map(({ url, headers }) => [url, headers.authorization, headers.cookie])).to.deep.equal([
        ['/stay', 'Bearer secret', undefined],
        ['/here', 'Bearer secret', 'b=2'],
        ['/go', 'Bearer secret', 'b=2'],
        ['/there', undefined, undefined],
      ])
    })
  })

  describe('cookies', () => {
    beforeEach(() => {
      answer = (_, response) =>
        response.writeHead(200, { 'set-cookie': ['a=1; Path=/', 's=2; Path=/; Secure'] }).end()
    })

    it('come back within an iteration, not in the next one; a Secure one over plain HTTP to loopback too', async () => {
      const { vu } = await run(`await http.asyncRequest('GET', base); await http.asyncRequest('GET', base)`)
      await vu.call()
      expect(seen.map(({ headers }) => headers.cookie)).to.deep.equal([
        undefined,
        'a=1; s=2',
        undefined,
        'a=1; s=2',
      ])
    })

    it('stay with noCookiesReset', async () => {
      const { vu } = await run(`await http.asyncRequest('GET', base)`, { noCookiesReset: true })
      await vu.call()
      expect(seen.map(({ headers }) => headers.cookie)).to.deep.equal([undefined, 'a=1; s=2'])
    })

    it('of the request come before those of the jar, and replace them where they say so', async () => {
      await run(`
        await http.asyncRequest('GET', base)
        await http.asyncRequest('GET', base, null, { cookies: { a: 'own', b: 'x' } })
        await http.asyncRequest('GET', base, null, { cookies: { a: { value: 'own', replace: true } } })
        await http.asyncRequest('GET', base, null, { headers: { Cookie: 'raw=1' } })
      `)
      expect(seen.map(({ headers }) => headers.cookie)).to.deep.equal([
        undefined,
        'a=own; b=x; a=1; s=2',
        'a=own; s=2',
        'raw=1; a=1; s=2',
      ])
    })

    it('live in the jar of the VU, or in a jar of the script', async () => {
      const { result } = await run(`
        const own = new http.CookieJar()
        await http.asyncRequest('GET', base, null, { jar: own })
        const jar = http.cookieJar()
        const first = [own.cookiesForURL(base), jar.cookiesForURL(base)]
        jar.set(base, 'mine', 'yes', { path: '/p' })
        jar.set(base, 'gone', 'x')
        jar.delete(base, 'gone')
        await http.asyncRequest('GET', base + '/p')
        jar.clear(base)
        return [...first, jar.cookiesForURL(base)]
      `)
      expect(result).to.deep.equal([{ a: ['1'], s: ['2'] }, {}, {}])
      expect(seen[1]?.headers.cookie).to.equal('mine=yes')
    })
  })
})
