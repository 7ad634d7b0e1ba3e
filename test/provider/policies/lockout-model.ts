import fc from 'fast-check'
import type { Clock } from '../../../src/provider/policies/clock.ts'
import { createLockout, type Lockout } from '../../../src/provider/policies/lockout.ts'
import { manualClock } from './manual-clock.ts'

/** Settings that sequences of a few commands go through several times. */
export interface LockoutSettings {
  maxAttempts: number
  periodSeconds: number
  resetAfterSeconds: number
}

export const SETTINGS: LockoutSettings = { maxAttempts: 3, periodSeconds: 100, resetAfterSeconds: 250 }

/** What the lockout is to do, one attempt after the other: small enough to be seen to be right. */
class Model {
  readonly settings: LockoutSettings
  seconds = 0
  failures = 0
  lastFailure = 0
  lockedUntil: number | undefined

  constructor(settings: LockoutSettings) {
    this.settings = settings
  }

  get isLocked(): boolean {
    return this.lockedUntil !== undefined && this.seconds < this.lockedUntil
  }

  /** Failures that are left until the lock. */
  get left(): number {
    if (this.isLocked) return 0
    const { maxAttempts, resetAfterSeconds } = this.settings
    const isOver = this.lockedUntil !== undefined || this.seconds - this.lastFailure >= resetAfterSeconds
    return isOver ? maxAttempts : maxAttempts - this.failures
  }

  /** Returns whether the customer is let in. */
  attempt(right: boolean): boolean {
    if (this.isLocked) return false
    const { maxAttempts, periodSeconds } = this.settings
    this.failures = right ? 0 : maxAttempts - this.left + 1
    this.lockedUntil = undefined
    if (right) return true
    this.lastFailure = this.seconds
    if (this.failures === maxAttempts) this.lockedUntil = this.seconds + periodSeconds
    return false
  }
}

interface Real {
  lockout: Lockout
  clock: Clock
  customer: object
  schedule: fc.Scheduler
}
type Step = fc.AsyncCommand<Model, Real>

const attempt = (right: boolean): Step => ({
  check: () => true,
  async run(model, { lockout, customer }) {
    const letIn = await lockout.attempt(customer, async () => right)
    const expected = model.attempt(right)
    if (letIn !== expected) throw new Error(`let in: ${letIn}, expected: ${expected}`)
  },
  toString: () => (right ? 'right' : 'wrong'),
})

const passTime = (seconds: number): Step => ({
  check: () => true,
  async run(model, { clock }) {
    clock.advance(seconds)
    model.seconds += seconds
  },
  toString: () => `${seconds} s pass`,
})

/**
 * Attempts that arrive together and are decided in any order. Each answer must be the one that the model gives when
 * the attempts come one after the other, in the order in which they were decided; and of those that are being decided
 * at any moment there are never more than failures are left until the lock.
 */
const atOnce = (passwords: readonly boolean[]): Step => ({
  check: () => true,
  async run(model, { lockout, customer, schedule }) {
    let undecided = 0
    const expected = new Map<number, boolean>()
    const answers = passwords.map((right, index) =>
      lockout.attempt(customer, async () => {
        const counts = !model.isLocked
        if (counts && ++undecided > model.left) throw new Error('more are let through than failures are left')
        await schedule.schedule(Promise.resolve(), right ? 'right' : 'wrong')
        if (counts) undecided--
        expected.set(index, model.attempt(right))
        return right
      }),
    )
    for (const [index, letIn] of (await schedule.waitFor(Promise.all(answers))).entries()) {
      if (letIn !== expected.get(index)) {
        throw new Error(`${passwords[index] ? 'right' : 'wrong'} password let in: ${letIn}`)
      }
    }
  },
  toString: () => `at once: ${passwords.map((right) => (right ? 'right' : 'wrong')).join(', ')}`,
})

/** @param make the lockout under test @param together whether attempts also arrive at the same moment */
export function lockoutProperty(
  make: (settings: LockoutSettings, clock: Clock) => Lockout = createLockout,
  { together }: { together: boolean } = { together: true },
): fc.IAsyncProperty<unknown> {
  const { periodSeconds, resetAfterSeconds } = SETTINGS
  const steps = [
    fc.constant(attempt(false)),
    fc.constant(attempt(false)),
    fc.constant(attempt(true)),
    fc.constantFrom(1, periodSeconds / 2, periodSeconds - 1, periodSeconds, resetAfterSeconds).map(passTime),
    ...(together ? [fc.array(fc.boolean(), { minLength: 2, maxLength: 8 }).map(atOnce)] : []),
  ]
  return fc.asyncProperty(
    fc.commands(steps, { maxCommands: 25 }),
    fc.scheduler(),
    async (commands, schedule) => {
      const setup = () => {
        const clock = manualClock()
        const real: Real = { lockout: make(SETTINGS, clock), clock, customer: {}, schedule }
        return { model: new Model(SETTINGS), real }
      }
      await fc.asyncModelRun(setup, commands)
    },
  )
}
