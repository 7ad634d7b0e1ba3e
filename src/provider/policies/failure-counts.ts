import type { ProviderSettings } from '../settings.ts'
import type { Clock } from './clock.ts'

export type LockoutSettings = Pick<ProviderSettings, 'maxAttempts' | 'periodSeconds' | 'resetAfterSeconds'>

/** Consecutive failed logins of one customer. Times are milliseconds since 1970. */
export interface FailureCount {
  failures: number
  lastFailureAt: number
  /** 0: not locked. */
  lockedUntil: number
}

/** What logins and time do to a count, for logins that come one after the other. */
export interface FailureCounts {
  none(): FailureCount
  /** Lets time do its work: a lock ends with its period, a count with the reset time. */
  refresh(count: FailureCount): void
  /** After a login that was decided while there was no lock. */
  record(count: FailureCount, right: boolean): void
}

export function createFailureCounts(settings: LockoutSettings, clock: Clock): FailureCounts {
  function refresh(count: FailureCount): void {
    const now = clock.now()
    const lockEnded = count.lockedUntil !== 0 && now >= count.lockedUntil
    const countEnded =
      count.lockedUntil === 0 && now - count.lastFailureAt >= settings.resetAfterSeconds * 1000
    if (lockEnded || countEnded) {
      count.failures = 0
      count.lockedUntil = 0
    }
  }
  return {
    none: () => ({ failures: 0, lastFailureAt: 0, lockedUntil: 0 }),
    refresh,
    record(count, right) {
      refresh(count)
      if (right) {
        count.failures = 0
        return
      }
      count.failures++
      count.lastFailureAt = clock.now()
      if (count.failures >= settings.maxAttempts) {
        count.lockedUntil = count.lastFailureAt + settings.periodSeconds * 1000
      }
    },
  }
}
