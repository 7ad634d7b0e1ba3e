import { expect } from 'chai'
import fc from 'fast-check'
import {
  loadScenarios,
  type Overrides,
  PROFILES,
  partOf,
  peakRate,
  plannedIterations,
  plannedMs,
  SHAPES,
  type Work,
} from '../../load/lib/profiles.ts'

const work: Work = { exec: 'run', rate: { smoke: 100, full: 20 }, seconds: 0.5, tags: { auth: 'guest' } }

/** ms of a time that the profiles write. */
const ms = (text: string) => Number(/^(\d+)ms$/.exec(text)?.[1])

/** Iterations that k6's arrival-rate executors would start. */
function area(scenario: ReturnType<typeof loadScenarios>[string] | undefined): number {
  if (scenario?.executor === 'constant-arrival-rate') {
    return (scenario.rate * ms(scenario.duration)) / (scenario.timeUnit === '1s' ? 1000 : 60_000)
  }
  if (scenario?.executor !== 'ramping-arrival-rate') throw new Error(`not open: ${scenario?.executor}`)
  const unit = scenario.timeUnit === '1s' ? 1000 : 60_000
  let from = scenario.startRate
  return scenario.stages.reduce((sum, { duration, target }) => {
    const part = (((from + target) / 2) * ms(duration)) / unit
    from = target
    return sum + part
  }, 0)
}

const profiles = fc.constantFrom(...PROFILES)

describe('Load profiles', () => {
  it('puts the warm-up before the main part, each with its phase', () => {
    for (const profile of PROFILES) {
      const { work: main, work_warmup: warmup } = loadScenarios('work', profile, work)
      expect(main?.tags).to.deep.equal({ auth: 'guest', phase: 'main' })
      expect(warmup?.tags).to.deep.equal({ auth: 'guest', phase: 'warmup' })
      expect(main?.startTime).to.equal(`${SHAPES[profile].warmupMs}ms`)
      expect([main?.exec, warmup?.exec]).to.deep.equal(['run', 'run'])
    }
  })

  it('leaves the warm-up out where it takes no time', () => {
    expect(Object.keys(loadScenarios('work', 'soak', work, { warmupMs: 0 }))).to.deep.equal(['work'])
  })

  it('is open by default, with VUs closed, and open with a rate and at most so many VUs', () => {
    for (const profile of PROFILES) {
      expect(loadScenarios('work', profile, work).work?.executor).to.match(/-arrival-rate$/)
      expect(loadScenarios('work', profile, work, { vus: 7 }).work?.executor).to.match(/-vus$/)
      const limited = loadScenarios('work', profile, work, { vus: 7, rate: 50 }).work
      expect(limited).to.include({ maxVUs: 7, preAllocatedVUs: 7 })
    }
  })

  it('plans what its executor starts', () => {
    fc.assert(
      fc.property(
        profiles,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 600 }),
        (profile, rate, seconds) => {
          const overrides = { rate, durationMs: seconds * 1000 }
          const planned = plannedIterations(profile, work, overrides) ?? Number.NaN
          // Parts are cut to whole milliseconds.
          const slack = 1 + rate * 10 * 0.001 * SHAPES[profile].parts.length
          expect(
            Math.abs(area(loadScenarios('work', profile, work, overrides).work) - planned),
          ).to.be.at.most(slack)
        },
      ),
    )
  })

  it('lasts as long as it is told', () => {
    fc.assert(
      fc.property(profiles, fc.integer({ min: 1000, max: 10_000_000 }), (profile, durationMs) => {
        const total = plannedMs(profile, { durationMs, warmupMs: 0 })
        expect(Math.abs(total - durationMs)).to.be.at.most(SHAPES[profile].parts.length)
      }),
    )
  })

  it('has no more planned at once than the peak, and enough VUs for it', () => {
    fc.assert(
      fc.property(profiles, fc.double({ min: 0.1, max: 500, noNaN: true }), (profile, rate) => {
        const peak = peakRate(profile, work, { rate }) ?? Number.NaN
        const { work: main } = loadScenarios('work', profile, work, { rate })
        if (main === undefined || !('preAllocatedVUs' in main)) throw new Error('not open')
        expect(main.preAllocatedVUs).to.be.at.least(peak * work.seconds)
        expect(main.maxVUs).to.be.at.least(main.preAllocatedVUs)
      }),
    )
  })

  it('uses whole numbers only, whatever the rate', () => {
    fc.assert(
      fc.property(profiles, fc.double({ min: 0.02, max: 1000, noNaN: true }), (profile, rate) => {
        for (const scenario of Object.values(loadScenarios('work', profile, work, { rate }))) {
          const numbers =
            scenario.executor === 'constant-arrival-rate'
              ? [scenario.rate, scenario.preAllocatedVUs, scenario.maxVUs]
              : scenario.executor === 'ramping-arrival-rate'
                ? [scenario.startRate, ...scenario.stages.map(({ target }) => target)]
                : []
          expect(numbers).not.to.deep.equal([])
          expect(numbers.every((number) => Number.isInteger(number) && number >= 1)).to.equal(true)
        }
      }),
    )
  })

  it('plans nothing in the closed model', () => {
    const overrides: Overrides = { vus: 5 }
    expect(plannedIterations('average', work, overrides)).to.equal(undefined)
    expect(peakRate('average', work, overrides)).to.equal(undefined)
  })

  it('waits longer for the last iterations than a request may take', () => {
    const slow = { ...work, seconds: 120 }
    expect(ms(loadScenarios('work', 'soak', slow).work?.gracefulStop ?? '')).to.be.at.least(130_000)
  })

  it('gives a part of the rate, or of the VUs, and at least one VU', () => {
    expect(partOf({ rate: 100, durationMs: 5 }, 0.25)).to.deep.include({ rate: 25, durationMs: 5 })
    expect(partOf({ vus: 10 }, 0.04).vus).to.equal(1)
  })
})
