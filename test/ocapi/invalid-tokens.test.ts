import { expect } from 'chai'
import fc from 'fast-check'
import { createTokenForger, UnreadableToken } from '../../src/ocapi/invalid-tokens.ts'

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url')
const decode = (section: string | undefined): unknown =>
  JSON.parse(Buffer.from(section ?? '', 'base64url').toString('utf8'))
const bytes = (section: string | undefined): Buffer => Buffer.from(section ?? '', 'base64url')
const forge = createTokenForger({ encode, decode: (section) => Buffer.from(section, 'base64url').toString() })

const word = fc.string({ minLength: 1, maxLength: 30 })
const payload = fc.record({
  _v: fc.constant('1'),
  exp: fc.integer({ min: 1, max: 4_000_000_000 }),
  iat: fc.integer({ min: 1, max: 4_000_000_000 }),
  iss: word,
  sub: fc
    .record({ customer_id: word, guest: fc.boolean(), visit_id: word })
    .map((customer_info) => JSON.stringify({ _v: '1', customer_info })),
})
const token = fc
  .tuple(
    fc.record({ _v: fc.constant('1'), alg: fc.constantFrom('HS256', 'RS256'), typ: word }),
    payload,
    fc.uint8Array({ minLength: 6, maxLength: 400 }),
  )
  .map(([header, claims, signature]) =>
    [encode(JSON.stringify(header)), encode(JSON.stringify(claims)), encode(signature)].join('.'),
  )

