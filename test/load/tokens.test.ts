import { expect } from 'chai'
import fc from 'fast-check'
import {
  type AuthAnswer,
  bearerToken,
  foreignKind,
  isDeclined,
  readAnswer,
  readsCustomer,
  tokenMatchesBody,
} from '../../load/lib/answer.ts'
import { createMemory, fingerprint } from '../../load/lib/memory.ts'
import { spelledOtherwise } from '../../load/lib/spellings.ts'
import { AUTHENTICATION_FAILED } from '../../src/ocapi/refusal.ts'
import { createTokenReader } from '../../src/ocapi/token.ts'

/** As strict as k6's `b64decode(text, 'rawurl', 's')`. */
const decode = (text: string) => {
  if (!/^[\w-]*$/.test(text)) throw new Error('illegal base64 data')
  return Buffer.from(text, 'base64url').toString()
}
const encode = (text: string) => Buffer.from(text).toString('base64url')
const reader = () => createTokenReader(decode)

const HEADER = { _v: '1', alg: 'HS256', typ: 'JWT' }
const CUSTOMER = { customer_id: 'abcdefghijklmnopqrstuvwxyz', guest: true, visit_id: 'v' }
const PAYLOAD = {
  _v: '1',
  exp: 2000,
  iat: 200,
  iss: 'client',
  sub: JSON.stringify({ _v: '1', customer_info: CUSTOMER }),
}
const SIGNATURE = encode('a signature of thirty-two bytes!')

function token(parts: { header?: unknown; payload?: unknown; signature?: string } = {}): string {
  const { header = HEADER, payload = PAYLOAD, signature = SIGNATURE } = parts
  return `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}.${signature}`
}

describe('Reading a token (TOKEN-2)', () => {
  it('reads what a client can see', () => {
    expect(reader().read(token())).to.deep.equal({
      issuer: 'client',
      issuedAt: 200,
      expiresAt: 2000,
      customerId: CUSTOMER.customer_id,
      guest: true,
    })
  })

  it("reads the vendor's flat subject", () => {
    const payload = { ...PAYLOAD, sub: JSON.stringify({ customer_id: 'flat', guest: false }) }
    expect(reader().read(token({ payload }))).to.include({ customerId: 'flat', guest: false })
  })

  const { iss: _iss, ...noIssuer } = PAYLOAD
  const BAD: [string, string][] = [
    ['nothing', ''],
    ['two sections', token().split('.').slice(0, 2).join('.')],
    ['four sections', `${token()}.x`],
    ['no signature', token({ signature: '' })],
    ['a header without an algorithm', token({ header: { typ: 'JWT' } })],
    ['a header without a type', token({ header: { alg: 'HS256' } })],
    ['a header that is no object', token({ header: [] })],
    ['a payload that is not base64url', token().replace(/\.[^.]+\./, '.*.')],
    ['a payload that is not JSON', token().replace(/\.[^.]+\./, `.${encode('{')}.`)],
    ['no issuer', token({ payload: noIssuer })],
    ['an expiry that is a text', token({ payload: { ...PAYLOAD, exp: '2000' } })],
    ['no issue time', token({ payload: { ...PAYLOAD, iat: undefined } })],
    ['a subject that is an object', token({ payload: { ...PAYLOAD, sub: { customer_info: CUSTOMER } } })],
    ['a subject that is not JSON', token({ payload: { ...PAYLOAD, sub: 'abc' } })],
    ['no customer id', token({ payload: { ...PAYLOAD, sub: '{"customer_info":{"guest":true}}' } })],
  ]
  for (const [what, bad] of BAD) {
    it(`does not take ${what}`, () => {
      expect(reader().read(bad)).to.equal(undefined)
    })
  }

  it('looks at a new header, whatever it has seen before', () => {
    const one = reader()
    expect(one.read(token())).not.to.equal(undefined)
    expect(one.read(token({ header: { typ: 'JWT' } }))).to.equal(undefined)
    expect(one.read(token())).not.to.equal(undefined)
  })

  it('throws at no text whatsoever', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', 'e', 'y', 'J', '"', '{', '\u20ac') }), (text) => {
        reader().read(text)
      }),
    )
  })
})

