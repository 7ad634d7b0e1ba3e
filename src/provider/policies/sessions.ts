import { createHash, randomBytes } from 'node:crypto'
import type { ProviderSettings } from '../settings.ts'
import type { Subject } from './claims.ts'
import type { Clock } from './clock.ts'
import { ExpiringMap } from './expiring-map.ts'
import { randomText } from './random.ts'

export interface ShopSession {
  /** 88 characters, base64url with padding, as observed. */
  readonly dwsid: string
  readonly secureToken: string
  readonly subject: Subject
  /** Whether the secure token was used in an earlier HTTPS request with this `dwsid`. */
  readonly usedOverHttps: boolean
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** Keeps the storefront's sessions. Whether one is let in is for `SessionRules` to say. */
export interface Sessions {
  /** `dwsecuretoken_` and 32 hex digits; the digits are one site's, as observed. */
  readonly secureTokenName: string
  /** `dwanonymous_` and the same digits. */
  readonly anonymousName: string
  open(subject: Subject, state?: { expired?: boolean; usedOverHttps?: boolean }): ShopSession
  find(dwsid: string): ShopSession | undefined
  /** A request with the session puts its expiry off. */
  touch(session: ShopSession): void
}

/** Beyond it the session goes that was idle longest. */
const MAX_SESSIONS = 100_000

export function createSessions(
  settings: Pick<ProviderSettings, 'siteId' | 'sessionLifetimeSeconds'>,
  clock: Clock,
): Sessions {
  const suffix = createHash('sha256').update(settings.siteId).digest('hex').slice(0, 32)
  const lifetimeMs = settings.sessionLifetimeSeconds * 1000
  // Kept for as long again after they expire, as a real store does until it cleans up.
  const sessions = new ExpiringMap<ShopSession>(clock, 2 * settings.sessionLifetimeSeconds, MAX_SESSIONS)
  return {
    secureTokenName: `dwsecuretoken_${suffix}`,
    anonymousName: `dwanonymous_${suffix}`,
    open(subject, { expired = false, usedOverHttps = true } = {}) {
      const session: ShopSession = {
        dwsid: `${randomBytes(64).toString('base64url')}==`,
        secureToken: randomText(40),
        subject,
        usedOverHttps,
        expiresAt: clock.now() + (expired ? -1000 : lifetimeMs),
      }
      sessions.set(session.dwsid, session)
      return session
    },
    find: (dwsid) => sessions.get(dwsid),
    touch(session) {
      session.expiresAt = clock.now() + lifetimeMs
      sessions.set(session.dwsid, session)
    },
  }
}
