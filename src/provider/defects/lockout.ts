import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../policies/clock.ts'
import { createFailureCounts, type FailureCount } from '../policies/failure-counts.ts'
import { createLockout, type Lockout } from '../policies/lockout.ts'
import type { ProviderSettings } from '../settings.ts'
import type { Defect } from './defect.ts'

export const lockoutDefects: readonly Defect[] = [
  {
    id: 'lock-missing',
    title: 'failed logins never lock a customer',
    clauses: ['LOCK-1'],
    underLoad: false,
    plant: () => withSettings(() => ({ maxAttempts: Number.POSITIVE_INFINITY })),
  },
  {
    id: 'lock-one-late',
    title: 'the lock comes one failed login late',
    clauses: ['LOCK-1'],
    underLoad: false,
    plant: () => withSettings(({ maxAttempts }) => ({ maxAttempts: maxAttempts + 1 })),
  },
  {
    id: 'lock-lets-the-right-password-in',
    title: 'a locked customer is let in with the right password',
    clauses: ['LOCK-1'],
    underLoad: false,
    plant: () => ({
      lockout: (correct) => ({
        async attempt(customer, decide) {
          let right = false
          const letIn = await correct.attempt(customer, async () => {
            right = await decide()
            return right
          })
          return letIn || right
        },
      }),
    }),
  },
  {
    id: 'lock-loses-updates',
    title:
      'the count of failures is read before the password is compared and written after: attempts at once count as one',
    clauses: ['LOCK-2'],
    underLoad: ['lockout'],
    plant: () => ({ lockout: (_correct, { settings, clock }) => createUnguardedLockout(settings, clock) }),
  },
  {
    id: 'lock-refuses-logins-at-once',
    title: 'of valid logins of one customer that arrive at once, all but the first are refused',
    // Also where others of them fail, fewer than the maximum.
    clauses: ['CRED-1', 'LOCK-5'],
    underLoad: ['lockout'],
    plant: () => ({
      lockout(correct) {
        const busy = new WeakSet<object>()
        return {
          async attempt(customer, decide) {
            if (busy.has(customer)) return false
            busy.add(customer)
            try {
              const letIn = await correct.attempt(customer, decide)
              await sleep(COMPARING_MS)
              return letIn
            } finally {
              busy.delete(customer)
            }
          },
        }
      },
    }),
  },
  {
    id: 'lock-holds-everyone',
    title: 'one locked customer locks all others too',
    clauses: ['LOCK-3'],
    underLoad: false,
    plant: () => ({
      lockout(correct, { settings, clock }) {
        const locks = watchLocks(settings, clock)
        let anyLockedUntil = 0
        return {
          async attempt(customer, decide) {
            if (clock.now() < anyLockedUntil) {
              await decide()
              return false
            }
            const letIn = await correct.attempt(customer, decide)
            anyLockedUntil = Math.max(anyLockedUntil, locks.record(customer, letIn))
            return letIn
          },
        }
      },
    }),
  },
  {
    id: 'lock-forgotten-under-load',
    title: 'counts and locks are kept in a cache of 64 customers, so a lock is lost when many others log in',
    clauses: ['LOCK-4'],
    underLoad: ['lockout'],
    plant: () => ({ lockout: (correct) => createBoundedLockout(correct, 64) }),
  },
  {
    id: 'lock-table-of-a-thousand',
    title: 'counts and locks are kept of a thousand customers at most, and the oldest is dropped',
    clauses: ['LOCK-4'],
    underLoad: ['lockout'],
    plant: () => ({ lockout: (correct) => createBoundedLockout(correct, 1000) }),
  },
  {
    id: 'lock-count-outlives-a-success',
    title: 'a success does not reset the count of failures',
    clauses: ['LOCK-5'],
    underLoad: false,
    plant: () => ({
      lockout(correct) {
        const failures = new WeakMap<object, number>()
        return {
          async attempt(customer, decide) {
            const letIn = await correct.attempt(customer, decide)
            const count = failures.get(customer) ?? 0
            if (!letIn) failures.set(customer, count + 1)
            else await fail(correct, customer, count)
            return letIn
          },
        }
      },
    }),
  },
  {
    id: 'lock-one-early',
    title: 'the lock comes one failed login early',
    clauses: ['LOCK-5'],
    underLoad: false,
    plant: () => withSettings(({ maxAttempts }) => ({ maxAttempts: Math.max(1, maxAttempts - 1) })),
  },
  {
    id: 'lock-never-ends',
    title: 'a lock does not end with its period',
    clauses: ['LOCK-6'],
    underLoad: false,
    plant: () => withSettings(() => ({ periodSeconds: Number.POSITIVE_INFINITY })),
  },
  {
    id: 'lock-ends-early',
    title: 'a lock ends after half of its period',
    clauses: ['LOCK-6'],
    underLoad: false,
    plant: () => withSettings(({ periodSeconds }) => ({ periodSeconds: periodSeconds / 2 })),
  },
  {
    id: 'lock-comes-once',
    title: 'a customer whose lock has ended is never locked again',
    clauses: ['LOCK-6'],
    underLoad: false,
    plant: () => ({
      lockout(correct, { settings, clock }) {
        const locks = watchLocks(settings, clock)
        const exempt = new WeakSet<object>()
        return {
          async attempt(customer, decide) {
            if (locks.hasEnded(customer)) exempt.add(customer)
            if (exempt.has(customer)) return decide()
            const letIn = await correct.attempt(customer, decide)
            locks.record(customer, letIn)
            return letIn
          },
        }
      },
    }),
  },
  {
    id: 'lock-leaves-one-attempt',
    title: 'after a lock the first failed login locks again',
    clauses: ['LOCK-6'],
    underLoad: false,
    plant: () => ({
      lockout(correct, { settings, clock }) {
        const locks = watchLocks(settings, clock)
        return {
          async attempt(customer, decide) {
            if (locks.hasEnded(customer)) await fail(correct, customer, settings.maxAttempts - 1)
            const letIn = await correct.attempt(customer, decide)
            locks.record(customer, letIn)
            return letIn
          },
        }
      },
    }),
  },
  {
    id: 'lock-count-forgotten-early',
    title: 'failures are forgotten after a quarter of an hour, long before the reset time',
    clauses: ['LOCK-7'],
    underLoad: false,
    plant: () =>
      withSettings(({ resetAfterSeconds }) => ({ resetAfterSeconds: Math.min(900, resetAfterSeconds / 2) })),
  },
  {
    id: 'lock-count-reset-from-the-first-failure',
    title: 'the reset time is counted from the first failure, whatever failures came after it',
    clauses: ['LOCK-7'],
    underLoad: false,
    plant: () => ({
      lockout(correct, { settings, clock }) {
        const began = new WeakMap<object, { entry: object; at: number }>()
        const resetMs = settings.resetAfterSeconds * 1000
        return {
          async attempt(customer, decide) {
            const now = clock.now()
            let current = began.get(customer)
            if (current === undefined || now - current.at >= resetMs) current = { entry: {}, at: now }
            began.set(customer, current)
            const letIn = await correct.attempt(current.entry, decide)
            if (letIn) began.delete(customer)
            return letIn
          },
        }
      },
    }),
  },
  {
    id: 'lock-count-never-resets',
    title: 'a count of failures stays, however much time passes without one',
    clauses: ['LOCK-7'],
    underLoad: false,
    plant: () => withSettings(() => ({ resetAfterSeconds: Number.POSITIVE_INFINITY })),
  },
]

