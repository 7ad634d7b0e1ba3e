import { expect } from 'chai'
import fc from 'fast-check'
import { planRamp, type VuStep } from '../../../src/engine/executors/ramp-plan.ts'
import { rampingVus } from '../../../src/engine/executors/ramping-vus.ts'
import { equalIndexes } from '../../../src/engine/executors/segment-index.ts'
import type { RampingVus, Stage } from '../../../src/engine/options/options.ts'

function ramp(startVUs: number, stages: readonly Stage[]): RampingVus {
  return {
    name: 's',
    startTime: 0,
    gracefulStop: 0,
    exec: 'default',
    env: {},
    tags: {},
    executor: 'ramping-vus',
    startVUs,
    stages,
    gracefulRampDown: 0,
  }
}

const scenario = fc
  .tuple(
    fc.nat({ max: 20 }),
    fc.array(
      fc.record({
        duration: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })),
        target: fc.nat({ max: 30 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([start, stages]) => ramp(start, stages))

const at = (steps: readonly VuStep[], t: number) => steps.findLast((step) => step.at <= t)?.vus ?? 0

describe('planned VUs', () => {
  it('ramp from 0 to 10 and back in steps of one, as k6 draws it', () => {
    const steps = planRamp(
      ramp(0, [
        { duration: 10_000, target: 10 },
        { duration: 10_000, target: 0 },
      ]),
    )
    expect(steps.slice(0, 3)).to.deep.equal([
      { at: 0, vus: 0 },
      { at: 1_000, vus: 1 },
      { at: 2_000, vus: 2 },
    ])
    expect(at(steps, 10_000)).to.equal(10)
    expect(at(steps, 10_999)).to.equal(10)
    expect(at(steps, 11_000)).to.equal(9)
    expect(at(steps, 19_999)).to.equal(1)
    expect(at(steps, 20_000)).to.equal(0)
  })

  it('jump where a stage takes no time', () => {
    const steps = planRamp(
      ramp(2, [
        { duration: 0, target: 7 },
        { duration: 1_000, target: 7 },
      ]),
    )
    expect(steps).to.deep.equal([
      { at: 0, vus: 7 },
      { at: 1_000, vus: 0 },
    ])
  })

  it('are in order, change at every step, and end with none', () => {
    fc.assert(
      fc.property(scenario, (of) => {
        const steps = planRamp(of)
        steps.forEach((step, i) => {
          const before = steps[i - 1]
          if (before === undefined) return
          expect(step.at).to.be.greaterThan(before.at)
          expect(step.vus).to.not.equal(before.vus)
        })
        expect(steps.at(-1)?.vus).to.equal(0)
        expect(Math.max(...steps.map(({ vus }) => vus))).to.be.at.most(rampingVus.vusOf(of).max)
      }),
    )
  })

  it('are within one of the straight line', () => {
    fc.assert(
      fc.property(scenario, fc.double({ min: 0, max: 0.999, noNaN: true }), (of, where) => {
        const steps = planRamp(of)
        let start = 0
        let from = of.startVUs
        for (const { duration, target } of of.stages) {
          if (duration > 0) {
            const line = from + (target - from) * where
            expect(Math.abs(at(steps, start + duration * where) - line)).to.be.lessThan(1 + 1e-6)
          }
          start += duration
          from = target
        }
      }),
    )
  })

  it('add up over all workers to the whole, at every step', () => {
    fc.assert(
      fc.property(scenario, fc.integer({ min: 1, max: 5 }), (of, workers) => {
        const whole = planRamp(of)
        const parts = equalIndexes(workers).map((share) => planRamp(of, share))
        for (const { at: t, vus } of whole) {
          expect(parts.reduce((sum, part) => sum + at(part, t), 0)).to.equal(vus)
        }
      }),
    )
  })
})
