import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createTokenForger } from '../../src/ocapi/invalid-tokens.ts'

export function decodeSection(section: string): string {
  return Buffer.from(section, 'base64url').toString()
}

/** Makes tokens that are invalid in one way only. */
export const forge = createTokenForger({
  decode: decodeSection,
  encode: (text) => Buffer.from(text).toString('base64url'),
})

/** What is to be signed → the signature in base64url. */
type Signer = (input: string) => string

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const
type HmacAlgorithm = keyof typeof HASHES

/** The algorithm itself where a shared secret signs, else `HS256`: the nearest to it that anybody can sign with. */
export function hmacAlgorithmOf(algorithm: string): HmacAlgorithm {
  return Object.hasOwn(HASHES, algorithm) ? (algorithm as HmacAlgorithm) : 'HS256'
}

export function hmac(algorithm: HmacAlgorithm, key: string | Buffer): Signer {
  return (input) => createHmac(HASHES[algorithm], key).update(input).digest('base64url')
}

let pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined

/**
 * A key pair that no target knows, for the algorithm `RS256`; one for all, since to make it takes a tenth of a second.
 * @returns the public key as a token may embed it, and what signs with the private one
 */
export function unknownRsaKeyPair(): { jwk: Readonly<Record<string, unknown>>; sign: Signer } {
  pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { publicKey, privateKey } = pair
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }) },
    sign: (input) => sign('sha256', Buffer.from(input), privateKey).toString('base64url'),
  }
}
