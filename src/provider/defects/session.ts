import type { Grant } from '../policies/authentication.ts'
import { readCookies } from '../policies/cookies.ts'
import { ExpiringMap } from '../policies/expiring-map.ts'
import { Fault } from '../policies/fault.ts'
import { visitOf } from '../policies/identifiers.ts'
import type { Defect } from './defect.ts'
import { refusalWithToken } from './refusal-with-token.ts'

export const sessionDefects: readonly Defect[] = [
  {
    id: 'session-answers-another-customer',
    title: "a session request answers a new guest in place of the session's customer",
    clauses: ['SESS-1'],
    underLoad: false,
    plant: () => ({
      authentication: (correct) => ({
        ...correct,
        async session(clientId, cookie) {
          await correct.session(clientId, cookie)
          return correct.guest(clientId)
        },
      }),
    }),
  },
  {
    id: 'session-expired-accepted',
    title: 'an expired session is let in',
    clauses: ['SESS-2'],
    underLoad: false,
    plant: () => ({ sessionRules: (correct) => ({ ...correct, isActive: () => true }) }),
  },
  {
    id: 'session-refusal-carries-a-token',
    title: 'a refused session carries a token in its body',
    clauses: ['SESS-2'],
    underLoad: false,
    plant: () => refusalWithToken('session', 'body'),
  },
  {
    id: 'session-secure-token-not-compared',
    title: 'any secure token will do',
    clauses: ['SESS-3'],
    underLoad: false,
    plant: () => ({
      sessionRules: (correct) => ({
        ...correct,
        secureTokenMatches: (_session, given) => given !== undefined,
      }),
    }),
  },
  {
    id: 'session-secure-token-missing-accepted',
    title: 'the secure token is compared only if one is sent',
    clauses: ['SESS-3'],
    underLoad: false,
    plant: () => ({
      sessionRules: (correct) => ({
        ...correct,
        secureTokenMatches: (session, given) =>
          given === undefined || correct.secureTokenMatches(session, given),
      }),
    }),
  },
  {
    id: 'session-secure-token-of-another-accepted',
    title: "another session's secure token is let in",
    clauses: ['SESS-3'],
    underLoad: false,
    plant: () => {
      const secureTokens = new Set<string>()
      return {
        sessions: (correct) => ({
          ...correct,
          open(subject, state) {
            const session = correct.open(subject, state)
            secureTokens.add(session.secureToken)
            return session
          },
        }),
        sessionRules: (correct) => ({
          ...correct,
          secureTokenMatches: (_session, given) => given !== undefined && secureTokens.has(given),
        }),
      }
    },
  },
  {
    id: 'session-secure-token-fault-differs',
    title: 'a wrong secure token answers a fault of its own, which tells that the session exists',
    clauses: ['SESS-3'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { sessions, sessionRules }) => ({
        ...correct,
        session(clientId, cookie) {
          const cookies = readCookies(cookie)
          const session = sessions.find(cookies.get('dwsid') ?? '')
          const given = cookies.get(sessions.secureTokenName)
          if (session !== undefined && !sessionRules.secureTokenMatches(session, given)) {
            throw new Fault(401, 'InvalidSecureTokenException', 'The session secure token is invalid.')
          }
          return correct.session(clientId, cookie)
        },
      }),
    }),
  },
  {
    id: 'session-by-its-secure-token-alone',
    title: 'a secure token without dwsid opens the session that it belongs to',
    clauses: ['SESS-3'],
    underLoad: false,
    plant: () => {
      const dwsidOf = new Map<string, string>()
      return {
        sessions: (correct) => ({
          ...correct,
          open(subject, state) {
            const session = correct.open(subject, state)
            dwsidOf.set(session.secureToken, session.dwsid)
            return session
          },
        }),
        authentication: (correct, { sessions }) => ({
          ...correct,
          session(clientId, cookie) {
            const cookies = readCookies(cookie)
            const dwsid = dwsidOf.get(cookies.get(sessions.secureTokenName) ?? '')
            return correct.session(
              clientId,
              cookies.has('dwsid') || dwsid === undefined ? cookie : `dwsid=${dwsid}; ${cookie}`,
            )
          },
        }),
      }
    },
  },
  {
    id: 'session-without-cookies-is-a-guest',
    title: 'a session request without cookies answers a new guest',
    clauses: ['SESS-3'],
    underLoad: false,
    plant: () => ({
      authentication: (correct) => ({
        ...correct,
        session: (clientId, cookie) =>
          cookie === undefined ? correct.guest(clientId) : correct.session(clientId, cookie),
      }),
    }),
  },
  {
    id: 'session-secure-token-unused-accepted',
    title: 'a secure token that was never used over HTTPS is let in',
    clauses: ['SESS-4'],
    underLoad: false,
    plant: () => ({ sessionRules: (correct) => ({ ...correct, secureTokenWasUsed: () => true }) }),
  },
  {
    id: 'session-touches-the-visit-time',
    title: "a session request sets the profile's last visit time",
    clauses: ['SESS-5'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { customers, clock }) => ({
        ...correct,
        async session(clientId, cookie) {
          const grant = await correct.session(clientId, cookie)
          const customer = customers.findById(grant.customer.customer_id)
          if (customer !== undefined) customer.lastVisitAt = clock.now()
          return grant
        },
      }),
    }),
  },
  {
    id: 'session-repeats-its-token',
    title: 'a session answers one token each time',
    clauses: ['SESS-6', 'LOAD-1'],
    underLoad: false,
    plant: () => ({
      authentication(correct, { settings, clock }) {
        const cached = new ExpiringMap<Grant>(clock, settings.tokenLifetimeSeconds / 2)
        return {
          ...correct,
          async session(clientId, cookie) {
            const grant = await correct.session(clientId, cookie)
            const dwsid = readCookies(cookie).get('dwsid') ?? ''
            const first = cached.get(dwsid) ?? grant
            cached.set(dwsid, first)
            return first
          },
        }
      },
    }),
  },
  {
    id: 'session-answers-one-token-a-second',
    title: 'requests of one session within a second answer one token, which has nothing random in it',
    clauses: ['SESS-6', 'LOAD-1'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { tokens }) => ({
        ...correct,
        async session(clientId, cookie) {
          const grant = await correct.session(clientId, cookie)
          const claims = tokens.read(grant.token)
          if (claims === undefined) return grant
          const visitId = `${visitOf(claims.visitId)}0000000000`
          return {
            customer: { ...grant.customer, visit_id: visitId },
            token: tokens.write({ ...claims, visitId }),
          }
        },
      }),
    }),
  },
]
