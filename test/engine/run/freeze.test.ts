import { expect } from 'chai'
import type { LoadResult } from '../../../src/verdict/load-result.ts'
import type { Service } from '../support/simulated-transport.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { requestScript, runVirtually } from '../support/virtual-run.ts'

// A target is stopped for S ms inside a run of D ms at R iterations per second, and takes `service` ms otherwise.
const S = 1_000
const D = 6_000
const R = 100
const SERVICE = 2

/** A target that answers nothing from `from` ms of the run on until S ms later. */
function frozen(clock: VirtualClock, from: number): Service {
  const start = clock.now()
  return (arrival) => {
    const t = arrival - start
    const answered = t + SERVICE
    return start + (answered > from && t < from + S ? from + S + SERVICE : answered)
  }
}

/**
 * What arithmetic gives: of the iterations a share S/D was planned inside the freeze, evenly, and waits for what is
 * left of it; so the slowest share q of all iterations waited longer than S - q·D.
 */
function expected(percentile: number): number {
  const slowest = (100 - percentile) / 100
  return slowest < S / D ? S - slowest * D + SERVICE : SERVICE
}

const percentile = (result: LoadResult, metric: string, p: number) =>
  result.curves.find(({ label }) => label === metric)?.points.find(([at]) => at === p)?.[1] ?? Number.NaN

const openModel = (vus: number) =>
  requestScript({
    a: { executor: 'constant-arrival-rate', rate: R, duration: `${D}ms`, preAllocatedVUs: vus, maxVUs: vus },
  })

const requestPercentile = ({ requests: [only] }: LoadResult, p: number): number =>
  only?.points.find(([at]) => at === p)?.[1] ?? Number.NaN

describe('a target that is stopped during a run', () => {
  it('shows in the latency from plan as arithmetic says, within 5 %', async () => {
    const clock = new VirtualClock()
    const { output } = await runVirtually(openModel(200), { clock, service: frozen(clock, 2_000) })
    const { result } = output
    expect(result.iterations).to.include({ planned: 600, completed: 600 })
    for (const p of [85, 90, 95, 98, 99]) {
      expect(expected(p), `p${p} is inside the freeze`).to.be.above(50)
      const measured = percentile(result, 'latency_from_plan', p)
      expect(
        Math.abs(measured - expected(p)) / expected(p),
        `p${p} ${measured} of ${expected(p)}`,
      ).to.be.below(0.05)
    }
    // Outside of the freeze nothing changes, to a tick of the wheel.
    expect(percentile(result, 'latency_from_plan', 50)).to.be.closeTo(SERVICE, 1.1)
    expect(result.generator.saturated).to.deep.equal([])
  })

  it('hides from the service time of a closed model at the same rate', async () => {
    const clock = new VirtualClock()
    const vus = 10
    const { output } = await runVirtually(
      `
      import http from 'k6/http'
      export const options = { vus: ${vus}, duration: '${D}ms' }
      export default async () => {
        await http.asyncRequest('GET', 'http://target.test/')
        await new Promise((done) => setTimeout(done, ${(vus * 1_000) / R - SERVICE}))
      }
      `,
      { clock, service: frozen(clock, 2_000) },
    )
    const { result } = output
    // Ten requests waited, one of each VU; those that should have come meanwhile were never sent.
    expect(result.metrics.http_reqs?.values.count).to.be.within(480, 520)
    expect(expected(95)).to.be.above(600)
    expect(requestPercentile(result, 95)).to.be.below(SERVICE + 2)
    expect(result.curves.some(({ label }) => label === 'latency_from_plan')).to.equal(false)
  })

  it('gives no verdict when VUs run out and the service time is that of the lucky few', async () => {
    const clock = new VirtualClock()
    const { output } = await runVirtually(openModel(10), { clock, service: frozen(clock, 2_000) })
    const { result } = output
    expect(requestPercentile(result, 95)).to.be.below(SERVICE + 2)
    expect(result.generator.droppedIterations).to.be.within(85, 95)
    expect(result.generator.saturated.join()).to.include('dropped iterations')
  })
})

describe('a generator that is stopped during a run', () => {
  it('shows in the latency from plan as arithmetic says, and never in the service time', async () => {
    const clock = new VirtualClock()
    const start = clock.now()
    let blocked = false
    const { output } = await runVirtually(openModel(200), {
      clock,
      service: (arrival) => {
        // Once, while a request is sent, the event loop does something else for S ms.
        if (!blocked && arrival - start >= 2_000) {
          blocked = true
          clock.freeze(S)
          return arrival + SERVICE
        }
        return arrival + SERVICE
      },
    })
    const { result } = output
    expect(result.iterations).to.include({ planned: 600, completed: 600 })
    for (const p of [90, 95, 98]) {
      const measured = percentile(result, 'latency_from_plan', p)
      expect(
        Math.abs(measured - expected(p)) / expected(p),
        `p${p} ${measured} of ${expected(p)}`,
      ).to.be.below(0.05)
    }
    expect(requestPercentile(result, 99)).to.be.below(SERVICE + 2)
    expect(result.generator.lateStarts).to.be.within(85, 95)
    expect(result.generator.saturated.join()).to.include('late starts')
  })
})
