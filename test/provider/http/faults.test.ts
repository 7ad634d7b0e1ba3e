import { connect } from 'node:net'
import { expect } from 'chai'
import fc from 'fast-check'
import { CLIENT_ID, TestProvider } from '../support.ts'

describe('faults', () => {
  let provider: TestProvider
  before(async () => {
    provider = await TestProvider.start()
  })
  after(() => provider.close())

  const guest = '{"type":"guest"}'
  const client = { 'x-dw-client-id': CLIENT_ID }

  for (const [what, method, path, status, type] of [
    ['an unknown path', 'GET', '/nothing', 404, 'NotFoundException'],
    ['a path outside of the shop', 'GET', '/s/', 404, 'NotFoundException'],
    ['a path that cannot be decoded', 'GET', '/%zz', 400, 'MalformedParameterException'],
    [
      'an id that is far too long',
      'GET',
      `/customers/${'x'.repeat(2000)}`,
      414,
      'MalformedParameterException',
    ],
    ['an unknown site', 'POST', '/s/Other/dw/shop/v25_6/customers/auth', 404, 'UnknownSiteException'],
    [
      'an unknown version',
      'POST',
      '/s/RefArch/dw/shop/v18_1/customers/auth',
      404,
      'VersionNotFoundException',
    ],
    ['a malformed version', 'POST', '/s/RefArch/dw/shop/25.6/customers/auth', 400, 'InvalidVersionException'],
    ['GET of the endpoint', 'GET', '/customers/auth', 405, 'MethodNotAllowedException'],
    ['PUT of the endpoint', 'PUT', '/customers/auth', 405, 'MethodNotAllowedException'],
    ['HEAD of the endpoint', 'HEAD', '/customers/auth', 405, undefined],
    ['PROPFIND of the endpoint', 'PROPFIND', '/customers/auth', 405, 'MethodNotAllowedException'],
    ['DELETE of a customer', 'DELETE', '/customers/x', 405, 'MethodNotAllowedException'],
    ['GET of the sessions', 'GET', '/sessions', 405, 'MethodNotAllowedException'],
  ] as const) {
    it(`${what}: ${status} ${type ?? ''}`, async () => {
      const { faultType, ...answered } = await provider.send(method, path, client)
      expect([answered.status, faultType]).to.deep.equal([status, type])
      expect(answered.headers.get('content-type')).to.equal('application/json;charset=UTF-8')
      if (status === 405) expect(answered.headers.get('allow')).to.match(/OPTIONS$/)
    })
  }

  it('OPTIONS says what is allowed', async () => {
    const { status, headers } = await provider.send('OPTIONS', '/customers/auth')
    expect([status, headers.get('allow')]).to.deep.equal([204, 'POST, DELETE, OPTIONS'])
  })

  it('are told in one order: version, site, method, client, media type, body', async () => {
    const bad = { 'content-type': 'text/plain' }
    const types = [
      await provider.send('PUT', '/s/Other/dw/shop/25.6/customers/auth', bad, 'x'),
      await provider.send('PUT', '/s/Other/dw/shop/v25_6/customers/auth', bad, 'x'),
      await provider.send('PUT', '/customers/auth', bad, 'x'),
      await provider.send('POST', '/customers/auth', bad, 'x'),
      await provider.send('POST', '/customers/auth', { ...bad, ...client }, 'x'),
      await provider.send('POST', '/customers/auth', client, 'x'),
    ].map(({ faultType }) => faultType)
    expect(types).to.deep.equal([
      'InvalidVersionException',
      'UnknownSiteException',
      'MethodNotAllowedException',
      'MissingClientIdException',
      'UnsupportedContentTypeException',
      'BodyDecodingException',
    ])
  })

  it('have an envelope with the version, the arguments flat, and the date of the provider', async () => {
    const { body, headers } = await provider.authBody('{"type":"gest"}')
    expect(body).to.deep.equal({
      _v: '25.6',
      fault: {
        arguments: { document: 'auth_request', enumValue: 'gest' },
        type: 'EnumConstraintViolationException',
        message: 'Invalid enum value provided.',
      },
    })
    expect(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now())).to.be.lessThan(60_000)
  })

  it('answer a body beyond the limit with 413', async () => {
    const { status, faultType } = await provider.authBody(JSON.stringify({ type: 'x'.repeat(20_000) }))
    expect([status, faultType]).to.deep.equal([413, 'RequestEntityTooLargeException'])
  })

  for (const [what, request, status] of [
    ['bytes that are no HTTP', 'hello\r\n\r\n', 400],
    ['a header that is far too long', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    it(`answer ${what} with ${status} and a document`, async () => {
      const answer = await exchangeRaw(provider.running.port, request)
      const [head = '', body = ''] = answer.split('\r\n\r\n')
      expect(head).to.match(new RegExp(`^HTTP/1.1 ${status} `))
      expect(JSON.parse(body)).to.have.nested.property('fault.type')
    })
  }

  const header = fc.stringMatching(/^[\x20-\x7e]{0,60}$/)
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom('guest', 'credentials', 'session', 'refresh').map((type) => JSON.stringify({ type })),
    fc
      .dictionary(fc.constantFrom('type', '_type', '__proto__', 'constructor'), fc.jsonValue())
      .map((value) => JSON.stringify(value)),
  )

  it('are the answer to whatever is sent: never 5xx, and a token only for a guest', () =>
    fc.assert(
      fc.asyncProperty(
        body,
        fc.record(
          {
            authorization: fc.oneof(
              header,
              header.map((text) => `Basic ${text}`),
              header.map((text) => `Bearer ${text}`),
            ),
            cookie: fc.oneof(
              header,
              header.map((text) => `dwsid=${text}`),
            ),
            'content-type': fc.oneof(header, fc.constant('application/json')),
            'x-dw-client-id': fc.oneof(header, fc.constant(CLIENT_ID)),
          },
          { requiredKeys: [] },
        ),
        async (sent, headers) => {
          const {
            status,
            token,
            faultType,
            body: answer,
          } = await provider.send('POST', '/customers/auth', headers, sent)
          if (status === 200) {
            expect(sent).to.equal(guest)
            expect(token).to.be.a('string')
          } else {
            expect(status).to.be.within(400, 499)
            expect(token).to.equal(undefined)
            expect(faultType).to.match(/^[A-Z]\w+Exception$/)
            expect(answer).to.have.nested.property('fault.message')
          }
        },
      ),
      { numRuns: 400 },
    ))

  it('are the answer to whatever path is asked for', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
        fc.oneof(
          fc.webPath(),
          fc.webPath().map((path) => `/customers${path}`),
        ),
        async (method, path) => {
          const { status, faultType } = await provider.send(method, `/s/RefArch/dw/shop/v25_6${path}`, client)
          expect(status).to.be.within(400, 499)
          expect(faultType).to.match(/Exception$/)
        },
      ),
      { numRuns: 200 },
    ))
})

function exchangeRaw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
