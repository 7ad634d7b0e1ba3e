import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Authentication,
  createAuthentication,
  customerOf,
  type Grant,
} from '../policies/authentication.ts'
import { bearerToken } from '../policies/bearers.ts'
import type { TokenClaims } from '../policies/claims.ts'
import { ExpiringMap } from '../policies/expiring-map.ts'
import { invalidAccessToken } from '../policies/fault.ts'
import { visitOf } from '../policies/identifiers.ts'
import type { Bearing } from '../policies/policies.ts'
import type { Tokens } from '../policies/tokens.ts'
import type { Defect } from './defect.ts'
import { isUnsigned, lenient } from './lenient.ts'
import { everyNth, SERVING_MS } from './now-and-then.ts'

export const refreshDefects: readonly Defect[] = [
  {
    id: 'refresh-without-a-token',
    title: 'a refresh answers 200 without a token',
    clauses: ['REFR-1'],
    underLoad: false,
    plant: () => {
      const refreshed = new WeakSet<object>()
      return {
        authentication: (correct) => ({
          ...correct,
          async refresh(authorization) {
            const grant = await correct.refresh(authorization)
            refreshed.add(grant)
            return grant
          },
        }),
        answers: (correct) => ({
          ...correct,
          grant: (grant) => (refreshed.has(grant) ? correct.customer(grant.customer) : correct.grant(grant)),
        }),
      }
    },
  },
  {
    id: 'refresh-works-once',
    title: 'a token that came from a refresh is refused by the next one',
    clauses: ['REFR-1'],
    underLoad: false,
    plant: () => ({
      authentication(correct, { settings, clock }) {
        const renewed = new ExpiringMap<true>(clock, settings.tokenLifetimeSeconds)
        return {
          ...correct,
          async refresh(authorization) {
            if (renewed.get(bearerToken(authorization) ?? '')) throw invalidAccessToken()
            const grant = await correct.refresh(authorization)
            renewed.set(grant.token, true)
            return grant
          },
        }
      },
    }),
  },
  {
    id: 'refresh-revokes-the-older-token',
    title: 'a refresh ends the token that it was sent, though that has not expired',
    clauses: ['USE-1'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { bearers }) => ({
        ...correct,
        async refresh(authorization) {
          const old = bearers.verify(authorization)
          const grant = await correct.refresh(authorization)
          bearers.revoke(old)
          return grant
        },
      }),
    }),
  },
  {
    id: 'refresh-returns-the-same-token',
    title: 'a refresh answers the token that it was sent',
    clauses: ['REFR-2', 'LOAD-1'],
    underLoad: false,
    plant: () => ({
      authentication: (correct) => ({
        ...correct,
        async refresh(authorization) {
          const grant = await correct.refresh(authorization)
          return { ...grant, token: bearerToken(authorization) ?? grant.token }
        },
      }),
    }),
  },
  {
    id: 'refresh-keeps-the-expiry',
    title: 'a refreshed token expires when the old one does',
    clauses: ['REFR-2'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, before) =>
        refreshing(correct, before, (old) => ({ issuedAt: old.issuedAt, expiresAt: old.expiresAt })),
    }),
  },
  {
    id: 'refreshes-of-a-second-answer-one-token',
    title: 'two refreshes of a token within a second answer one token, which has nothing random in it',
    clauses: ['LOAD-1'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, before) =>
        refreshing(correct, before, (old) => ({ visitId: nextVisitId(old.visitId) })),
    }),
  },
  {
    id: 'refreshes-at-once-share-a-token',
    title: 'refreshes of a token that arrive while one of it is being served share its answer',
    clauses: ['LOAD-1'],
    underLoad: false,
    plant: () => ({
      authentication(correct) {
        const served = new Map<string, Promise<Grant>>()
        return {
          ...correct,
          async refresh(authorization = '') {
            const shared = served.get(authorization)
            if (shared !== undefined) return shared
            const grant = Promise.resolve(correct.refresh(authorization))
            served.set(authorization, grant)
            try {
              await sleep(SERVING_MS)
              return await grant
            } finally {
              served.delete(authorization)
            }
          },
        }
      },
    }),
  },
  {
    id: 'refresh-changes-the-customer',
    title: 'a refreshed token names a new guest',
    clauses: ['REFR-2'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { identifiers, ...before }) =>
        refreshing(correct, { ...before, identifiers }, () => ({
          customerId: identifiers.customerId(),
          guest: true,
        })),
    }),
  },
  {
    id: 'refresh-accepts-expired',
    title: 'an expired token is refreshed',
    clauses: ['REFR-3'],
    underLoad: false,
    plant: () => acceptingMore(() => ({ hasExpired: () => false })),
  },
  {
    id: 'refresh-skips-the-signature',
    title: 'a refresh does not verify the signature, so an altered token is refreshed',
    clauses: ['REFR-3'],
    underLoad: false,
    // An unsigned token is still refused: that is another defect.
    plant: () => acceptingMore(() => ({ signatureHolds: (token) => !isUnsigned(token) })),
  },
  {
    id: 'refresh-accepts-unsigned',
    title: 'a token that says alg none is refreshed',
    clauses: ['REFR-3'],
    underLoad: false,
    plant: () =>
      acceptingMore((tokens) => ({
        signatureHolds: (token) => isUnsigned(token) || tokens.signatureHolds(token),
      })),
  },
  {
    id: 'refresh-takes-any-scheme',
    title: 'a token in a header of another scheme than Bearer is refreshed',
    clauses: ['REFR-3'],
    underLoad: false,
    plant: () => ({
      authentication: (correct) => ({
        ...correct,
        refresh: (authorization) => correct.refresh(authorization?.replace(/^\S+ +/, 'Bearer ')),
      }),
    }),
  },
  {
    id: 'refresh-takes-credentials',
    title: 'a refresh with the right Basic credentials answers a token',
    clauses: ['REFR-3'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { settings }) => ({
        ...correct,
        refresh: (authorization) =>
          authorization?.startsWith('Basic ')
            ? correct.credentials(settings.clientIds[0] ?? '', authorization)
            : correct.refresh(authorization),
      }),
    }),
  },
  {
    id: 'refresh-without-header-is-a-guest',
    title: 'a refresh without a token answers a new guest',
    clauses: ['REFR-3'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { settings }) => ({
        ...correct,
        refresh: (authorization) =>
          authorization === undefined
            ? correct.guest(settings.clientIds[0] ?? '')
            : correct.refresh(authorization),
      }),
    }),
  },
  {
    id: 'refresh-crosstalk',
    title: "now and then a refresh answers another customer's token",
    clauses: ['REFR-4'],
    underLoad: ['refresh', 'journey'],
    plant: () => ({
      authentication(correct, before) {
        const crosses = everyNth(20)
        let due = false
        let previous: { claims: TokenClaims; at: number } | undefined
        return refreshing(correct, before, (old) => {
          const other = previous
          previous = { claims: old, at: performance.now() }
          due ||= crosses()
          const crossable =
            other !== undefined &&
            other.claims.customerId !== old.customerId &&
            previous.at - other.at < AT_ONCE_MS
          if (!due || !crossable) return {}
          due = false
          return { customerId: other.claims.customerId, guest: other.claims.guest }
        })
      },
    }),
  },
]

const AT_ONCE_MS = 250

/** The same each time: two tokens of one second are then equal, since `iat` counts whole seconds. */
function nextVisitId(visitId: string): string {
  return visitOf(visitId) + createHash('sha256').update(visitId).digest('hex').slice(0, 10)
}

/** Refreshes as it should, then changes what the new token says; the body says the same. */
function refreshing(
  correct: Authentication,
  before: Bearing,
  change: (old: TokenClaims) => Partial<TokenClaims>,
): Authentication {
  const { bearers, tokens } = before
  return {
    ...correct,
    async refresh(authorization) {
      const old = bearers.verify(authorization)
      const renewed = tokens.read((await correct.refresh(authorization)).token) ?? old
      const claims = { ...renewed, ...change(old) }
      return { customer: customerOf(before, claims, claims.visitId), token: tokens.write(claims) }
    },
  }
}

function acceptingMore(change: (tokens: Tokens) => Partial<Tokens>): ReturnType<Defect['plant']> {
  return {
    authentication: (correct, before) => ({
      ...correct,
      refresh: createAuthentication(lenient(before, change(before.tokens))).refresh,
    }),
  }
}
