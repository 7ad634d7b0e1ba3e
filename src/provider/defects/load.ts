import { setTimeout as sleep } from 'node:timers/promises'
import type { Authentication, Grant } from '../policies/authentication.ts'
import { internalError } from './credentials.ts'
import type { Defect } from './defect.ts'
import { everyNth } from './now-and-then.ts'

/** One request in fifty: too rare for one request, and twice what a 99th percentile overlooks. */
const RARE = 50

export const loadDefects: readonly Defect[] = [
  {
    id: 'rare-500s',
    title: 'one request in fifty of each type makes an internal error',
    clauses: ['LOAD-1'],
    underLoad: ['issuance', 'refresh', 'session', 'lockout', 'journey'],
    plant: () => ({
      authentication: (correct) =>
        aroundEach(correct, () => {
          const fails = everyNth(RARE)
          return async (authenticate) => {
            if (fails()) throw internalError()
            return authenticate()
          }
        }),
    }),
  },
  {
    id: 'rare-slowness',
    title: 'one request in fifty of each type takes a second and a half longer',
    clauses: ['LOAD-1'],
    underLoad: ['issuance', 'refresh', 'session'],
    plant: () => ({
      authentication: (correct) =>
        aroundEach(correct, () => {
          const stalls = everyNth(RARE)
          return async (authenticate) => {
            if (stalls()) await sleep(1500)
            return authenticate()
          }
        }),
    }),
  },
  {
    id: 'token-repeats-under-load',
    title: 'now and then a guest request answers the token and the customer of the one before',
    clauses: ['LOAD-1'],
    underLoad: ['issuance'],
    plant: () => ({
      authentication(correct) {
        const repeats = everyNth(RARE)
        let last: Grant | undefined
        return {
          ...correct,
          async guest(clientId) {
            if (last !== undefined && repeats()) return last
            last = await correct.guest(clientId)
            return last
          },
        }
      },
    }),
  },
]

type Around = (authenticate: () => Grant | Promise<Grant>) => Promise<Grant>

/** Puts the same around each of the four types, each with a count of its own. */
function aroundEach(correct: Authentication, makeAround: () => Around): Authentication {
  const [guest, credentials, session, refresh] = [makeAround(), makeAround(), makeAround(), makeAround()]
  return {
    guest: (clientId) => guest(() => correct.guest(clientId)),
    credentials: (clientId, authorization) => credentials(() => correct.credentials(clientId, authorization)),
    session: (clientId, cookie) => session(() => correct.session(clientId, cookie)),
    refresh: (authorization) => refresh(() => correct.refresh(authorization)),
  }
}
