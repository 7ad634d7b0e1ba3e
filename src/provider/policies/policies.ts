import type { ProviderSettings } from '../settings.ts'
import { type Access, createAccess } from './access.ts'
import { type Answers, createAnswers } from './answers.ts'
import { type AuthRequests, createAuthRequests } from './auth-requests.ts'
import { type Authentication, createAuthentication } from './authentication.ts'
import { type Bearers, createBearers } from './bearers.ts'
import { type Claims, createClaims } from './claims.ts'
import { type Clients, createClients } from './clients.ts'
import { type Clock, createClock } from './clock.ts'
import { type Customers, createCustomers } from './customers.ts'
import { createIdentifiers, type Identifiers } from './identifiers.ts'
import { createLockout, type Lockout } from './lockout.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import { createProfiles, type Profiles } from './profiles.ts'
import { createSessionRules, type SessionRules } from './session-rules.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** Policies that decide for themselves. */
interface Ground {
  settings: ProviderSettings
  clock: Clock
  identifiers: Identifiers
  claims: Claims
  tokens: Tokens
  passwords: Passwords
  lockout: Lockout
  customers: Customers
  profiles: Profiles
  sessions: Sessions
  sessionRules: SessionRules
  authRequests: AuthRequests
}

/** Policies that ask the ones before. */
export interface Bearing extends Ground {
  bearers: Bearers
}

export interface Policies extends Bearing {
  clients: Clients
  authentication: Authentication
  access: Access
  answers: Answers
}

type Replacing<Policy, Before> = (correct: Policy, before: Before) => Policy

/**
 * Replaces policies by others: how a defect is planted. Each replacement is handed the correct policy and the
 * policies made before it, and every later policy works with what it returns.
 */
export type Plant = {
  [Name in Exclude<keyof Ground, 'settings' | 'clock'>]?: Replacing<
    Ground[Name],
    Pick<Ground, 'settings' | 'clock'>
  >
} & { bearers?: Replacing<Bearers, Ground> } & {
  [Name in Exclude<keyof Policies, keyof Bearing>]?: Replacing<Policies[Name], Bearing>
}

export function createPolicies(
  settings: ProviderSettings,
  plant: Plant = {},
  clock = createClock(),
): Policies {
  const base = { settings, clock }
  const identifiers = replaced(createIdentifiers(), plant.identifiers, base)
  const sessions = replaced(createSessions(settings, clock), plant.sessions, base)
  const ground: Ground = {
    ...base,
    identifiers,
    sessions,
    claims: replaced(createClaims(settings, clock, identifiers), plant.claims, base),
    tokens: replaced(createTokens(settings, clock), plant.tokens, base),
    passwords: replaced(createPasswords(settings), plant.passwords, base),
    lockout: replaced(createLockout(settings, clock), plant.lockout, base),
    customers: replaced(createCustomers(), plant.customers, base),
    profiles: replaced(createProfiles(settings, clock), plant.profiles, base),
    sessionRules: replaced(createSessionRules(settings, clock), plant.sessionRules, base),
    authRequests: replaced(createAuthRequests(), plant.authRequests, base),
  }
  const bearing: Bearing = {
    ...ground,
    bearers: replaced(createBearers(settings, clock, ground.tokens), plant.bearers, ground),
  }
  return {
    ...bearing,
    clients: replaced(createClients(settings, ground.tokens), plant.clients, bearing),
    authentication: replaced(createAuthentication(bearing), plant.authentication, bearing),
    access: replaced(createAccess(bearing), plant.access, bearing),
    answers: replaced(createAnswers(settings, clock, sessions), plant.answers, bearing),
  }
}

function replaced<Policy, Before>(
  correct: Policy,
  replacing: Replacing<Policy, Before> | undefined,
  before: Before,
): Policy {
  return replacing === undefined ? correct : replacing(correct, before)
}
