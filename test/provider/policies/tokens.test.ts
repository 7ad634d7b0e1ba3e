import { expect } from 'chai'
import fc from 'fast-check'
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { bearerToken, createBearers } from '../../../src/provider/policies/bearers.ts'
import { createClaims, type TokenClaims } from '../../../src/provider/policies/claims.ts'
import { Fault } from '../../../src/provider/policies/fault.ts'
import { createIdentifiers } from '../../../src/provider/policies/identifiers.ts'
import { createTokens } from '../../../src/provider/policies/tokens.ts'
import { unsigned, withAlteredPayload, withAlteredSignature } from '../support.ts'
import { manualClock, START_MS } from './manual-clock.ts'

const secret = new Uint8Array(32).fill(1)
const SUBJECT = { customerId: 'abMes1'.padEnd(26, '0'), guest: true, visit: '0123456789abcdef' }

function setUp() {
  const clock = manualClock()
  const tokens = createTokens({ secret }, clock)
  const claims = createClaims({ tokenLifetimeSeconds: 1800 }, clock, createIdentifiers())
  const bearers = createBearers({ tokenLifetimeSeconds: 1800 }, clock, tokens)
  return { clock, tokens, claims, bearers }
}

function refusal(verify: () => unknown): string {
  try {
    verify()
  } catch (error) {
    if (error instanceof Fault) return `${error.status} ${error.type}`
    throw error
  }
  return 'none'
}

describe('tokens', () => {
  it('are what an independent library verifies, with the documented header and claims', async () => {
    const { tokens, claims } = setUp()
    const token = tokens.write(claims.compose(SUBJECT, 'client "1"'))
    expect(decodeProtectedHeader(token)).to.deep.equal({ _v: '1', alg: 'HS256', typ: 'JWT' })
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      currentDate: new Date(START_MS),
    })
    expect(Object.keys(payload)).to.deep.equal(['_v', 'exp', 'iat', 'iss', 'sub'])
    expect(payload).to.include({
      _v: '1',
      iat: START_MS / 1000,
      exp: START_MS / 1000 + 1800,
      iss: 'client "1"',
    })
    expect(JSON.parse(payload.sub ?? '')).to.deep.equal({
      _v: '1',
      customer_info: { customer_id: SUBJECT.customerId, guest: true, visit_id: '0123456789abcdef0000000001' },
    })
  })

  it('say back what was written into them', () => {
    const { tokens } = setUp()
    const hex = fc.stringMatching(/^[0-9a-f]{26}$/)
    fc.assert(
      fc.property(
        fc.record<TokenClaims>({
          clientId: fc.string({ unit: 'grapheme' }),
          issuedAt: fc.nat(),
          expiresAt: fc.nat(),
          customerId: fc.stringMatching(/^[A-Za-z0-9]{1,28}$/),
          guest: fc.boolean(),
          visitId: hex,
        }),
        (claims) => {
          const token = tokens.write(claims)
          expect(tokens.signatureHolds(token)).to.equal(true)
          expect(tokens.read(token)).to.deep.equal(claims)
        },
      ),
    )
  })

  it('are never equal, though issued for one customer in one second', () => {
    const { tokens, claims } = setUp()
    const issued = Array.from({ length: 100 }, () => tokens.write(claims.compose(SUBJECT, 'client')))
    expect(new Set(issued).size).to.equal(100)
  })

  it('hold no longer when any one character is another', () => {
    const { tokens, claims } = setUp()
    const token = tokens.write(claims.compose(SUBJECT, 'client'))
    fc.assert(
      fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'AZaz09-_.='), (at, other) => {
        fc.pre(token[at] !== other)
        expect(tokens.signatureHolds(token.slice(0, at) + other + token.slice(at + 1))).to.equal(false)
      }),
      { numRuns: 500 },
    )
  })

  it('are read or not, and never throw, whatever text they are', () => {
    const { tokens } = setUp()
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((parts) => parts.join('.')),
        ),
        (text) => {
          expect(tokens.signatureHolds(text)).to.equal(false)
          expect(tokens.read(text)).to.equal(undefined)
        },
      ),
    )
  })
})

describe('a bearer', () => {
  it('is let in with a token of ours, whatever the case of the scheme', () => {
    const { tokens, claims, bearers } = setUp()
    const composed = claims.compose(SUBJECT, 'client')
    expect(bearers.verify(`Bearer ${tokens.write(composed)}`)).to.deep.equal(composed)
    expect(bearers.verify(`bearer ${tokens.write(composed)}`)).to.deep.equal(composed)
  })

  it('is refused without a token, and with an altered, unsigned, foreign, expired or revoked one', async () => {
    const { clock, tokens, claims, bearers } = setUp()
    const composed = claims.compose(SUBJECT, 'client')
    const token = tokens.write(composed)
    const { payload } = await jwtVerify(token, secret, { currentDate: new Date(START_MS) })
    const sign = (alg: string, key = secret) =>
      new SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT' }).sign(key)
    const verify = (header: string | undefined) => refusal(() => bearers.verify(header))
    expect(verify(undefined)).to.equal('401 InvalidAuthorizationHeaderException')
    expect(verify(`Token ${token}`)).to.equal('401 InvalidAuthorizationHeaderException')
    expect(verify('Bearer ')).to.equal('401 InvalidAuthorizationHeaderException')
    for (const bad of [
      'x',
      withAlteredPayload(token),
      withAlteredSignature(token),
      unsigned(token),
      token.slice(0, token.lastIndexOf('.')),
      await sign('HS512', new Uint8Array(64).fill(1)),
      await sign('HS256', new Uint8Array(32).fill(2)),
    ]) {
      expect(verify(`Bearer ${bad}`), bad).to.equal('401 InvalidAccessTokenException')
    }
    bearers.revoke(composed)
    expect(verify(`Bearer ${token}`)).to.equal('401 InvalidAccessTokenException')
    const fresh = tokens.write(claims.compose(SUBJECT, 'client'))
    clock.advance(1799.999)
    expect(verify(`Bearer ${fresh}`)).to.equal('none')
    clock.advance(0.001)
    expect(verify(`Bearer ${fresh}`)).to.equal('401 ExpiredTokenException')
  })

  it('has one token, and nothing after it', () => {
    expect(bearerToken('Bearer a.b.c')).to.equal('a.b.c')
    expect(bearerToken('Bearer a b')).to.equal(undefined)
    expect(bearerToken('Bearera.b.c')).to.equal(undefined)
  })
})