describe('Reading an answer', () => {
  const body = JSON.stringify({ customer_id: CUSTOMER.customer_id, auth_type: 'guest' })
  const answer = (parts: { headers?: Record<string, string>; body?: unknown } = {}) =>
    readAnswer(reader(), { status: 200, headers: { Authorization: `Bearer ${token()}` }, body, ...parts })

  it('knows the token of the header (TOKEN-1)', () => {
    expect(answer()?.token).to.equal(token())
    for (const Authorization of ['Bearer', 'Bearer ', token(), `Basic ${token()}`]) {
      expect(bearerToken({ status: 200, headers: { Authorization }, body })).to.equal(undefined)
    }
    expect(bearerToken({ status: 200, headers: {}, body })).to.equal(undefined)
    const lower = { Authorization: `bearer ${token()}` }
    expect(bearerToken({ status: 200, headers: lower, body })).to.equal(token())
  })

  it('compares the customer and the guest flag of token and body (TOKEN-4)', () => {
    const matches = (given: AuthAnswer | undefined) => given !== undefined && tokenMatchesBody(given)
    expect(matches(answer())).to.equal(true)
    const other = JSON.stringify({ customer_id: 'other', auth_type: 'guest' })
    const registered = JSON.stringify({ customer_id: CUSTOMER.customer_id, auth_type: 'registered' })
    for (const wrong of [other, registered, '{}', '', '[', null]) {
      expect(matches(answer({ body: wrong }))).to.equal(false)
    }
    expect(matches(answer({ headers: {} }))).to.equal(false)
  })

  it('takes a follow-up only for its own customer (USE-1)', () => {
    const reads = (status: number, text: unknown) =>
      readsCustomer({ response: { status, headers: {}, body: text }, customerId: CUSTOMER.customer_id })
    expect(reads(200, body)).to.equal(true)
    expect([reads(404, body), reads(200, '{"customer_id":"other"}'), reads(200, '<html>')]).to.deep.equal([
      false,
      false,
      false,
    ])
  })

  const fault = (message: string) =>
    JSON.stringify({ fault: { type: 'InvalidTokenException', message, arguments: {} } })
  const json = { 'Content-Type': 'application/json' }

  it('takes for declined any 4xx with a fault and without a token of its own', () => {
    const declined = { status: 401, headers: json, body: fault('no') }
    for (const status of [401, 403, 423, 429]) expect(isDeclined({ ...declined, status })).to.equal(true)
    expect(isDeclined({ ...declined, status: 200 })).to.equal(false)
    expect(isDeclined({ ...declined, status: 500 })).to.equal(false)
    expect(isDeclined({ ...declined, headers: { ...json, Authorization: 'Bearer x' } })).to.equal(false)
    expect(isDeclined({ ...declined, body: fault(token()) })).to.equal(false)
    expect(isDeclined({ ...declined, body: fault(token()) }, `Bearer ${token()}`)).to.equal(true)
    expect(isDeclined({ ...declined, status: 403 }, undefined, AUTHENTICATION_FAILED)).to.equal(false)
  })

  it('knows by kind what is no document of the API', () => {
    const html = { 'Content-Type': 'text/html; charset=utf-8' }
    for (const [status, headers, text, kind] of [
      [503, html, '<h1>Maintenance</h1>', '503 text/html'],
      [429, html, '<h1>Slow down</h1>', '429 text/html'],
      [200, html, '<form>', '200 text/html'],
      [302, {}, '', '302 without a body'],
      [403, json, '{"error":"blocked"}', '403 application/json'],
      [200, json, body, undefined],
      [200, html, body, undefined],
      [401, json, fault('no'), undefined],
      [500, json, fault('oops'), undefined],
      [500, json, '{"error":"oops"}', undefined],
      [0, {}, null, undefined],
    ] as const) {
      expect(foreignKind({ status, headers, body: text }), `${status} ${text}`).to.equal(kind)
    }
    expect(answer({ headers: html, body: '<form>' })).to.equal(undefined)
  })
})

describe('Other spellings of a login', () => {
  it('are in other letter case, with blanks around it, and in a form that NFKC folds back', () => {
    const spellings = spelledOtherwise('Jane@shop.example')
    expect(spellings.slice(0, 2)).to.deep.equal(['jANE@SHOP.EXAMPLE', ' Jane@shop.example '])
    expect(spellings[2]).not.to.equal('Jane@shop.example')
    expect(spellings[2]?.normalize('NFKC')).to.equal('Jane@shop.example')
  })

  it('leave out what is no other text', () => {
    expect(spelledOtherwise('@')).to.deep.equal([' @ '])
  })
})

describe('The memory of what was issued', () => {
  it('notices every repeat within its capacity, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        (values, capacity) => {
          const memory = createMemory(capacity)
          const news: number[] = []
          for (const value of values) {
            const isNew = memory.isNew(value)
            const seen = news.lastIndexOf(value)
            if (seen === -1) expect(isNew).to.equal(true)
            else if (news.length - seen <= capacity) expect(isNew).to.equal(false)
            if (isNew) news.push(value)
          }
        },
      ),
    )
  })

  it('forgets what is older than two generations, so that it does not grow', () => {
    const memory = createMemory(10)
    for (let i = 0; i < 21; i++) memory.isNew(i)
    expect(memory.isNew(0)).to.equal(true)
    expect(memory.isNew(20)).to.equal(false)
  })

  it('tells apart keys that fall on the same slot, up to the largest', () => {
    const memory = createMemory()
    const keys = Array.from({ length: 1000 }, (_, i) => i * 2 ** 32).concat(2 ** 53 - 2)
    for (const key of keys) expect(memory.isNew(key)).to.equal(true)
    for (const key of keys) expect(memory.isNew(key)).to.equal(false)
  })

  it('knows a token by 48 bits at the end of its signature', () => {
    const bits = (text: string) => Buffer.from(text, 'base64url').readUIntBE(0, 6)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const signature = Buffer.from(bytes).toString('base64url')
        expect(fingerprint(token({ signature }))).to.equal(bits(signature.slice(-9, -1)))
      }),
    )
  })

  it('takes what is no token, too', () => {
    for (const text of ['', 'a', '.', 'é'.repeat(20)]) expect(fingerprint(text)).to.be.within(0, 2 ** 48)
  })
})
