import { expect } from 'chai'
import fc from 'fast-check'
import {
  bearerToken,
  isDeclined,
  readAnswer,
  readsCustomer,
  tokenMatchesBody,
} from '../../load/lib/answer.ts'
import { forger } from '../../load/lib/forge.ts'
import { createTokenReader } from '../../load/lib/jwt.ts'
import { createMemory, fingerprint } from '../../load/lib/memory.ts'

/** As strict as k6's `b64decode(text, 'rawurl', 's')`. */
const decode = (text: string) => {
  if (!/^[\w-]*$/.test(text)) throw new Error('illegal base64 data')
  return Buffer.from(text, 'base64url').toString()
}
const encode = (text: string) => Buffer.from(text).toString('base64url')
const reader = () => createTokenReader(decode)
const forge = forger(decode, encode)

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
    ['no guest flag', token({ payload: { ...PAYLOAD, sub: '{"customer_info":{"customer_id":"a"}}' } })],
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
    expect(answer().token).to.equal(token())
    for (const Authorization of ['Bearer', 'Bearer ', `bearer ${token()}`, token(), `Basic ${token()}`]) {
      expect(bearerToken({ status: 200, headers: { Authorization }, body })).to.equal(undefined)
    }
    expect(bearerToken({ status: 200, headers: {}, body })).to.equal(undefined)
  })

  it('compares the customer and the guest flag of token and body (TOKEN-4)', () => {
    expect(tokenMatchesBody(answer())).to.equal(true)
    const other = JSON.stringify({ customer_id: 'other', auth_type: 'guest' })
    const registered = JSON.stringify({ customer_id: CUSTOMER.customer_id, auth_type: 'registered' })
    for (const wrong of [other, registered, '{}', '', '[', null]) {
      expect(tokenMatchesBody(answer({ body: wrong }))).to.equal(false)
    }
    expect(tokenMatchesBody(answer({ headers: {} }))).to.equal(false)
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

  it('takes for declined only a 401 without a token anywhere', () => {
    const declined = { status: 401, headers: {}, body: '{"fault":{}}' }
    expect(isDeclined(declined)).to.equal(true)
    expect(isDeclined({ ...declined, status: 403 })).to.equal(false)
    expect(isDeclined({ ...declined, headers: { Authorization: 'Bearer x' } })).to.equal(false)
    expect(isDeclined({ ...declined, body: `{"token":"${token()}"}` })).to.equal(false)
  })
})

describe('Making a token invalid in one way only', () => {
  const sections = (text: string) => text.split('.')

  it('changes the customer, and nothing else', () => {
    const [header, payload, signature] = sections(forge.alteredPayload(token()))
    expect([header, signature]).to.deep.equal([sections(token())[0], SIGNATURE])
    const { sub, ...claims } = JSON.parse(decode(payload ?? ''))
    const { sub: oldSub, ...oldClaims } = PAYLOAD
    expect(claims).to.deep.equal(oldClaims)
    const { customer_id: id, ...info } = JSON.parse(sub).customer_info
    const { customer_id: oldId, ...oldInfo } = JSON.parse(oldSub).customer_info
    expect(info).to.deep.equal(oldInfo)
    expect(id).not.to.equal(oldId)
    expect(id).to.have.lengthOf(oldId.length)
  })

  it('changes the signature in bits that mean something', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes) => {
        const good = token({ signature: Buffer.from(bytes).toString('base64url') })
        const bad = forge.alteredSignature(good)
        expect(sections(bad).slice(0, 2)).to.deep.equal(sections(good).slice(0, 2))
        const signature = Buffer.from(sections(bad)[2] ?? '', 'base64url')
        expect(signature).to.have.lengthOf(bytes.length)
        expect(Buffer.compare(signature, bytes)).not.to.equal(0)
      }),
    )
  })

  it('unsigns, and keeps the rest', () => {
    const [header, payload, signature] = sections(forge.unsigned(token()))
    expect(JSON.parse(decode(header ?? ''))).to.deep.equal({ ...HEADER, alg: 'none' })
    expect([payload, signature]).to.deep.equal([sections(token())[1], ''])
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
