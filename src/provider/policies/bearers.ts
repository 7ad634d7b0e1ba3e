import type { ProviderSettings } from '../settings.ts'
import type { TokenClaims } from './claims.ts'
import type { Clock } from './clock.ts'
import { ExpiringMap } from './expiring-map.ts'
import { expiredToken, invalidAccessToken, invalidAuthorizationHeader } from './fault.ts'
import type { Tokens } from './tokens.ts'

/** Decides which tokens are let in (clauses REFR-3, USE-3). */
export interface Bearers {
  /**
   * @param authorization the request header
   * @throws {Fault} 401: no header, another scheme, a token that is not ours, has expired or was revoked
   */
  verify(authorization: string | undefined): TokenClaims
  /** From now on the token is refused. */
  revoke(claims: TokenClaims): void
}

export function createBearers(
  settings: Pick<ProviderSettings, 'tokenLifetimeSeconds'>,
  clock: Clock,
  tokens: Tokens,
): Bearers {
  // No limit to its size: forgetting a revocation would let a token in again. Each ends with the token's life.
  const revoked = new ExpiringMap<true>(clock, settings.tokenLifetimeSeconds)
  return {
    verify(authorization) {
      const token = bearerToken(authorization)
      if (token === undefined) throw invalidAuthorizationHeader()
      const claims = tokens.signatureHolds(token) ? tokens.read(token) : undefined
      if (claims === undefined) throw invalidAccessToken()
      if (tokens.hasExpired(claims)) throw expiredToken()
      if (revoked.get(claims.visitId)) throw invalidAccessToken()
      return claims
    },
    revoke(claims) {
      revoked.set(claims.visitId, true)
    },
  }
}

/** The token of a Bearer header; schemes are compared without regard to case (RFC 7235). */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}
