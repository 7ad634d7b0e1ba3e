import { alterPayload, alterSignature, twoSections, unsigned } from '../tokens.ts'

/** A way to make a valid token invalid, and nothing else. */
export interface BadToken {
  readonly name: string
  /** A sentence begins with it. */
  readonly what: string
  /** Each of them has to be declined. */
  make(token: string): string[]
}

/** Tokens whose signature does not verify, from one whose does. */
export const BAD_TOKENS: readonly BadToken[] = [
  {
    name: 'altered-payload',
    what: 'a token with an altered payload',
    make: (token) => [alterPayload(token)],
  },
  {
    name: 'altered-signature',
    what: 'a token with one bit of its signature altered, at either end,',
    make: (token) => [alterSignature(token, 'first'), alterSignature(token, 'last')],
  },
  {
    name: 'alg-none',
    what: 'a token whose algorithm says none, in any spelling, and that is not signed',
    make: (token) => ['none', 'None', 'NONE', 'nOnE'].map((alg) => unsigned(token, { alg })),
  },
  {
    name: 'alg-none-with-signature',
    what: 'a token whose algorithm says none and that keeps its signature',
    make: (token) => [unsigned(token, { signature: 'kept' })],
  },
  { name: 'no-signature', what: 'a token without its signature', make: (token) => [twoSections(token)] },
]
