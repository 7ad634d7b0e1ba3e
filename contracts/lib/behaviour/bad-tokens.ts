import { randomBytes } from 'node:crypto'
import { forge, hmac, hmacAlgorithmOf, unknownRsaKeyPair } from '../tokens.ts'

/** A way to make a valid token invalid, and nothing else. */
export interface BadToken {
  readonly name: string
  /** A sentence begins with it. */
  readonly what: string
  /**
   * Each of them has to be declined; by what was done to it. None where the token gives no means to make one.
   * @param another valid token of the same target
   */
  make(token: string, another: string): Readonly<Record<string, string>>
}

/** What is left when a target takes no key for its key: it signs, and everybody can. */
const EMPTY_KEY = ''

/** Tokens whose signature does not verify, from one whose does. */
export const BAD_TOKENS: readonly BadToken[] = [
  {
    name: 'altered-payload',
    what: 'a token with an altered payload',
    make: (token) => ({ 'both times a second earlier': forge.alterPayload(token) }),
  },
  {
    name: 'altered-signature',
    what: 'a token with one altered bit in its signature',
    make: (token) => ({
      'in the first byte': forge.alterSignature(token, 'first'),
      'in the last byte': forge.alterSignature(token, 'last'),
    }),
  },
  {
    name: 'alg-none',
    what: 'a token that says alg none, or has no signature,',
    make: (token) => ({
      ...Object.fromEntries(
        ['none', 'None', 'NONE', 'nOnE'].map((alg) => [
          `alg ${alg}, not signed`,
          forge.unsigned(token, { alg }),
        ]),
      ),
      'alg none, with the signature': forge.unsigned(token, { signature: 'kept' }),
      'two sections': forge.twoSections(token),
    }),
  },
  {
    name: 'empty-signature',
    what: 'a token with an empty signature under its own algorithm',
    make: (token) => ({ 'nothing after the second dot': forge.emptySignature(token) }),
  },
  {
    name: 'shortened-signature',
    what: 'a token with the first half of its signature',
    make: (token) => ({ 'the first half': forge.shortenSignature(token) }),
  },
  {
    name: 'signature-of-another-token',
    what: "a token under another valid token's signature",
    make: (token, another) => ({ "another's signature": forge.withSignatureOf(token, another) }),
  },
  {
    name: 'empty-key',
    what: 'a token that is signed with an empty key',
    make: (token) => {
      const alg = hmacAlgorithmOf(forge.algorithmOf(token))
      return { [alg]: forge.resign(token, { alg }, hmac(alg, EMPTY_KEY)) }
    },
  },
  {
    name: 'other-algorithm',
    what: 'a token that names another algorithm of the same family',
    make: (token) => {
      const [, family, bits] = /^([A-Z]+)(256|384|512)$/.exec(forge.algorithmOf(token)) ?? []
      if (family === undefined) return {}
      const others = ['256', '384', '512'].filter((other) => other !== bits)
      return Object.fromEntries(
        others.flatMap((other) => {
          const alg = `${family}${other}`
          const random = () => randomBytes(Number(other) / 8).toString('base64url')
          return [
            [`${alg}, with the signature`, forge.withHeader(token, { alg })],
            [`${alg}, with a random signature`, forge.resign(token, { alg }, random)],
          ]
        }),
      )
    },
  },
  {
    name: 'embedded-key',
    what: 'a token that embeds the key that signs it',
    make: (token) => {
      const pair = unknownRsaKeyPair()
      const secret = randomBytes(32)
      const oct = { kty: 'oct', k: secret.toString('base64url') }
      return {
        'a public key': forge.resign(token, { alg: 'RS256', jwk: pair.jwk }, pair.sign),
        'a secret': forge.resign(token, { alg: 'HS256', jwk: oct }, hmac('HS256', secret)),
      }
    },
  },
  {
    name: 'key-id',
    what: 'a token whose kid names an empty file, or nothing,',
    make: (token) => {
      const alg = hmacAlgorithmOf(forge.algorithmOf(token))
      const signed = (kid: string) => forge.resign(token, { alg, kid }, hmac(alg, EMPTY_KEY))
      return {
        'an empty file': signed('/dev/null'),
        'an empty file by a way up': signed('../../../../../../../../dev/null'),
        'an empty kid, signed with an empty key': signed(''),
        'an empty kid, with the signature': forge.withHeader(token, { kid: '' }),
      }
    },
  },
]
