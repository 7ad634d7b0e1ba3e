import { expect } from 'chai'
import { answersAfter, requestScript, runVirtually } from '../support/virtual-run.ts'

/** Lines `INFO name value value` of the script, as numbers. */
function logged(lines: readonly string[], name: string): number[][] {
  return lines
    .filter((line) => line.startsWith(`INFO ${name} `))
    .map((line) => line.split(' ').slice(2).map(Number))
}

const count = (metrics: Readonly<Record<string, { values: Record<string, number> }>>, name: string) =>
  metrics[name]?.values.count ?? 0

describe('executors, on virtual time', () => {
  describe('constant-arrival-rate', () => {
    const scenario = {
      executor: 'constant-arrival-rate',
      rate: 50,
      timeUnit: '1s',
      duration: '10s',
      preAllocatedVUs: 5,
      maxVUs: 5,
    }

    it('starts every planned iteration, each within a tick (1 ms) of its plan', async () => {
      const { output } = await runVirtually(requestScript({ a: scenario }))
      const { iterations, metrics, generator } = output.result
      expect(iterations).to.deep.equal({
        planned: 500,
        completed: 500,
        completedOfPlan: 500,
        interrupted: 0,
        failed: 0,
      })
      expect(metrics.delay_from_plan?.values.max).to.be.at.most(1.001)
      expect(generator).to.include({ droppedIterations: 0, lateStarts: 0 })
      expect(generator.saturated).to.deep.equal([])
    })

    it('drops an iteration that finds no free VU, never starts it later, and says that it is saturated', async () => {
      const { output } = await runVirtually(requestScript({ a: scenario }), { service: answersAfter(500) })
      const { iterations, metrics, generator } = output.result
      // 5 VUs of 2 iterations a second each, in 10 s.
      expect(iterations.completed).to.be.within(95, 100)
      expect(iterations.completed + count(metrics, 'dropped_iterations')).to.equal(500)
      expect(metrics.delay_from_plan?.values.max).to.be.at.most(1.001)
      expect(generator.saturated.join()).to.match(/dropped iterations 4\d\d of 500/)
    })

    it('makes more VUs up to maxVUs when it is short of them', async () => {
      const { output } = await runVirtually(requestScript({ a: { ...scenario, maxVUs: 40 } }), {
        service: answersAfter(500),
      })
      // 25 VUs carry 50 iterations of half a second each second; the first ones found none.
      expect(output.result.maxVus).to.be.within(24, 27)
      expect(count(output.result.metrics, 'dropped_iterations')).to.be.within(1, 30)
    })

    it('gives every iteration an index of its own, from 0', async () => {
      const { lines } = await runVirtually(`
        import exec from 'k6/execution'
        export const options = { scenarios: { a: ${JSON.stringify({ ...scenario, duration: '1s' })} } }
        export default async () => { console.log('iteration', exec.scenario.iterationInTest) }
      `)
      const indexes = logged(lines, 'iteration').map(([index]) => index)
      expect(indexes).to.deep.equal(Array.from({ length: 50 }, (_, index) => index))
    })
  })

  it('ramping-arrival-rate starts the integral of its stages', async () => {
    const { output } = await runVirtually(
      requestScript({
        a: {
          executor: 'ramping-arrival-rate',
          startRate: 0,
          timeUnit: '1s',
          preAllocatedVUs: 20,
          stages: [
            { target: 100, duration: '4s' },
            { target: 100, duration: '2s' },
            { target: 0, duration: '4s' },
          ],
        },
      }),
    )
    expect(output.result.iterations).to.include({ planned: 600, completed: 600 })
    expect(output.result.metrics.delay_from_plan?.values.max).to.be.at.most(1.001)
    const started = output.result.series.map((point) => point.started)
    expect(started[0]).to.be.below(started[3] ?? 0)
    expect(started[4]).to.equal(100)
  })

  it('constant-vus loops every VU until the end', async () => {
    const { output } = await runVirtually(
      requestScript({ a: { executor: 'constant-vus', vus: 3, duration: '1s' } }),
    )
    // 3 VUs of 10 ms each, and up to two ticks of the wheel.
    expect(output.result.iterations.completed).to.be.within(3 * 80, 3 * 101)
    expect(output.result.iterations).not.to.have.property('planned')
    expect(output.result.maxVus).to.equal(3)
  })

  it('per-vu-iterations does its number on each VU', async () => {
    const { output, lines } = await runVirtually(`
      export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 4 } } }
      export default async () => { console.log('vu', __VU, __ITER) }
    `)
    expect(output.result.iterations.completed).to.equal(12)
    for (const vu of [1, 2, 3]) {
      const own = logged(lines, 'vu').filter(([id]) => id === vu)
      expect(own.map(([, iteration]) => iteration)).to.deep.equal([0, 1, 2, 3])
    }
  })

  it('shared-iterations does its number with all VUs together', async () => {
    const { output } = await runVirtually(
      requestScript({ a: { executor: 'shared-iterations', vus: 3, iterations: 10 } }),
    )
    expect(output.result.iterations.completed).to.equal(10)
  })

  it('counts iterations that maxDuration prevents as dropped', async () => {
    const { output } = await runVirtually(
      requestScript({
        shared: {
          executor: 'shared-iterations',
          vus: 1,
          iterations: 10,
          maxDuration: '1s',
          gracefulStop: '0s',
        },
        own: { executor: 'per-vu-iterations', vus: 2, iterations: 5, maxDuration: '1s', gracefulStop: '0s' },
      }),
      { service: answersAfter(300) },
    )
    const { completed, interrupted } = output.result.iterations
    expect(completed).to.equal(9)
    expect(interrupted).to.equal(3)
    expect(count(output.result.metrics, 'dropped_iterations')).to.equal(20 - 9 - 3)
  })

  it('ramping-vus brings VUs and takes them away', async () => {
    const { output } = await runVirtually(
      requestScript({
        a: {
          executor: 'ramping-vus',
          startVUs: 0,
          stages: [
            { target: 10, duration: '5s' },
            { target: 10, duration: '2s' },
            { target: 0, duration: '5s' },
          ],
          gracefulRampDown: '1s',
        },
      }),
      { service: answersAfter(100) },
    )
    const { series, iterations, maxVus } = output.result
    expect(maxVus).to.equal(10)
    expect(iterations.interrupted).to.equal(0)
    const vus = series.map((point) => point.vus)
    expect(vus.slice(0, 5)).to.deep.equal(vus.slice(0, 5).toSorted((a, b) => a - b))
    expect(vus[6]).to.equal(10)
    expect(vus[11]).to.be.below(4)
    // The area under the ramp is 70 VU-seconds of ten iterations each.
    expect(iterations.completed).to.be.within(640, 720)
  })

  it('ramping-vus cuts off what gracefulRampDown does not suffice for, and brings a new VU when one is wanted again', async () => {
    const { output } = await runVirtually(
      requestScript({
        a: {
          executor: 'ramping-vus',
          startVUs: 2,
          stages: [
            { target: 2, duration: '1s' },
            { target: 1, duration: '0s' },
            { target: 1, duration: '1s' },
            { target: 2, duration: '0s' },
            { target: 2, duration: '3s' },
          ],
          gracefulRampDown: '100ms',
          gracefulStop: '0s',
        },
      }),
      { service: answersAfter(1_600) },
    )
    // VU 2 is cut off 100 ms after it was taken away at 1 s, is back at 2 s, and both are cut off at 5 s.
    expect(output.result.iterations).to.include({ interrupted: 3 })
    expect(output.result.iterations.completed).to.equal(3 + 1)
  })

  it('runs scenarios side by side and one after the other, each with its function, tags and environment', async () => {
    const { output, lines } = await runVirtually(`
      import http from 'k6/http'
      export const options = {
        scenarios: {
          first: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'one', env: { WHO: 'first' }, tags: { kind: 'a' } },
          second: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'two', env: { WHO: 'second' }, startTime: '5s' },
        },
        thresholds: { 'http_reqs{kind:a}': ['count==1'], 'http_reqs{scenario:second}': ['count==1'] },
      }
      const went = async () => { await http.asyncRequest('GET', 'http://target.test/'); console.log('ran', __ENV.WHO) }
      export const one = went
      export const two = went
    `)
    expect(lines).to.deep.equal(['INFO ran first', 'INFO ran second'])
    expect(output.result.thresholds.map(({ verdict }) => verdict)).to.deep.equal(['held', 'held'])
    expect(output.result.durationMs).to.be.within(5_000, 5_100)
  })

  it('lets iterations end within gracefulStop, and counts what it cuts off', async () => {
    const scenario = { executor: 'constant-vus', vus: 4, duration: '1s' }
    const patient = await runVirtually(requestScript({ a: { ...scenario, gracefulStop: '10s' } }), {
      service: answersAfter(3_000),
    })
    expect(patient.output.result.iterations).to.include({ completed: 4, interrupted: 0 })
    expect(patient.output.result.durationMs).to.be.within(3_000, 3_010)

    const impatient = await runVirtually(requestScript({ a: { ...scenario, gracefulStop: '500ms' } }), {
      service: answersAfter(3_000),
    })
    expect(impatient.output.result.iterations).to.include({ completed: 0, interrupted: 4 })
    expect(impatient.output.result.durationMs).to.be.within(1_500, 1_510)
  })

  it('starts no iteration of a VU before minIterationDuration is over', async () => {
    const { output } = await runVirtually(`
      export const options = { vus: 2, duration: '5s', minIterationDuration: '1s' }
      export default async () => {}
    `)
    expect(output.result.iterations.completed).to.equal(10)
  })

  it('records, on every iteration, delay from plan + duration = latency from plan', async () => {
    const { output } = await runVirtually(
      requestScript({
        a: { executor: 'constant-arrival-rate', rate: 30, duration: '3s', preAllocatedVUs: 10 },
      }),
      { service: (arrival) => arrival + (arrival % 97) },
    )
    const { delay_from_plan, iteration_duration, latency_from_plan } = output.result.metrics
    const sum = (metric: { values: Record<string, number> } | undefined) => (metric?.values.avg ?? 0) * 90
    expect(output.result.iterations.completed).to.equal(90)
    expect(sum(latency_from_plan)).to.be.closeTo(sum(delay_from_plan) + sum(iteration_duration), 1e-6)
  })
})
