import { expect } from 'chai'
import fc from 'fast-check'
import { CustomersClient, type ICustomersClient } from '../../src/client/customers-client.ts'
import { FaultError, InvalidAnswerError, InvalidRequestError, TimeoutError } from '../../src/client/errors.ts'
import type { PoqResponse } from '../../src/client/poq-response.ts'
import type { Customer } from '../../src/ocapi/customer.ts'
import type { Exchange } from '../../src/verdict/evidence.ts'
import { answerJson, LocalServer, rejection } from './local-server.ts'

const guest = {
  _v: '25.6',
  _type: 'customer',
  auth_type: 'guest',
  customer_id: 'abJ6p0Wl4kRYqCZrEbtgYwuR1F',
  preferred_locale: 'en_US',
  visit_id: '9d1e8f7a6b5c4d3e2f1a0b9c8d',
}

describe('CustomersClient', () => {
  let server: LocalServer
  let client: ICustomersClient
  let exchanges: Exchange[]
  beforeEach(async () => {
    server = await new LocalServer().start()
    server.handler = answerJson(200, guest, { Authorization: 'Bearer a.b.c' })
    exchanges = []
    client = new CustomersClient({
      shopUrl: `${server.url}/s/RefArch/dw/shop/v25_6`,
      clientId: 'client',
      onExchange: (exchange) => exchanges.push(exchange),
    })
  })
  afterEach(() => server.stop())

  describe('postCustomersAuth', () => {
    it('posts the document with the client id and answers the customer, the status, the headers and the token', async () => {
      const answer: PoqResponse<Customer> = await client.postCustomersAuth({ type: 'guest' })
      expect(answer).to.deep.include({ status: 200, data: guest, token: 'a.b.c' })
      expect(answer.headers.get('AUTHORIZATION')).to.equal('Bearer a.b.c')
      expect(server.last).to.include({
        method: 'POST',
        url: '/s/RefArch/dw/shop/v25_6/customers/auth',
        body: '{"type":"guest"}',
      })
      expect(server.last.headers).to.include({
        'x-dw-client-id': 'client',
        'content-type': 'application/json',
      })
      expect(server.last.headers).not.to.have.property('authorization')
    })

    it('sends the authorization that it is given', async () => {
      await client.postCustomersAuth({ type: 'credentials' }, 'Basic YTpi')
      expect(server.last.headers).to.include({ authorization: 'Basic YTpi' })
      await client.postCustomersAuth({ type: 'refresh' }, 'Bearer a.b.c')
      expect(server.last.headers).to.include({ authorization: 'Bearer a.b.c' })
    })

    it('lets options override any header, in any case, and remove one', async () => {
      await client.postCustomersAuth({ type: 'session' }, 'Basic YTpi', {
        headers: {
          Cookie: 'dwsid=x',
          'CONTENT-type': 'text/plain',
          AUTHORIZATION: 'Basic Yjpj',
          'X-DW-client-id': null,
        },
      })
      expect(server.last.headers).to.include({
        cookie: 'dwsid=x',
        'content-type': 'text/plain',
        authorization: 'Basic Yjpj',
      })
      expect(server.last.headers).not.to.have.property('x-dw-client-id')
    })

    it('takes the time-out of the options over its own', async () => {
      server.handler = () => {}
      const error = await rejection(client.postCustomersAuth({ type: 'guest' }, undefined, { timeoutMs: 50 }))
      expect(error).to.be.instanceOf(TimeoutError).and.include({ timeoutMs: 50 })
    })

    it('takes its own time-out where the options give none', async () => {
      server.handler = () => {}
      const quick = new CustomersClient({ shopUrl: server.url, timeoutMs: 40 })
      expect(await rejection(quick.postCustomersAuth({ type: 'guest' }))).to.include({ timeoutMs: 40 })
    })

    it('takes the signal of the options', async () => {
      const error = await rejection(
        client.postCustomersAuth({ type: 'guest' }, undefined, { signal: AbortSignal.abort() }),
      )
      expect(error).to.include({ code: 'ABORTED' })
    })

    it('gives several Set-Cookie lines one by one', async () => {
      server.handler = answerJson(200, guest, { 'Set-Cookie': ['a=1', 'b=2'] })
      const { headers } = await client.postCustomersAuth({ type: 'guest' })
      expect(headers.getSetCookie()).to.deep.equal(['a=1', 'b=2'])
    })

    it('keeps members that it does not know', async () => {
      server.handler = answerJson(200, { ...guest, c_points: 7 })
      expect((await client.postCustomersAuth({ type: 'guest' })).data).to.include({ c_points: 7 })
    })
  })

  describe('rejects a fault', () => {
    for (const [how, given] of [
      ['flat', { document: 'auth_request', enumValue: 'x' }],
      [
        'typed',
        { document: { type: 'string', value: 'auth_request' }, enumValue: { type: 'string', value: 'x' } },
      ],
    ] as const) {
      it(`with status, type, message and ${how} arguments`, async () => {
        const fault = { type: 'EnumConstraintViolationException', message: 'no such value', arguments: given }
        server.handler = answerJson(400, { _v: '25.6', fault })
        const error = await rejection(client.postCustomersAuth({ type: 'guest' }))
        expect(error)
          .to.be.instanceOf(FaultError)
          .and.deep.include({
            name: 'FaultError',
            code: 'FAULT',
            status: 400,
            type: 'EnumConstraintViolationException',
            faultMessage: 'no such value',
            arguments: { document: 'auth_request', enumValue: 'x' },
          })
      })
    }

    it('without _v and without arguments', async () => {
      server.handler = answerJson(401, { fault: { type: 'AuthenticationFailedException', message: '' } })
      expect(await rejection(client.postCustomersAuth({ type: 'guest' }))).to.deep.include({ arguments: {} })
    })

    it('and keeps a token that the fault quotes out of its message', async () => {
      const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'
      server.handler = answerJson(401, {
        fault: { type: 'InvalidAccessTokenException', message: `The access token '${token}' is invalid.` },
      })
      const error = await rejection(client.postCustomersAuth({ type: 'refresh' }, `Bearer ${token}`))
      expect(String(error)).to.include('[redacted]').and.not.include('eyJ')
      expect(error).to.have.property('faultMessage').that.does.not.include('eyJ')
    })
  })

  describe('rejects an answer that is no OCAPI document', () => {
    for (const [what, handler] of Object.entries<LocalServer['handler']>({
      'a 200 without a body': (response) => response.writeHead(200).end(),
      'a 200 with HTML': (response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
      'a customer that says it is HTML': (response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(guest)),
      'a 200 with a fault': answerJson(200, { fault: { type: 'A', message: '' } }),
      'a 200 with null': answerJson(200, null),
      'a 200 with a list': answerJson(200, [guest]),
      'a customer without an id': answerJson(200, { ...guest, customer_id: undefined }),
      'a customer with an empty id': answerJson(200, { ...guest, customer_id: '' }),
      'a customer of an unknown kind': answerJson(200, { ...guest, auth_type: 'admin' }),
      'another document': answerJson(200, { ...guest, _type: 'basket' }),
      'a 201': answerJson(201, guest),
      'a redirect': (response) => response.writeHead(302, { location: '/' }).end(),
      'a 401 without a fault': answerJson(401, { error: 'no' }),
      'a 502 of a proxy': (response) =>
        response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>'),
      'a fault without a type': answerJson(400, { fault: { message: '' } }),
    })) {
      it(what, async () => {
        server.handler = handler
        const error = await rejection(client.postCustomersAuth({ type: 'guest' }))
        expect(error).to.be.instanceOf(InvalidAnswerError).and.include({ code: 'INVALID_ANSWER' })
        expect(exchanges).to.have.length(1)
      })
    }
  })

  describe('getCustomer', () => {
    it('reads the customer with the authorization', async () => {
      const { data } = await client.getCustomer(guest.customer_id, 'Bearer a.b.c')
      expect(data).to.deep.equal(guest)
      expect(server.last).to.include({
        method: 'GET',
        url: `/s/RefArch/dw/shop/v25_6/customers/${guest.customer_id}`,
        body: '',
      })
      expect(server.last.headers).to.include({ authorization: 'Bearer a.b.c' })
      expect(server.last.headers).not.to.have.property('content-type')
    })

    it('keeps any id inside its own path segment', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), async (id) => {
          fc.pre(!['.', '..'].includes(id))
          await client.getCustomer(id)
          const segments = server.last.url.split('/')
          expect(segments).to.have.length(8)
          expect(decodeURIComponent(segments[7] ?? '')).to.equal(id)
        }),
        { numRuns: 50 },
      )
    })

    for (const id of ['', '.', '..']) {
      it(`refuses the id "${id}", which would be another path`, async () => {
        expect(await rejection(client.getCustomer(id))).to.be.instanceOf(InvalidRequestError)
        expect(server.received).to.have.length(0)
      })
    }
  })

  describe('postSessions', () => {
    it('answers the cookies of the new session', async () => {
      server.handler = (response) =>
        response.writeHead(204, { 'Set-Cookie': ['dwsid=a; Path=/', 'dwsecuretoken_0=b; Secure'] }).end()
      const answer = await client.postSessions('Bearer a.b.c')
      expect(answer).to.include({ status: 204, data: undefined, token: undefined })
      expect(answer.headers.getSetCookie()).to.have.length(2)
      expect(server.last).to.include({ method: 'POST', url: '/s/RefArch/dw/shop/v25_6/sessions', body: '' })
      expect(server.last.headers).to.include({ authorization: 'Bearer a.b.c' })
    })

    it('rejects any other success', async () => {
      server.handler = answerJson(200, {})
      expect(await rejection(client.postSessions('Bearer a.b.c'))).to.be.instanceOf(InvalidAnswerError)
    })

    it('rejects a fault', async () => {
      server.handler = answerJson(401, { fault: { type: 'ExpiredTokenException', message: '' } })
      expect(await rejection(client.postSessions('Bearer a.b.c'))).to.include({
        type: 'ExpiredTokenException',
      })
    })
  })
})
