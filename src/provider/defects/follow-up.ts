import { createAccess } from '../policies/access.ts'
import { customerOf } from '../policies/authentication.ts'
import { bearerToken } from '../policies/bearers.ts'
import { ExpiringMap } from '../policies/expiring-map.ts'
import { invalidAccessToken } from '../policies/fault.ts'
import type { Tokens } from '../policies/tokens.ts'
import type { Defect } from './defect.ts'
import { isUnsigned, lenient } from './lenient.ts'

export const followUpDefects: readonly Defect[] = [
  {
    id: 'follow-up-answers-another-customer',
    title: "a follow-up request answers another customer's document",
    clauses: ['USE-1'],
    underLoad: false,
    plant: () => ({
      access: (correct, { identifiers }) => ({
        ...correct,
        async readCustomer(authorization, customerId) {
          const document = await correct.readCustomer(authorization, customerId)
          return { ...document, customer_id: identifiers.customerId() }
        },
      }),
    }),
  },
  {
    id: 'follow-up-refuses-a-refreshed-token',
    title: 'a follow-up request with a refreshed token is declined',
    clauses: ['USE-1'],
    underLoad: false,
    plant: () => {
      let refreshed: ExpiringMap<true> | undefined
      return {
        authentication(correct, { settings, clock }) {
          const tokens = new ExpiringMap<true>(clock, settings.tokenLifetimeSeconds)
          refreshed = tokens
          return {
            ...correct,
            async refresh(authorization) {
              const grant = await correct.refresh(authorization)
              tokens.set(grant.token, true)
              return grant
            },
          }
        },
        access: (correct) => ({
          ...correct,
          readCustomer(authorization, customerId) {
            if (refreshed?.get(bearerToken(authorization) ?? '')) throw invalidAccessToken()
            return correct.readCustomer(authorization, customerId)
          },
        }),
      }
    },
  },
  {
    id: 'follow-up-without-a-token',
    title: 'a follow-up request without a token is answered',
    clauses: ['USE-2'],
    underLoad: false,
    plant: () => ({
      access: (correct, before) => ({
        ...correct,
        readCustomer(authorization, customerId) {
          if (authorization !== undefined) return correct.readCustomer(authorization, customerId)
          return anyCustomer(before, customerId)
        },
      }),
    }),
  },
  {
    id: 'follow-up-skips-the-signature',
    title: 'a follow-up request with an altered token is answered',
    clauses: ['USE-3'],
    underLoad: false,
    plant: () => acceptingMore(() => ({ signatureHolds: (token) => !isUnsigned(token) })),
  },
  {
    id: 'follow-up-accepts-expired',
    title: 'a follow-up request with an expired token is answered',
    clauses: ['USE-3'],
    underLoad: false,
    plant: () => acceptingMore(() => ({ hasExpired: () => false })),
  },
  {
    id: 'follow-up-reads-anyone',
    title: 'a token reads every customer',
    clauses: ['USE-4'],
    underLoad: false,
    plant: () => ({
      access: (correct, before) => ({
        ...correct,
        readCustomer(authorization, customerId) {
          before.bearers.verify(authorization)
          return anyCustomer(before, customerId)
        },
      }),
    }),
  },
]

type Before = Parameters<typeof lenient>[0]

function anyCustomer(before: Before, customerId: string) {
  const guest = before.customers.findById(customerId) === undefined
  const { identifiers } = before
  return customerOf(before, { customerId, guest }, identifiers.visitId(identifiers.visit()))
}

function acceptingMore(change: (tokens: Tokens) => Partial<Tokens>): ReturnType<Defect['plant']> {
  return {
    access: (correct, before) => ({
      ...correct,
      readCustomer: createAccess(lenient(before, change(before.tokens))).readCustomer,
    }),
  }
}
