import { alterPayload, alterSignature, twoSections, unsigned } from '../tokens.ts'

/** A way to make a valid token invalid, and nothing else. */
export interface BadToken {
  readonly name: string
  /** A sentence begins with it. */
  readonly what: string
  /** Each of them has to be declined; by what was done to it. */
  make(token: string): Readonly<Record<string, string>>
}

/** Tokens whose signature does not verify, from one whose does. */
export const BAD_TOKENS: readonly BadToken[] = [
  {
    name: 'altered-payload',
    what: 'a token with an altered payload',
    make: (token) => ({ 'both times a second earlier': alterPayload(token) }),
  },
  {
    name: 'altered-signature',
    what: 'a token with one altered bit in its signature',
    make: (token) => ({
      'in the first byte': alterSignature(token, 'first'),
      'in the last byte': alterSignature(token, 'last'),
    }),
  },
  {
    name: 'alg-none',
    what: 'a token that says alg none, or has no signature,',
    make: (token) => ({
      ...Object.fromEntries(
        ['none', 'None', 'NONE', 'nOnE'].map((alg) => [`alg ${alg}, not signed`, unsigned(token, { alg })]),
      ),
      'alg none, with the signature': unsigned(token, { signature: 'kept' }),
      'two sections': twoSections(token),
    }),
  },
]
