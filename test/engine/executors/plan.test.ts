import { expect } from 'chai'
import { scriptLayer } from '../../../src/engine/config/layers.ts'
import { parseOptions } from '../../../src/engine/config/parse.ts'
import { planScenario } from '../../../src/engine/executors/plan-scenario.ts'
import type { Scenario } from '../../../src/engine/options/options.ts'

function scenario(raw: object): Scenario {
  const [first] = parseOptions([scriptLayer({ scenarios: { main: raw } })]).scenarios
  if (first === undefined) throw new Error('no scenario')
  return first
}

const workers = (of: Scenario, count: number) =>
  Array.from({ length: count }, (_, i) => planScenario(of, i, count))

describe('the plan of a scenario', () => {
  it('divides VUs and shared iterations in one proportion', () => {
    const plans = workers(scenario({ executor: 'shared-iterations', vus: 3, iterations: 100 }), 2)
    expect(plans.map((plan) => plan?.maxVus)).to.deep.equal([2, 1])
    expect(plans.map((plan) => plan?.iterations.count(100))).to.deep.equal([67, 33])
    const indexes = plans.flatMap((plan) =>
      Array.from({ length: plan?.iterations.count(100) ?? 0 }, (_, i) => plan?.iterations.at(i) ?? -1),
    )
    expect(indexes.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 100 }, (_, i) => i))
  })

  it('gives a worker without a VU nothing to do, and its work to the others', () => {
    const rate = { executor: 'constant-arrival-rate', rate: 10, duration: '1s', preAllocatedVUs: 1 }
    const plans = workers(scenario(rate), 3)
    expect(plans.slice(1)).to.deep.equal([undefined, undefined])
    expect(plans[0]?.iterations.count(10)).to.equal(10)
  })

  it('divides the VUs of per-vu-iterations, each of which does its whole number', () => {
    const plans = workers(scenario({ executor: 'per-vu-iterations', vus: 4, iterations: 5 }), 2)
    expect(plans.map((plan) => plan?.maxVus)).to.deep.equal([2, 2])
  })

  it('numbers the VUs of all workers once', () => {
    const plans = workers(scenario({ executor: 'constant-vus', vus: 7, duration: '1s' }), 3)
    const ids = plans.flatMap((plan) =>
      Array.from({ length: plan?.maxVus ?? 0 }, (_, i) => plan?.vus.at(i) ?? -1),
    )
    expect(ids.sort((a, b) => a - b)).to.deep.equal([0, 1, 2, 3, 4, 5, 6])
  })

  it('knows when starts end and when running iterations are cut off', () => {
    const ramping = {
      executor: 'ramping-arrival-rate',
      startRate: 1,
      stages: [
        { duration: '10s', target: 5 },
        { duration: '5s', target: 5 },
      ],
      preAllocatedVUs: 2,
      maxVUs: 6,
      gracefulStop: '3s',
    }
    const plan = planScenario(scenario(ramping))
    expect(plan).to.include({ end: 15_000, hardEnd: 18_000, initialVus: 2, maxVus: 6 })
    const quota = planScenario(scenario({ executor: 'shared-iterations', maxDuration: '1m' }))
    expect(quota).to.include({ end: 60_000, hardEnd: 90_000 })
  })

  it('knows no worker beyond the last', () => {
    expect(() => planScenario(scenario({ executor: 'constant-vus', duration: '1s' }), 2, 2)).to.throw(
      RangeError,
    )
  })
})
