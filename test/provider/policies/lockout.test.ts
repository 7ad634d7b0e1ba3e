import { expect } from 'chai'
import fc from 'fast-check'
import { findDefect } from '../../../src/provider/defects/index.ts'
import type { Clock } from '../../../src/provider/policies/clock.ts'
import { createLockout, type Lockout } from '../../../src/provider/policies/lockout.ts'
import { completeSettings } from '../../../src/provider/settings.ts'
import { type LockoutSettings, lockoutProperty, SETTINGS } from './lockout-model.ts'
import { manualClock } from './manual-clock.ts'

const right = async () => true
const wrong = async () => false
/** Searching ends with the first sequence that fails; every planted defect is found within a small part of these. */
const SEARCH = { numRuns: 10_000, endOnFailure: true }

function planted(id: string): (settings: LockoutSettings, clock: Clock) => Lockout {
  return (some, clock) => {
    const settings = completeSettings(some)
    const correct = createLockout(settings, clock)
    return findDefect(id).plant().lockout?.(correct, { settings, clock }) ?? correct
  }
}

describe('lockout', () => {
  it('does what its model does, whatever comes in whatever order, also at once', () =>
    fc.assert(lockoutProperty(), { numRuns: 300 }))

  for (const maxAttempts of [1, 10]) {
    it(`locks at a maximum of ${maxAttempts}, and not before`, async () => {
      const lockout = createLockout({ ...SETTINGS, maxAttempts }, manualClock())
      const [one, other] = [{}, {}]
      for (let failed = 0; failed < maxAttempts - 1; failed++) await lockout.attempt(one, wrong)
      expect(await lockout.attempt(one, right)).to.equal(true)
      for (let failed = 0; failed < maxAttempts; failed++) await lockout.attempt(other, wrong)
      expect(await lockout.attempt(other, right)).to.equal(false)
      expect(await lockout.attempt(one, right)).to.equal(true)
    })
  }

  it('compares the password while locked too, so that time does not tell a lock', async () => {
    const lockout = createLockout({ ...SETTINGS, maxAttempts: 1 }, manualClock())
    const customer = {}
    await lockout.attempt(customer, wrong)
    let compared = false
    await lockout.attempt(customer, async () => {
      compared = true
      return true
    })
    expect(compared).to.equal(true)
  })

  it('gives the place back of an attempt that could not be decided, and counts it not', async () => {
    const lockout = createLockout({ ...SETTINGS, maxAttempts: 1 }, manualClock())
    const customer = {}
    const failing = () => Promise.reject(new Error('out of memory'))
    const answers = await Promise.allSettled([
      lockout.attempt(customer, failing),
      lockout.attempt(customer, right),
    ])
    expect(answers.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled'])
    expect(answers[1]).to.include({ value: true })
  })

  describe('the model', () => {
    for (const id of [
      'lock-missing',
      'lock-one-late',
      'lock-one-early',
      'lock-lets-the-right-password-in',
      'lock-count-outlives-a-success',
      'lock-never-ends',
      'lock-ends-early',
      'lock-leaves-one-attempt',
    ]) {
      it(`finds ${id}`, async () => {
        const run = await fc.check(lockoutProperty(planted(id), { together: false }), SEARCH)
        expect(run.failed, 'found').to.equal(true)
      })
    }

    it('finds a lockout that counts after it has compared', async () => {
      const run = await fc.check(lockoutProperty(countingLate), SEARCH)
      expect(run.failed, 'found').to.equal(true)
    })

    it('finds a lockout that refuses attempts in place of letting them wait', async () => {
      const run = await fc.check(lockoutProperty(refusingTheOverlapping), SEARCH)
      expect(run.failed, 'found').to.equal(true)
    })
  })
})

/** Right one after the other; attempts at once all read the same count. */
function countingLate(settings: LockoutSettings, clock: Clock): Lockout {
  const correct = createLockout(settings, clock)
  return {
    async attempt(customer, decide) {
      const isRight = await decide()
      return correct.attempt(customer, async () => isRight)
    },
  }
}

function refusingTheOverlapping(settings: LockoutSettings, clock: Clock): Lockout {
  const correct = createLockout(settings, clock)
  let busy = 0
  return {
    async attempt(customer, decide) {
      if (busy >= settings.maxAttempts) {
        await decide()
        return false
      }
      busy++
      try {
        return await correct.attempt(customer, decide)
      } finally {
        busy--
      }
    },
  }
}