describe('tokens that are invalid in one way only', () => {
  it('an altered payload keeps header, signature and keys, and moves both times by one second', () => {
    fc.assert(
      fc.property(token, (valid) => {
        const [header, before, signature] = valid.split('.')
        const altered = forge.alterPayload(valid).split('.')
        const claims = decode(before) as { exp: number; iat: number }
        expect(altered[0]).to.equal(header)
        expect(altered[2]).to.equal(signature)
        expect(altered).to.have.length(3)
        expect(decode(altered[1])).to.deep.equal({ ...claims, exp: claims.exp - 1, iat: claims.iat - 1 })
        expect(Object.keys(decode(altered[1]) as object)).to.deep.equal(Object.keys(claims))
      }),
    )
  })

  it('an altered payload can name another customer, and differs in nothing else', () => {
    fc.assert(
      fc.property(token, word, (valid, customerId) => {
        const [header, before, signature] = valid.split('.')
        const altered = forge.alterPayload(valid, { customerId }).split('.')
        const claims = decode(before) as { sub: string }
        const after = decode(altered[1]) as { sub: string }
        const subject = JSON.parse(claims.sub) as { customer_info: object }
        expect([altered[0], altered[2]]).to.deep.equal([header, signature])
        expect({ ...after, sub: '' }).to.deep.equal({ ...claims, sub: '' })
        expect(JSON.parse(after.sub)).to.deep.equal({
          ...subject,
          customer_info: { ...subject.customer_info, customer_id: customerId },
        })
      }),
    )
  })

  it("the customer can stand at the top of sub, as in the vendor's example", () => {
    const claims = { sub: '{"customer_id":"one","guest":true}' }
    const altered = forge.alterPayload(`e30.${encode(JSON.stringify(claims))}.AA`, { customerId: 'two' })
    expect(decode(altered.split('.')[1])).to.deep.equal({ sub: '{"customer_id":"two","guest":true}' })
  })

  it('an altered signature is base64url of the same length and differs in exactly one bit', () => {
    fc.assert(
      fc.property(token, fc.constantFrom('first' as const, 'last' as const), (valid, at) => {
        const [header, claims, signature] = valid.split('.')
        const altered = forge.alterSignature(valid, at).split('.')
        expect([altered[0], altered[1]]).to.deep.equal([header, claims])
        expect(altered[2]).to.have.length(signature?.length ?? 0)
        expect(altered[2]).to.match(/^[\w-]+$/)
        const before = bytes(signature)
        const after = bytes(altered[2])
        const differing = [...after]
          .map((byte, index) => byte ^ (before[index] ?? 0))
          .filter((bits) => bits > 0)
        expect(after).to.have.length(before.length)
        expect(differing).to.have.length(1)
        expect(Math.log2(differing[0] ?? 0) % 1, 'one bit').to.equal(0)
        const index = at === 'first' ? 0 : before.length - 1
        expect(after[index]).to.not.equal(before[index])
      }),
    )
  })

  it('a shortened signature is the first half of it, in whole bytes; an empty one leaves the header as it was', () => {
    fc.assert(
      fc.property(token, (valid) => {
        const [header, claims, signature = ''] = valid.split('.')
        const short = forge.shortenSignature(valid).split('.')
        expect([short[0], short[1]]).to.deep.equal([header, claims])
        expect(short[2]).to.match(/^[\w-]+$/)
        expect(signature.startsWith(short[2] ?? '')).to.equal(true)
        expect(encode(bytes(short[2]))).to.equal(short[2])
        expect(bytes(short[2]).length).to.be.below(bytes(signature).length)
        expect(forge.emptySignature(valid)).to.equal(`${header}.${claims}.`)
      }),
    )
  })

  it("another token's signature, another header, and a header that is signed differ in nothing else", () => {
    fc.assert(
      fc.property(token, token, (valid, other) => {
        const [header, claims, signature] = valid.split('.')
        expect(forge.withSignatureOf(valid, other)).to.equal(`${header}.${claims}.${other.split('.')[2]}`)
        const changed = forge.withHeader(valid, { alg: 'HS512' }).split('.')
        expect(decode(changed[0])).to.deep.equal({ ...(decode(header) as object), alg: 'HS512' })
        expect(changed.slice(1)).to.deep.equal([claims, signature])
        const signed = forge.resign(valid, { kid: '' }, (input) => encode(input)).split('.')
        expect(decode(signed[0])).to.deep.equal({ ...(decode(header) as object), kid: '' })
        expect(signed.slice(1)).to.deep.equal([claims, encode(`${signed[0]}.${claims}`)])
        expect(forge.algorithmOf(valid)).to.equal((decode(header) as { alg: string }).alg)
      }),
    )
  })

  it('an unsigned token changes alg only, and its signature is empty or kept', () => {
    fc.assert(
      fc.property(token, fc.constantFrom('none', 'None', 'nOnE'), (valid, alg) => {
        const [header, claims, signature] = valid.split('.')
        const empty = forge.unsigned(valid, { alg }).split('.')
        const kept = forge.unsigned(valid, { alg, signature: 'kept' }).split('.')
        expect(decode(empty[0])).to.deep.equal({ ...(decode(header) as object), alg })
        expect(empty.slice(1)).to.deep.equal([claims, ''])
        expect(kept).to.deep.equal([empty[0], claims, signature])
      }),
    )
  })

  it('two sections are the first two', () => {
    fc.assert(
      fc.property(token, (valid) => {
        expect(forge.twoSections(valid)).to.equal(valid.split('.').slice(0, 2).join('.'))
      }),
    )
  })

  it('a token that cannot be altered is refused with a reason that does not quote it', () => {
    const header = encode('{"alg":"HS256"}')
    const cases: [() => string, string][] = [
      [() => forge.twoSections('abc.def'), 'it has 2 sections, not 3'],
      [() => forge.alterSignature(`${header}.e30.`), 'its signature is empty'],
      [() => forge.alterSignature(`${header}.e30.%`), 'its signature is no base64url'],
      [() => forge.shortenSignature(`${header}.e30.AAAA`), 'its signature is too short to be made shorter'],
      [() => forge.unsigned('%%%.e30.AA'), 'its header or its payload is no JSON object'],
      [() => forge.unsigned(`${encode('[]')}.e30.AA`), 'its header or its payload is no JSON object'],
      [() => forge.algorithmOf('e30.e30.AA'), 'its header names no algorithm'],
      [() => forge.alterPayload(`${header}.e30.AA`), 'its payload has no exp and iat that are numbers'],
      [() => forge.alterPayload(`${header}.e30.AA`, { customerId: 'x' }), 'its sub is no JSON object'],
      [
        () => forge.alterPayload(`${header}.${encode('{"sub":"{}"}')}.AA`, { customerId: 'x' }),
        'its sub names no customer',
      ],
    ]
    for (const [alter, reason] of cases) {
      expect(alter).to.throw(UnreadableToken, `the target's token cannot be read: ${reason}`)
    }
  })

  it('any text is either altered or refused as unreadable, never anything else', () => {
    const { alterPayload, alterSignature, unsigned, twoSections, shortenSignature, emptySignature } = forge
    fc.assert(
      fc.property(fc.oneof(fc.string(), token), (text) => {
        for (const alter of [
          alterPayload,
          alterSignature,
          unsigned,
          twoSections,
          shortenSignature,
          emptySignature,
        ]) {
          try {
            expect(alter(text)).to.be.a('string')
          } catch (error) {
            expect(error).to.be.instanceOf(UnreadableToken)
          }
        }
      }),
    )
  })
})
