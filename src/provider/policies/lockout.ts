import type { Clock } from './clock.ts'
import { createFailureCounts, type FailureCount, type LockoutSettings } from './failure-counts.ts'

/**
 * Counts consecutive failed logins by customer, and locks (clauses LOCK-1 to LOCK-8).
 *
 * A password takes time to compare, so attempts overlap. Each attempt therefore takes one of the customer's free
 * places before it is decided; there are as many as failures are left until the lock. One that finds no free place
 * waits for a decision, and is refused only if that decision locks the customer. So never more than the maximum
 * of wrong attempts is decided, and right ones that arrive together are never refused.
 */
export interface Lockout {
  /**
   * @param customer whose places are taken; the count lives as long as this object does
   * @param decide whether the password is right; also called while the customer is locked, and then ignored, so
   *   that time does not tell a lock
   * @returns whether the customer is let in
   */
  attempt(customer: object, decide: () => Promise<boolean>): Promise<boolean>
}

/** What is remembered of one customer. */
interface Attempts extends FailureCount {
  /** Attempts that hold a place and are not decided yet. */
  undecided: number
  /** Attempts that wait for a place, first come first. */
  waiting: (() => void)[]
}

export function createLockout(settings: LockoutSettings, clock: Clock): Lockout {
  const counts = createFailureCounts(settings, clock)
  const all = new WeakMap<object, Attempts>()

  function attemptsOf(customer: object): Attempts {
    let attempts = all.get(customer)
    if (attempts === undefined) {
      attempts = { ...counts.none(), undecided: 0, waiting: [] }
      all.set(customer, attempts)
    }
    return attempts
  }

  const freePlaces = (attempts: Attempts) => settings.maxAttempts - attempts.failures - attempts.undecided

  /** After a decision: as many as there are places now, or all of them, to be refused. */
  function wake(attempts: Attempts): void {
    const many = attempts.lockedUntil === 0 ? freePlaces(attempts) : attempts.waiting.length
    for (const resume of attempts.waiting.splice(0, many)) resume()
  }

  return {
    async attempt(customer, decide) {
      const attempts = attemptsOf(customer)
      counts.refresh(attempts)
      while (attempts.lockedUntil === 0 && freePlaces(attempts) <= 0) {
        await new Promise<void>((resume) => attempts.waiting.push(resume))
        counts.refresh(attempts)
      }
      if (attempts.lockedUntil !== 0) {
        await decide()
        return false
      }
      attempts.undecided++
      try {
        const right = await decide()
        counts.record(attempts, right)
        return right
      } finally {
        attempts.undecided--
        wake(attempts)
      }
    },
  }
}
