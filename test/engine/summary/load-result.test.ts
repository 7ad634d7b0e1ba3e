import { expect } from 'chai'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import { toLoadResult } from '../../../src/engine/summary/load-result.ts'
import { loadResultSchema } from '../../../src/verdict/load-result.ts'
import { smallRun } from './fixtures.ts'

function result(run = smallRun()) {
  return toLoadResult(run.measurements, {
    scenario: 'issuance',
    profile: 'smoke',
    engine: 'node',
    engineVersion: '0.1.0',
    startedAt: new Date(0),
    durationMs: run.durationMs,
    interrupted: false,
    maxVus: 2,
    options: run.options,
    thresholds: run.thresholds,
    generator: { workers: 1, saturated: [] },
  })
}

describe('the load result', () => {
  it('fits its schema, also of a run that did nothing', () => {
    expect(() => loadResultSchema.parse(result())).to.not.throw()
    const nothing = smallRun()
    const empty = new (nothing.measurements.constructor as new () => typeof nothing.measurements)()
    expect(() =>
      loadResultSchema.parse(result({ ...nothing, measurements: empty, durationMs: 0 })),
    ).to.not.throw()
  })

  it('rates starts by the time in which iterations were to start', () => {
    // 4 planned in 2 s; the last ended at 2.4 s, which must not make a rate that was met look missed.
    expect(result().rate).to.deep.equal({ planned: 2, achieved: 2 })
    expect(result().iterations).to.deep.equal({
      planned: 4,
      completed: 4,
      completedOfPlan: 4,
      interrupted: 0,
      failed: 1,
    })
  })

  it('has no plan of closed executors', () => {
    const closed = result(smallRun({ scenarios: { main: { executor: 'constant-vus', duration: '2s' } } }))
    expect(closed.rate).to.deep.equal({ achieved: 4 / 2.4 })
    expect(closed.iterations).to.not.have.property('planned')
  })

  it('tells each threshold with its verdict and value', () => {
    expect(result().thresholds.map(({ metric, verdict }) => [metric, verdict])).to.deep.equal([
      ['http_req_duration', 'held'],
      ['http_req_duration', 'broken'],
      ['http_req_duration{auth:guest}', 'held'],
      ['http_req_duration{auth:nobody}', 'not evaluated'],
      ['http_req_failed', 'broken'],
      ['logins', 'held'],
    ])
    expect(result().thresholds[2]).to.deep.equal({
      metric: 'http_req_duration{auth:guest}',
      expression: 'avg<150',
      verdict: 'held',
      actual: 110.25,
    })
  })

  it('counts a check of several groups as one', () => {
    const run = smallRun()
    run.measurements.checks.check('::other', 'status is 200').fails += 2
    expect(result(run).checks.find(({ name }) => name === 'status is 200')).to.deep.equal({
      name: 'status is 200',
      passes: 3,
      fails: 3,
    })
  })

  it('tells the tail of every trend, whatever the script wants in its summary', () => {
    const { metrics } = result()
    expect(metrics.http_req_duration?.values).to.include.keys('p(95)', 'p(99)', 'p(99.5)')
    const own = result(smallRun({ summaryTrendStats: ['p(42)'] }))
    expect(own.metrics.http_req_duration?.values).to.include.keys('p(42)', 'p(99)')
  })

  it('tells requests by auth type', () => {
    const { requests } = result()
    expect(requests.map(({ auth, count, failed }) => [auth, count, failed])).to.deep.equal([
      ['guest', 2, 0],
      ['credentials', 2, 1],
    ])
    expect(requests[1]?.values).to.include({ min: 140, max: 400 })
    expect(requests[1]?.points.at(-1)).to.deep.equal([100, 400])
  })

  it('has curves of iterations; ascending, to the maximum', () => {
    const { curves } = result()
    expect(curves.map(({ label, count }) => [label, count])).to.deep.equal([
      ['iteration_duration', 4],
      ['latency_from_plan', 4],
      ['delay_from_plan', 4],
    ])
    for (const { points } of curves) {
      expect(
        points.every(([p, ms], i) => p > (points[i - 1]?.[0] ?? -1) && ms >= (points[i - 1]?.[1] ?? 0)),
      ).to.equal(true)
      expect(points.at(-1)?.[0]).to.equal(100)
    }
    expect(curves[0]?.points.at(-1)).to.deep.equal([100, 401])
  })

  it('tells errors, exceptions and the health of the generator', () => {
    const run = smallRun()
    run.measurements.iterations.late = 3
    run.measurements.registry.series(BUILT_IN.droppedIterations, run.measurements.registry.noTags).record(5)
    const { errors, exceptions, generator, series } = result(run)
    expect(errors).to.deep.equal([{ code: 1500, message: 'HTTP status 500', count: 1 }])
    expect(exceptions).to.deep.equal([{ message: 'TypeError: x is undefined (issuance.ts:3:9)', count: 1 }])
    expect(generator).to.include({ workers: 1, lateStarts: 3, droppedIterations: 5 })
    expect(generator.delayFromPlanP99Ms).to.be.closeTo(2.97, 1e-9)
    expect(series.length).to.equal(2)
  })
})
