import { expect } from 'chai'
import fc from 'fast-check'
import { Broker } from '../../src/broker/broker.ts'
import { connect, linkOf, request } from '../../src/broker/http.ts'
import { errorOf, type StubBroker, startStubBroker } from './stub-broker.ts'

describe('a request to the broker', () => {
  let stub: StubBroker
  beforeEach(async () => {
    stub = await startStubBroker()
  })
  afterEach(() => stub.close())

  it('carries the credentials', async () => {
    await connect(stub.broker)
    expect(stub.requests.map(({ path, headers }) => [path, headers.authorization])).to.deep.equal([
      ['/', 'Bearer s3cret-token'],
    ])
  })

  for (const [what, answer, kind, code] of [
    ['a refused token', { status: 401 }, 'CONFIG', 'BROKER_CREDENTIALS_REFUSED'],
    ['a user who may not', { status: 403 }, 'CONFIG', 'BROKER_CREDENTIALS_REFUSED'],
    ['no such page', { status: 404, body: '<html>' }, 'CONFIG', 'BROKER_URL_WRONG'],
    ['a page that is no broker', { status: 200, body: '<html>' }, 'CONFIG', 'BROKER_URL_WRONG'],
    ['JSON that is no broker', { status: 200, body: { _links: {} } }, 'CONFIG', 'BROKER_URL_WRONG'],
    [
      'a redirect',
      { status: 301, headers: { location: 'https://elsewhere/' } },
      'CONFIG',
      'BROKER_URL_WRONG',
    ],
    ['a failure of the broker', { status: 503, body: 'busy' }, 'TARGET', 'BROKER_FAILED'],
    ['any other refusal', { status: 418, body: { error: 'teapot' } }, 'TARGET', 'BROKER_REFUSED'],
  ] as const) {
    it(`tells ${what} apart`, async () => {
      stub.answers['GET /'] = answer
      const error = await errorOf(() => connect(stub.broker))
      expect(error).to.include({ name: 'HarnessError', kind, code })
      expect(error).to.have.property('message').that.includes(stub.url)
      expect(`${error}`).to.not.include('s3cret-token')
    })
  }

  it('asks for credentials where it has none', async () => {
    stub.answers['GET /'] = { status: 401 }
    const error = await errorOf(() => connect(new Broker(stub.url, { kind: 'none' })))
    expect(error).to.include({ code: 'BROKER_CREDENTIALS_REFUSED' })
    expect(error).to.have.property('message').that.includes('wants credentials')
  })

  it('fails on a broker that is down', async () => {
    await stub.close()
    const error = await errorOf(() => connect(stub.broker))
    expect(error).to.include({ kind: 'TARGET', code: 'BROKER_UNREACHABLE' })
    expect(error).to.have.property('message').that.includes('ECONNREFUSED')
  })

  it('is sent twice where the broker failed, and once where it answered or sending twice would do harm', async () => {
    const paths = ['GET /broken', 'PUT /broken', 'POST /broken', 'GET /missing'] as const
    for (const path of paths.slice(0, 3)) stub.answers[path] = { status: 502 }
    for (const path of paths) {
      const [method, href] = path.split(' ') as ['GET' | 'PUT' | 'POST', string]
      await errorOf(() => request(stub.broker, stub.url + href, { method }))
    }
    const sent = paths.map((path) => stub.requests.filter((r) => `${r.method} ${r.path}` === path).length)
    expect(sent).to.deep.equal([2, 2, 1, 1])
  })

  it('keeps the credentials from any other server', async () => {
    const other = await startStubBroker()
    try {
      const error = await errorOf(() => request(stub.broker, `${other.url}/pacts`))
      expect(error).to.include({ kind: 'CONFIG', code: 'BROKER_LINK_ELSEWHERE' })
      expect(other.requests).to.deep.equal([])
    } finally {
      await other.close()
    }
  })
})

describe('a link of the broker', () => {
  it('holds any value, escaped so that it stays one part of the path', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (value) => {
        const document = { _links: { rel: { href: 'http://b/x/{name}/y' } } }
        const path = new URL(linkOf(document, 'rel', { name: value }) ?? '').pathname
        // "." and ".." are parts that a URL drops.
        fc.pre(!/^\.{1,2}$/.test(value))
        expect(decodeURIComponent(path.split('/')[2] ?? '')).to.equal(value)
        expect(path.split('/')).to.have.length(4)
      }),
    )
  })

  it('is absent where the document has none', () => {
    expect(linkOf({ _links: { rel: [{ href: 'http://b' }] } }, 'rel')).to.equal(undefined)
    expect(linkOf({ _links: {} }, 'rel')).to.equal(undefined)
  })
})
