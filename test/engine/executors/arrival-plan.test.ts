import { expect } from 'chai'
import fc from 'fast-check'
import { planArrivals, plannedRate } from '../../../src/engine/executors/arrival-plan.ts'
import { segmentIndexes } from '../../../src/engine/executors/segment-index.ts'
import { durationOf } from '../../../src/engine/executors/table.ts'
import type {
  ConstantArrivalRate,
  OpenScenario,
  RampingArrivalRate,
  Stage,
} from '../../../src/engine/options/options.ts'

const BASE = { name: 's', startTime: 0, gracefulStop: 0, exec: 'default', env: {}, tags: {} }

function constant(rate: number, duration: number, timeUnit = 1000): ConstantArrivalRate {
  return {
    ...BASE,
    executor: 'constant-arrival-rate',
    rate,
    timeUnit,
    duration,
    preAllocatedVUs: 1,
    maxVUs: 1,
  }
}

function ramping(startRate: number, stages: readonly Stage[], timeUnit = 1000): RampingArrivalRate {
  return {
    ...BASE,
    executor: 'ramping-arrival-rate',
    startRate,
    timeUnit,
    stages,
    preAllocatedVUs: 1,
    maxVUs: 1,
  }
}

const stage = fc.record({
  duration: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 5_000 }),
    fc.double({ min: 0.001, max: 3_000, noNaN: true }),
  ),
  target: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 300 }) },
  ),
})
const timeUnit = fc.constantFrom(1, 100, 1_000, 60_000)
const scenario: fc.Arbitrary<OpenScenario> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1_000, max: 5_000 }), timeUnit)
    .map(([rate, duration, unit]) => constant(unit === 1 ? 1 : rate, duration, unit)),
  fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.array(stage, { minLength: 1, maxLength: 5 }), timeUnit)
    .map(([startRate, stages, unit]) =>
      ramping(
        unit === 1 ? startRate % 3 : startRate,
        unit === 1 ? stages.map((one) => ({ ...one, target: one.target % 3 })) : stages,
        unit,
      ),
    ),
)

/** The integral of the rate from 0 to t, worked out another way than the code does: trapezoids over the stages. */
function integral(of: OpenScenario, t: number): number {
  const stages =
    of.executor === 'constant-arrival-rate' ? [{ duration: of.duration, target: of.rate }] : of.stages
  let from = of.executor === 'constant-arrival-rate' ? of.rate : of.startRate
  let start = 0
  let sum = 0
  for (const { duration, target } of stages) {
    const inside = Math.min(Math.max(t - start, 0), duration)
    if (duration > 0) {
      const rateThere = from + ((target - from) * inside) / duration
      sum += (((from + rateThere) / 2) * inside) / of.timeUnit
    }
    start += duration
    from = target
  }
  return sum
}

const startsOf = (of: OpenScenario) => {
  const plan = planArrivals(of)
  return Array.from({ length: plan.count }, (_, i) => plan.startAt(i))
}

