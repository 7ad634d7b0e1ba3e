import { expect } from 'chai'
import fc from 'fast-check'
import { createTokenReader, tokenProblems } from '../../src/ocapi/token.ts'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (section: string): string => Buffer.from(section, 'base64url').toString()
const read = (token: string) => createTokenReader(decode).read(token)

const HEADER = { _v: '1', alg: 'HS256', typ: 'JWT' }
const PAYLOAD = {
  exp: 2000,
  iat: 200,
  iss: 'client',
  sub: JSON.stringify({ _v: '1', customer_info: { customer_id: 'c', guest: true } }),
}

function token({
  header = HEADER as unknown,
  payload = PAYLOAD as unknown,
  signature = 'c2ln',
} = {}): string {
  return `${encode(header)}.${encode(payload)}.${signature}`
}

describe('reading a token (TOKEN-2)', () => {
  it('reads what a client can see, nested or flat', () => {
    const claims = { issuer: 'client', issuedAt: 200, expiresAt: 2000, customerId: 'c', guest: true }
    expect(read(token())).to.deep.equal(claims)
    const flat = { ...PAYLOAD, sub: '{"customer_id":"c","guest":true}' }
    expect(read(token({ payload: flat }))).to.deep.equal(claims)
  })

  it('takes a NumericDate with a fraction (RFC 7519)', () => {
    const payload = { ...PAYLOAD, iat: 200.25, exp: 2000.25 }
    expect(read(token({ payload }))).to.include({ issuedAt: 200.25, expiresAt: 2000.25 })
    expect(tokenProblems(token({ payload }), decode)).to.deep.equal([])
  })

  const cases: Record<string, [string, string[]]> = {
    'two sections': [`${encode(HEADER)}.${encode(PAYLOAD)}`, ['the token has 2 sections, not 3']],
    'no signature': [token({ signature: '' }), ['the token has no signature']],
    'a signature in base64': [token({ signature: 'a+b=' }), ['the signature of the token is no base64url']],
    'a header without a type': [
      token({ header: { alg: 'HS256' } }),
      ['the header of the token has no typ, the type'],
    ],
    'an algorithm of none': [
      token({ header: { ...HEADER, alg: 'None' } }),
      ['the algorithm of the token is none'],
    ],
    'no issuer': [
      token({ payload: { ...PAYLOAD, iss: undefined } }),
      ['the payload of the token has no iss, the client id'],
    ],
    'times in a text': [
      token({ payload: { ...PAYLOAD, iat: '200', exp: '2000' } }),
      [
        'the payload of the token has no iat that is a number, the issue time',
        'the payload of the token has no exp that is a number, the expiration time',
      ],
    ],
    'a sub that is no JSON': [
      token({ payload: { ...PAYLOAD, sub: 'c' } }),
      ['the payload of the token has no sub that is JSON and names a customer'],
    ],
    'a payload that is a list': [token({ payload: [] }), ['the payload of the token is no JSON object']],
  }
  for (const [name, [text, problems]] of Object.entries(cases)) {
    it(`tells ${name}`, () => {
      expect(tokenProblems(text, decode)).to.deep.equal(problems)
      expect(read(text)).to.equal(undefined)
    })
  }

  it('reads exactly the tokens that have no problem', () => {
    const member = fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.string())
    const sub = fc.oneof(
      member,
      fc.record({ customer_id: member, guest: member }).map((info) => JSON.stringify(info)),
      fc.record({ customer_info: fc.record({ customer_id: member }) }).map((info) => JSON.stringify(info)),
    )
    const header = fc.oneof(fc.constant(HEADER), fc.record({ alg: member, typ: member }), fc.jsonValue())
    const payload = fc.oneof(
      fc.record({
        iss: fc.oneof(fc.constant('client'), member),
        iat: fc.oneof(fc.double(), member),
        exp: fc.oneof(fc.nat(), member),
        sub: fc.oneof(fc.constant(PAYLOAD.sub), sub),
      }),
      fc.jsonValue(),
    )
    const signature = fc.constantFrom('c2ln', '', 'a.b', 'a b')
    fc.assert(
      fc.property(header, payload, signature, (header, payload, signature) => {
        const text = token({ header, payload, signature })
        expect(read(text) !== undefined).to.equal(tokenProblems(text, decode).length === 0)
      }),
      { numRuns: 500 },
    )
  })
})
