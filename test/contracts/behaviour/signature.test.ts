import { expect } from 'chai'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { NotProvable } from '../../../contracts/lib/behaviour/outcome.ts'
import { SignatureVerifier } from '../../../contracts/lib/behaviour/signature.ts'
import { forge } from '../../../contracts/lib/tokens.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { fakeTarget, reply, tokenOf } from './support/fake-target.ts'

const SECRET = new Uint8Array(64).fill(7)
const signed = (alg: string, key: Parameters<InstanceType<typeof SignJWT>['sign']>[0]) =>
  new SignJWT({}).setProtectedHeader({ alg }).setExpirationTime(1).sign(key)

async function problem(verifier: SignatureVerifier, token: string): Promise<unknown> {
  try {
    await verifier.expectValid(token)
    return 'valid'
  } catch (error) {
    return error
  }
}

describe('the signature of a token', () => {
  const verifier = new SignatureVerifier({ kind: 'secret', secret: SECRET, algorithms: ['HS256'] })

  it('verifies with the secret and the algorithm, whether the token has expired or not', async () => {
    expect(await problem(verifier, await signed('HS256', SECRET))).to.equal('valid')
  })

  it('does not verify when it is another one, or none, or of another algorithm', async () => {
    const token = await signed('HS256', SECRET)
    const wrong = [
      forge.alterSignature(token),
      forge.unsigned(token),
      await signed('HS256', new Uint8Array(32)),
      await signed('HS512', SECRET),
      tokenOf({}),
      'a.b',
      '',
    ]
    for (const each of wrong) {
      const error = await problem(verifier, each)
      expect(error).to.have.property('name', 'AssertionError')
      expect((error as Error).message).to.match(/^the signature verifies: /)
    }
  })

  it('is not provable where it is opaque', async () => {
    const opaque = new SignatureVerifier({ kind: 'opaque' })
    expect(await problem(opaque, tokenOf({}))).to.be.instanceOf(NotProvable)
  })

  it('verifies with a key set, which is fetched once', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const other = await generateKeyPair('ES256')
    const keys = await fakeTarget(reply(200, { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }))
    try {
      const byKeySet = new SignatureVerifier({
        kind: 'jwks',
        url: `${keys.baseUrl}/jwks`,
        algorithms: ['ES256'],
      })
      expect(await problem(byKeySet, await signed('ES256', privateKey))).to.equal('valid')
      expect(await problem(byKeySet, await signed('ES256', other.privateKey))).to.have.property(
        'name',
        'AssertionError',
      )
      expect(await problem(byKeySet, await signed('HS256', SECRET))).to.have.property(
        'name',
        'AssertionError',
      )
      expect(keys.requests).to.deep.equal(['GET /jwks'])
    } finally {
      await keys.close()
    }
  })

  it('is not evaluated where the key set cannot be had', async () => {
    const broken = await fakeTarget(reply(500, {}))
    try {
      const { privateKey } = await generateKeyPair('ES256')
      const byKeySet = new SignatureVerifier({ kind: 'jwks', url: broken.baseUrl, algorithms: ['ES256'] })
      const error = await problem(byKeySet, await signed('ES256', privateKey))
      expect(error).to.be.instanceOf(HarnessError)
      expect(error).to.include({ kind: 'TARGET', code: 'KEYS_UNREACHABLE' })
    } finally {
      await broken.close()
    }
  })
})
