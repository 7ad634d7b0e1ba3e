import { createHash } from 'node:crypto'
import type { TokenClaims } from '../policies/claims.ts'
import type { Clock } from '../policies/clock.ts'
import { ExpiringMap } from '../policies/expiring-map.ts'
import { randomText } from '../policies/random.ts'
import { createTokens, encodeSegment, type Tokens } from '../policies/tokens.ts'
import type { Defect } from './defect.ts'

export const tokenDefects: readonly Defect[] = [
  {
    id: 'token-in-body-only',
    title: 'the token comes back in the body and in no header',
    clauses: ['TOKEN-1'],
    underLoad: false,
    plant: () => ({
      answers: (correct) => ({
        ...correct,
        grant(grant) {
          const answer = correct.grant(grant)
          const { authorization, ...headers } = answer.headers
          return { ...answer, headers, body: JSON.stringify({ ...grant.customer, token: grant.token }) }
        },
      }),
    }),
  },
  {
    id: 'token-without-scheme',
    title: 'the response header Authorization carries the token without Bearer',
    clauses: ['TOKEN-1'],
    underLoad: false,
    plant: () => ({
      answers: (correct) => ({
        ...correct,
        grant(grant) {
          const answer = correct.grant(grant)
          return { ...answer, headers: { ...answer.headers, authorization: grant.token } }
        },
      }),
    }),
  },
  {
    id: 'token-without-algorithm',
    title: "the token's header names no algorithm",
    clauses: ['TOKEN-2'],
    underLoad: false,
    plant: () => ({
      tokens: (_correct, { settings, clock }) =>
        createTokens(settings, clock, encodeSegment('{"_v":"1","typ":"JWT"}')),
    }),
  },
  {
    id: 'token-without-signature',
    title: 'the token has two sections: its signature is cut off on the way out',
    clauses: ['TOKEN-2'],
    underLoad: false,
    plant: () => ({
      tokens(correct, { clock }) {
        const whole = new ExpiringMap<string>(clock, A_DAY)
        const complete = (token: string) => whole.get(token) ?? token
        return {
          ...correct,
          write(claims) {
            const token = correct.write(claims)
            const cut = token.slice(0, token.lastIndexOf('.'))
            whole.set(cut, token)
            return cut
          },
          signatureHolds: (token) => correct.signatureHolds(complete(token)),
          read: (token) => correct.read(complete(token)),
        }
      },
    }),
  },
  {
    id: 'token-lifetime-doubled',
    title: 'a new token lives twice as long as it should',
    clauses: ['TOKEN-3'],
    underLoad: false,
    plant: () => ({
      claims: (correct, { settings }) => ({
        compose(subject, clientId, issuedAt) {
          const claims = correct.compose(subject, clientId, issuedAt)
          if (issuedAt !== undefined) return claims
          return { ...claims, expiresAt: claims.expiresAt + settings.tokenLifetimeSeconds }
        },
      }),
    }),
  },
  {
    id: 'token-issued-ahead',
    title: 'a new token says that it was issued an hour from now: the time zone is taken twice',
    clauses: ['TOKEN-3'],
    underLoad: false,
    plant: () => ({
      claims: (correct) => ({
        compose(subject, clientId, issuedAt) {
          const claims = correct.compose(subject, clientId, issuedAt)
          if (issuedAt !== undefined) return claims
          return { ...claims, issuedAt: claims.issuedAt + 3600, expiresAt: claims.expiresAt + 3600 }
        },
      }),
    }),
  },
  {
    id: 'token-wrong-issuer',
    title: "the token's iss is the site, not the client",
    clauses: ['TOKEN-3'],
    underLoad: false,
    plant: () => ({
      tokens: (correct, { settings, clock }) =>
        writingOther(correct, clock, (claims) => ({ ...claims, clientId: settings.siteId })),
    }),
  },
  {
    id: 'token-guest-flag-wrong',
    title: "a registered customer's token says guest",
    clauses: ['TOKEN-4'],
    underLoad: false,
    plant: () => ({
      tokens: (correct, { clock }) => writingOther(correct, clock, (claims) => ({ ...claims, guest: true })),
    }),
  },
  {
    id: 'token-names-another-customer',
    title: "the token's sub names another customer than the body",
    clauses: ['TOKEN-4'],
    underLoad: false,
    plant: () => ({
      tokens: (correct, { clock }) =>
        writingOther(correct, clock, (claims) => ({ ...claims, customerId: randomText(26) })),
    }),
  },
  {
    id: 'token-signed-with-another-key',
    title: 'tokens are signed with a key that nobody was given',
    clauses: ['TOKEN-5'],
    underLoad: false,
    plant: () => ({
      tokens: (_correct, { settings, clock }) =>
        createTokens({ secret: createHash('sha256').update(settings.secret).digest() }, clock),
    }),
  },
]

const A_DAY = 86_400

/** Writes other claims into a token than it reads back from it, so that only what a client sees is wrong. */
function writingOther(correct: Tokens, clock: Clock, change: (claims: TokenClaims) => TokenClaims): Tokens {
  const meant = new ExpiringMap<TokenClaims>(clock, A_DAY)
  return {
    ...correct,
    write(claims) {
      meant.set(claims.visitId, claims)
      return correct.write(change(claims))
    },
    read(token) {
      const claims = correct.read(token)
      return claims && (meant.get(claims.visitId) ?? claims)
    },
  }
}
