import { expect } from 'chai'
import { answersAfter, requestScript, runVirtually } from '../support/virtual-run.ts'

/** Guests by plan, and bursts that pause: the shape of load/issuance.ts. */
const ISSUANCE = `
  import http from 'k6/http'
  const get = () => http.asyncRequest('GET', 'http://target.test/')
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
  export const options = { scenarios: {
    guest_warmup: { executor: 'constant-arrival-rate', exec: 'guest', rate: 10, duration: '1s', preAllocatedVUs: 5,
      tags: { auth: 'guest', phase: 'warmup' } },
    guest: { executor: 'constant-arrival-rate', exec: 'guest', rate: 10, duration: '2s', startTime: '1s',
      preAllocatedVUs: 5, tags: { auth: 'guest', phase: 'main' } },
    bursts: { executor: 'per-vu-iterations', exec: 'burst', vus: 1, iterations: 4, maxDuration: '24h',
      tags: { auth: 'burst', phase: 'burst' } },
  } }
  export const setup = async () => { await get() }
  export const guest = async () => { await get() }
  export const burst = async () => { await Promise.all([get(), get()]); await wait(1990) }
`

describe('the figures of a run', () => {
  it('over time are of requests, by auth type and phase, and say nothing where there were none', async () => {
    const { requests } = (await runVirtually(ISSUANCE)).output.result
    expect(requests.map(({ auth, phase, count, failed }) => [auth, phase, count, failed])).to.deep.equal([
      ['guest', 'warmup', 10, 0],
      ['burst', 'burst', 8, 0],
      ['guest', 'main', 20, 0],
    ])
    // An iteration of a burst takes 2 s; its requests take 10 ms.
    for (const { values, series } of requests) {
      expect(values).to.include({ min: 10, max: 10, 'p(99.5)': 10 })
      for (const { p50, p99 } of series) expect([p50, p99]).to.deep.equal([10, 10])
    }
    expect(requests[1]?.series.map(({ t, count }) => [t, count])).to.deep.equal([
      [0, 2],
      [2_000, 2],
      [4_000, 2],
      [6_000, 2],
    ])
  })

  it('set what was achieved against the plan of the same scenarios, in the time of the plan', async () => {
    const { iterations, rate, durationMs, series } = (await runVirtually(ISSUANCE)).output.result
    expect(durationMs).to.equal(8_000)
    expect(iterations).to.include({ planned: 30, completed: 34, completedOfPlan: 30 })
    expect(rate.planned).to.be.closeTo(10, 1e-9)
    expect(rate.achieved).to.equal(rate.planned)
    for (const { t, planned, completedOfPlan } of series.filter((point) => point.t < 3_000))
      expect(completedOfPlan, `from ${t}`).to.be.closeTo(planned, 1)
  })

  it('tell the time left by the plan, not by the bound of a quota', async () => {
    const told: (number | undefined)[] = []
    await runVirtually(ISSUANCE, { onProgress: ({ remainingMs }) => told.push(remainingMs) })
    expect(told.slice(0, 4).map((ms) => ms && Math.round(ms))).to.deep.equal([2_000, 1_000, 0, 0])
    const quota: unknown[] = []
    await runVirtually(
      requestScript({ a: { executor: 'shared-iterations', iterations: 200, vus: 1, maxDuration: '24h' } }),
      { onProgress: (progress) => quota.push('remainingMs' in progress) },
    )
    expect(new Set(quota)).to.deep.equal(new Set([false]))
  })

  it('are shown with examples: three exchanges of each kind of failure, redacted, with time and VU', async () => {
    const { samples } = (
      await runVirtually(
        `
        import http from 'k6/http'
        import { check } from 'k6'
        export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 5 } } }
        export default async () => {
          const response = await http.asyncRequest('POST', 'http://target.test/', '{"password":"geheim"}', {
            headers: { Authorization: 'Basic Z2VoZWlt' }, responseCallback: http.expectedStatuses(201),
          })
          check(response, { 'of a response': () => false })
          const made = { body: response.body }
          check(made, { 'of what was made of it': () => false, 'that holds': () => true })
        }
        `,
        { service: answersAfter(10) },
      )
    ).output.result
    const kinds = Map.groupBy(samples, ({ of, name }) => `${of} ${name}`)
    expect([...kinds].map(([kind, { length }]) => [kind, length])).to.deep.equal([
      ['request 200 OK', 3],
      ['check of a response', 3],
      ['check of what was made of it', 3],
    ])
    for (const { exchange } of samples) {
      expect(exchange).to.deep.include({ durationMs: 10 })
      expect(exchange.request).to.include({ method: 'POST', url: 'http://target.test/' })
      expect(exchange.response).to.include({ status: 200, body: '{}' })
      expect(exchange.load?.vu).to.be.oneOf([1, 2])
      expect(exchange.load?.atMs).to.be.oneOf([10, 20])
    }
    expect(JSON.stringify(samples)).to.not.match(/geheim|Z2VoZWlt/)
  })

  it('show no response of an earlier iteration as the example of a check that looked at none', async () => {
    const { samples } = (
      await runVirtually(`
        import http from 'k6/http'
        import { check } from 'k6'
        export const options = { vus: 1, iterations: 2 }
        export default async () => {
          check(__ITER, { 'of a number': () => false })
          const { body } = await http.asyncRequest('GET', 'http://target.test/')
          if (body === '') throw new Error('there is a body')
        }
      `)
    ).output.result
    expect(samples).to.deep.equal([])
  })

  it('show no example of a request of setup, which is no load', async () => {
    const { samples, requests } = (
      await runVirtually(`
        import http from 'k6/http'
        import { check } from 'k6'
        export const options = { iterations: 1 }
        export const setup = async () => {
          check(await http.asyncRequest('GET', 'http://target.test/'), { no: () => false })
        }
        export default () => {}
      `)
    ).output.result
    expect([samples, requests]).to.deep.equal([[], []])
  })
})
