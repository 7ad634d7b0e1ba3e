import type { ProviderSettings } from '../settings.ts'
import type { Clock } from './clock.ts'
import type { Identifiers } from './identifiers.ts'

/** Whom a token speaks for. */
export interface Subject {
  customerId: string
  guest: boolean
  /** 16 hex digits; see `Identifiers`. */
  visit: string
}

/** What a token says. Times are whole seconds since 1970. */
export interface TokenClaims {
  clientId: string
  issuedAt: number
  expiresAt: number
  customerId: string
  guest: boolean
  /** 26 hex digits. */
  visitId: string
}

/** Decides what a new token says (clauses TOKEN-3, TOKEN-4). */
export interface Claims {
  /** @param issuedAt whole seconds since 1970; now, if absent (provider states make old tokens) */
  compose(subject: Subject, clientId: string, issuedAt?: number): TokenClaims
}

export function createClaims(
  settings: Pick<ProviderSettings, 'tokenLifetimeSeconds'>,
  clock: Clock,
  identifiers: Identifiers,
): Claims {
  return {
    compose(subject, clientId, issuedAt = Math.floor(clock.now() / 1000)) {
      return {
        clientId,
        issuedAt,
        expiresAt: issuedAt + settings.tokenLifetimeSeconds,
        customerId: subject.customerId,
        guest: subject.guest,
        visitId: identifiers.visitId(subject.visit),
      }
    },
  }
}