describe('planned starts', () => {
  it('are as many as the integral of the profile, a begun one included', () => {
    fc.assert(
      fc.property(scenario, (of) => {
        const total = integral(of, durationOf(of))
        const { count } = planArrivals(of)
        expect(count).to.be.at.least(total - 1e-6)
        expect(count).to.be.lessThan(total + 1)
      }),
    )
  })

  it('are exactly the integral where that is whole', () => {
    expect(planArrivals(constant(50, 1_000)).count).to.equal(50)
    expect(planArrivals(constant(5_000, 30_000)).count).to.equal(150_000)
    expect(planArrivals(constant(1, 10_000, 3)).count).to.equal(3334)
    expect(planArrivals(constant(3, 1_000_000, 7)).count).to.equal(Math.ceil(3_000_000 / 7))
    expect(planArrivals(ramping(0, [{ duration: 10_000, target: 100 }])).count).to.equal(500)
    expect(
      planArrivals(
        ramping(100, [
          { duration: 0, target: 0 },
          { duration: 5_000, target: 10 },
        ]),
      ).count,
    ).to.equal(25)
    // A third of an iteration a stage, three times: exactly one, which doubles alone would miss.
    const third = { duration: 100, target: 10 }
    expect(planArrivals(ramping(10, [third, third, third], 3_000)).count).to.equal(1)
  })

  it('are sorted, and all before the end', () => {
    fc.assert(
      fc.property(scenario, (of) => {
        const starts = startsOf(of)
        const end = durationOf(of)
        const wrong = starts.findIndex((start, i) => !(start >= (starts[i - 1] ?? 0) && start < end))
        expect(wrong).to.equal(-1)
      }),
    )
  })

  it('are where the integral reaches their index', () => {
    fc.assert(
      fc.property(scenario, (of) => {
        const wrong = startsOf(of).findIndex((start, i) => !(Math.abs(integral(of, start) - i) < 1e-4))
        expect(wrong).to.equal(-1)
      }),
    )
  })

  it('begin at 0 when the profile does', () => {
    expect(planArrivals(constant(7, 2_000)).startAt(0)).to.equal(0)
    expect(planArrivals(ramping(0, [{ duration: 1_000, target: 9 }])).startAt(0)).to.equal(0)
  })

  it('wait for the end of a pause', () => {
    const paused = ramping(0, [
      { duration: 2_000, target: 0 },
      { duration: 0, target: 10 },
      { duration: 1_000, target: 10 },
      { duration: 0, target: 0 },
      { duration: 3_000, target: 0 },
      { duration: 0, target: 10 },
      { duration: 100, target: 10 },
    ])
    const starts = startsOf(paused)
    expect(starts[0]).to.equal(2_000)
    expect(starts[10]).to.equal(6_000)
    expect(starts.length).to.equal(11)
  })

  it('lie on the grid of a constant rate', () => {
    expect(startsOf(constant(4, 1_000))).to.deep.equal([0, 250, 500, 750])
    expect(startsOf(constant(2, 3_000, 2_000))).to.deep.equal([0, 1_000, 2_000])
  })

  it('follow the root of a ramp', () => {
    const starts = startsOf(ramping(0, [{ duration: 10_000, target: 2 }]))
    // t²·(2/10s)/2 = i, so t = 10·√(i/10) s
    starts.forEach((start, i) => {
      expect(start).to.be.closeTo(10_000 * Math.sqrt(i / 10), 1e-6)
    })
    expect(starts.length).to.equal(10)
  })

  it('are the same for all shares together as for one', () => {
    fc.assert(
      fc.property(
        scenario,
        fc
          .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 })
          .filter((all) => all.some((one) => one > 0)),
        (of, weights) => {
          const whole = planArrivals(of)
          const parts = segmentIndexes(weights).flatMap((share) => {
            const plan = planArrivals(of, share)
            return Array.from(
              { length: plan.count },
              (_, i) => [plan.indexInTest(i), plan.startAt(i)] as const,
            )
          })
          parts.sort(([a], [b]) => a - b)
          expect(parts).to.deep.equal(Array.from({ length: whole.count }, (_, i) => [i, whole.startAt(i)]))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are lazy: the last of a thousand million is found at once', () => {
    const plan = planArrivals(constant(100_000, 10_000_000))
    expect(plan.count).to.equal(1e9)
    expect(plan.startAt(999_999_999)).to.be.closeTo(9_999_999.99, 1e-6)
  })

  it('have the rate that the profile says', () => {
    const ramp = ramping(0, [
      { duration: 10_000, target: 100 },
      { duration: 5_000, target: 100 },
    ])
    expect(plannedRate(ramp, 5_000)).to.be.closeTo(50, 1e-9)
    expect(plannedRate(ramp, 12_000)).to.equal(100)
    expect(plannedRate(ramp, 15_000)).to.equal(0)
    expect(plannedRate(constant(30, 1_000, 60_000), 0)).to.equal(0.5)
  })
})