/** As long as a slow database takes to answer: long enough that attempts of any load overlap. */
const COMPARING_MS = 50

function withSettings(
  change: (settings: ProviderSettings) => Partial<ProviderSettings>,
): ReturnType<Defect['plant']> {
  return {
    lockout: (_correct, { settings, clock }) => createLockout({ ...settings, ...change(settings) }, clock),
  }
}

async function fail(lockout: Lockout, customer: object, times: number): Promise<void> {
  for (let failed = 0; failed < times; failed++) await lockout.attempt(customer, async () => false)
}

/** Follows from outside when a customer is locked, for attempts that come one after the other. */
function watchLocks(settings: ProviderSettings, clock: Clock) {
  const counts = createFailureCounts(settings, clock)
  const all = new WeakMap<object, FailureCount>()
  return {
    /** Returns when the customer's lock ends, in milliseconds since 1970; 0 if there is none. */
    record(customer: object, letIn: boolean): number {
      const count = all.get(customer) ?? counts.none()
      all.set(customer, count)
      counts.refresh(count)
      if (count.lockedUntil === 0) counts.record(count, letIn)
      return count.lockedUntil
    },
    /** True once after each lock that has ended. */
    hasEnded(customer: object): boolean {
      const count = all.get(customer)
      return (
        count !== undefined &&
        count.lockedUntil !== 0 &&
        count.lockedUntil <= clock.now() &&
        all.delete(customer)
      )
    },
  }
}

/** Right for attempts that come one after the other; wrong for those that overlap. */
function createUnguardedLockout(settings: ProviderSettings, clock: Clock): Lockout {
  const counts = createFailureCounts(settings, clock)
  const stored = new WeakMap<object, FailureCount>()
  return {
    async attempt(customer, decide) {
      const read = { ...(stored.get(customer) ?? counts.none()) }
      counts.refresh(read)
      const right = await decide()
      if (read.lockedUntil !== 0) return false
      if (!right) await sleep(COMPARING_MS)
      counts.record(read, right)
      stored.set(customer, read)
      return right
    },
  }
}

/** Counts of so many customers at once; for one more the oldest count is dropped, and its lock with it. */
function createBoundedLockout(correct: Lockout, maxCustomers: number): Lockout {
  const table = new Map<object, object>()
  return {
    attempt(customer, decide) {
      const entry = table.get(customer) ?? {}
      table.set(customer, entry)
      for (const oldest of table.keys()) {
        if (table.size <= maxCustomers) break
        table.delete(oldest)
      }
      return correct.attempt(entry, decide)
    },
  }
}
