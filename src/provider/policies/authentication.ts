import type { ProviderSettings } from '../settings.ts'
import { readBasic } from './basic.ts'
import type { Bearers } from './bearers.ts'
import type { Claims, Subject } from './claims.ts'
import { readCookies } from './cookies.ts'
import type { Customers } from './customers.ts'
import { authenticationFailed, customerNotFound } from './fault.ts'
import { type Identifiers, visitOf } from './identifiers.ts'
import type { Lockout } from './lockout.ts'
import type { Passwords } from './passwords.ts'
import type { CustomerDocument, Profiles } from './profiles.ts'
import type { SessionRules } from './session-rules.ts'
import type { Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'

/** What a successful authentication gives. */
export interface Grant {
  customer: CustomerDocument
  token: string
}

/** The four types of `POST /customers/auth`. Each throws a {@link Fault} when it refuses. */
export interface Authentication {
  guest(clientId: string): Grant | Promise<Grant>
  /** @param authorization the request header, Basic */
  credentials(clientId: string, authorization: string | undefined): Promise<Grant>
  /** @param cookie the request header */
  session(clientId: string, cookie: string | undefined): Grant | Promise<Grant>
  /** @param authorization the request header, Bearer */
  refresh(authorization: string | undefined): Grant | Promise<Grant>
}

export interface AuthenticationPolicies {
  settings: Pick<ProviderSettings, 'oldTokenAfterRefresh'>
  identifiers: Identifiers
  claims: Claims
  tokens: Tokens
  bearers: Bearers
  passwords: Passwords
  lockout: Lockout
  customers: Customers
  profiles: Profiles
  sessions: Sessions
  sessionRules: SessionRules
}

export function createAuthentication(policies: AuthenticationPolicies): Authentication {
  const { identifiers, tokens, bearers, passwords, lockout, customers, profiles, sessions, sessionRules } =
    policies

  function grant(subject: Subject, clientId: string): Grant {
    const claims = policies.claims.compose(subject, clientId)
    return {
      customer: customerOf(policies, subject, claims.visitId),
      token: tokens.write(claims),
    }
  }

  return {
    guest: (clientId) =>
      grant({ customerId: identifiers.customerId(), guest: true, visit: identifiers.visit() }, clientId),

    async credentials(clientId, authorization) {
      const given = readBasic(authorization)
      if (given === undefined) throw authenticationFailed()
      const customer = customers.findByLogin(given.login)
      const isRight = () => passwords.matches(given.password, customer?.password)
      const letIn = customer === undefined ? await isRight() : await lockout.attempt(customer, isRight)
      if (customer === undefined || !letIn) throw authenticationFailed()
      profiles.recordLogin(customer)
      return grant({ customerId: customer.customerId, guest: false, visit: identifiers.visit() }, clientId)
    },

    session(clientId, cookie) {
      const cookies = readCookies(cookie)
      const session = sessions.find(cookies.get('dwsid') ?? '')
      if (
        session === undefined ||
        !sessionRules.isActive(session) ||
        !sessionRules.secureTokenMatches(session, cookies.get(sessions.secureTokenName)) ||
        !sessionRules.secureTokenWasUsed(session)
      ) {
        throw authenticationFailed()
      }
      sessions.touch(session)
      return grant(session.subject, clientId)
    },

    refresh(authorization) {
      const old = bearers.verify(authorization)
      const renewed = grant(
        { customerId: old.customerId, guest: old.guest, visit: visitOf(old.visitId) },
        old.clientId,
      )
      if (policies.settings.oldTokenAfterRefresh === 'revoked') bearers.revoke(old)
      return renewed
    },
  }
}

/** @throws {Fault} 404: a registered customer that is no longer there */
export function customerOf(
  { customers, profiles }: Pick<AuthenticationPolicies, 'customers' | 'profiles'>,
  { customerId, guest }: Pick<Subject, 'customerId' | 'guest'>,
  visitId: string,
): CustomerDocument {
  if (guest) return profiles.guest(customerId, visitId)
  const customer = customers.findById(customerId)
  if (customer === undefined) throw customerNotFound(customerId)
  return profiles.registered(customer, visitId)
}
