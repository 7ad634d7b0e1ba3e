import { timingSafeEqual } from 'node:crypto'
import type { ProviderSettings } from '../settings.ts'
import type { Clock } from './clock.ts'
import type { ShopSession } from './sessions.ts'

/** What a session must fulfil to be let in. */
export interface SessionRules {
  /** Clause SESS-2. */
  isActive(session: ShopSession): boolean
  /** Clause SESS-3. Always true where HTTPS is enforced: `dwsid` alone suffices then. */
  secureTokenMatches(session: ShopSession, given: string | undefined): boolean
  /** Clause SESS-4. Likewise. */
  secureTokenWasUsed(session: ShopSession): boolean
}

export function createSessionRules(
  settings: Pick<ProviderSettings, 'enforceHttps'>,
  clock: Clock,
): SessionRules {
  return {
    isActive: (session) => clock.now() < session.expiresAt,
    secureTokenMatches: (session, given) =>
      settings.enforceHttps || sameText(session.secureToken, given ?? ''),
    secureTokenWasUsed: (session) => settings.enforceHttps || session.usedOverHttps,
  }
}

function sameText(expected: string, given: string): boolean {
  const a = Buffer.from(expected)
  const b = Buffer.from(given)
  return a.length === b.length && timingSafeEqual(a, b)
}
