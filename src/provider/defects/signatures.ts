import {
  type BinaryLike,
  createHmac,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  verify,
} from 'node:crypto'
import { resolve } from 'node:path'
import { ExpiringMap } from '../policies/expiring-map.ts'
import type { ProviderSettings } from '../settings.ts'
import type { Defect } from './defect.ts'
import { bearersAcceptingMore } from './lenient.ts'

/** Each lets in one kind of token that this provider did not sign, for a refresh and for a follow-up request. */
export const signatureDefects: readonly Defect[] = [
  {
    id: 'alg-none-accepted',
    title: 'a token that says alg none and is not signed is let in',
    ...accepting(({ header, signature }) => header.alg === 'none' && signature === ''),
  },
  {
    id: 'two-sections-accepted',
    title: 'a token without a signature and its dot is let in',
    clauses: ['REFR-3', 'USE-3'],
    underLoad: false,
    plant: () => ({
      bearers: (_correct, before) => {
        const { tokens } = before
        const lacksSignature = (token: string) => token.split('.').length === 2
        return bearersAcceptingMore(before, {
          signatureHolds: (token) => lacksSignature(token) || tokens.signatureHolds(token),
          read: (token) => tokens.read(lacksSignature(token) ? `${token}.` : token),
        })
      },
    }),
  },
  {
    id: 'empty-signature-accepted',
    title: 'a token whose header keeps its alg and whose signature is empty is let in',
    ...accepting(({ header, signature }) => header.alg === 'HS256' && signature === ''),
  },
  {
    id: 'shortened-signature-accepted',
    title: 'a token with only the beginning of its signature is let in: the shorter length is compared',
    ...accepting(
      ({ header, signedPart, signature }, { secret }) =>
        header.alg === 'HS256' &&
        signature !== '' &&
        hmac('sha256', secret, signedPart).startsWith(signature),
    ),
  },
  {
    id: 'signature-of-another-token-accepted',
    title: 'a token with the signature of any token that was issued is let in',
    clauses: ['REFR-3', 'USE-3'],
    underLoad: false,
    plant: () => {
      let issued: ExpiringMap<true> | undefined
      return {
        tokens(correct, { settings, clock }) {
          const signatures = new ExpiringMap<true>(clock, settings.tokenLifetimeSeconds)
          issued = signatures
          return {
            ...correct,
            write(claims) {
              const token = correct.write(claims)
              signatures.set(signatureOf(token), true)
              return token
            },
          }
        },
        ...acceptingMore(
          ({ header, signature }) => header.alg === 'HS256' && issued?.get(signature) === true,
        ),
      }
    },
  },
  {
    id: 'empty-key-accepted',
    title: 'a token that was signed with an empty key is let in',
    ...accepting(
      ({ header, signedPart, signature }) =>
        header.alg === 'HS256' && header.kid === undefined && signature === hmac('sha256', '', signedPart),
    ),
  },
  {
    id: 'other-hash-skips-the-signature',
    title: 'a token that says alg HS384 or HS512 is let in with any signature',
    ...accepting(({ header }) => header.alg === 'HS384' || header.alg === 'HS512'),
  },
  {
    id: 'embedded-key-accepted',
    title: 'a token is verified with the key that its own header brings along (jwk)',
    ...accepting(holdsByItsOwnKey),
  },
  {
    id: 'key-id-as-a-path',
    title: 'the kid of a token is the path of the file that its key is read from',
    ...accepting(
      ({ header, signedPart, signature }) =>
        typeof header.kid === 'string' && signature === hmac('sha256', keyInFile(header.kid), signedPart),
    ),
  },
  {
    id: 'empty-key-id-skips-the-signature',
    title: 'a token with an empty kid is let in: no key is found, so nothing is verified',
    ...accepting(({ header }) => header.kid === ''),
  },
]

/** A token in its parts. */
interface Sections {
  header: Readonly<Record<string, unknown>>
  /** Header and payload, as they were signed. */
  signedPart: string
  signature: string
}

type Accepts = (sections: Sections, settings: ProviderSettings) => boolean

function accepting(accepts: Accepts): Pick<Defect, 'clauses' | 'underLoad' | 'plant'> {
  return { clauses: ['REFR-3', 'USE-3'], underLoad: false, plant: () => acceptingMore(accepts) }
}

function acceptingMore(accepts: Accepts): ReturnType<Defect['plant']> {
  return {
    bearers: (_correct, before) =>
      bearersAcceptingMore(before, {
        signatureHolds(token) {
          if (before.tokens.signatureHolds(token)) return true
          const sections = sectionsOf(token)
          return sections !== undefined && accepts(sections, before.settings)
        },
      }),
  }
}

function sectionsOf(token: string): Sections | undefined {
  const [header = '', payload, signature] = token.split('.')
  if (signature === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString())
    return isObject(parsed) ? { header: parsed, signedPart: `${header}.${payload}`, signature } : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function signatureOf(token: string): string {
  return token.slice(token.lastIndexOf('.') + 1)
}

function hmac(hash: string, key: BinaryLike | KeyObject, text: string): string {
  return createHmac(hash, key).update(text).digest('base64url')
}

/** Where keys would lie. */
const KEYS_FOLDER = '/srv/shop/keys'

/** The empty device is the one file that an attacker knows the content of; there is no other here. */
function keyInFile(kid: string): string {
  return resolve(KEYS_FOLDER, kid) === '/dev/null' ? '' : 'no such file'
}

/** Whether the key in the header signed the token: HMAC, RSA (PKCS #1), ECDSA or Ed25519. */
function holdsByItsOwnKey({ header: { alg, jwk }, signedPart, signature }: Sections): boolean {
  const [, family, size] = /^(HS|RS|ES|EdDSA)(256|384|512)?$/.exec(String(alg)) ?? []
  if (family === undefined || !isObject(jwk)) return false
  const hash = size === undefined ? null : `sha${size}`
  try {
    if (family === 'HS') {
      const key = createSecretKey(Buffer.from(String(jwk.k), 'base64url'))
      return hash !== null && signature === hmac(hash, key, signedPart)
    }
    const members = Object.entries(jwk).map(([name, value]) => [name, String(value)])
    const key = createPublicKey({ key: Object.fromEntries(members), format: 'jwk' })
    return verify(
      hash,
      Buffer.from(signedPart),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  } catch {
    // No key, or none of this family.
    return false
  }
}
