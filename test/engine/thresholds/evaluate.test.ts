import { expect } from 'chai'
import { scriptLayer } from '../../../src/engine/config/layers.ts'
import { parseOptions } from '../../../src/engine/config/parse.ts'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import { MetricRegistry } from '../../../src/engine/metrics/registry.ts'
import { Thresholds } from '../../../src/engine/thresholds/evaluate.ts'

function setUp(thresholds: Record<string, unknown[]>) {
  const options = parseOptions([scriptLayer({ thresholds })])
  const registry = new MetricRegistry({ selectors: options.thresholds.map(({ metric }) => metric) })
  registry.metric({ name: 'my_counter', type: 'counter', contains: 'default' })
  return {
    registry,
    make: () => new Thresholds(registry, options.thresholds),
    evaluate: (elapsedMs = 10_000) => new Thresholds(registry, options.thresholds).evaluate(elapsedMs),
  }
}

describe('thresholds', () => {
  it('hold, or are broken, with the value that was compared', () => {
    const { registry, evaluate } = setUp({
      http_req_duration: ['p(95)<500', 'avg<2', { threshold: 'max>=3' }],
      'http_req_failed{name:POST /login}': ['rate<0.5'],
      http_reqs: ['count==4', 'rate<0.4'],
      vus: ['value==2'],
    })
    for (const value of [1, 2, 3, 4]) registry.series(BUILT_IN.httpReqDuration, registry.noTags).record(value)
    registry.series(BUILT_IN.httpReqs, registry.noTags).record(4)
    registry.series(BUILT_IN.vus, registry.noTags).record(2)
    const login = registry.tagSet({ name: 'POST /login' })
    for (const failed of [1, 0, 1]) registry.series(BUILT_IN.httpReqFailed, login).record(failed)
    registry.series(BUILT_IN.httpReqFailed, registry.noTags).record(0)
    expect(evaluate().map(({ expression, verdict, actual }) => [expression, verdict, actual])).to.deep.equal([
      ['p(95)<500', 'held', 1 + 0.95 * 3],
      ['avg<2', 'broken', 2.5],
      ['max>=3', 'held', 4],
      ['rate<0.5', 'broken', 2 / 3],
      ['count==4', 'held', 4],
      ['rate<0.4', 'broken', 0.4],
      ['value==2', 'held', 2],
    ])
  })

  it('are not evaluated over no samples, where k6 holds them', () => {
    const { registry, evaluate } = setUp({
      'http_req_duration{name:typo}': ['p(95)<1'],
      'http_req_failed{name:typo}': ['rate<0.1'],
      my_counter: ['count<1'],
      'my_counter{a:b}': ['count<1'],
      vus: ['value>=0'],
    })
    registry.series(BUILT_IN.httpReqDuration, registry.tagSet({ name: 'login' })).record(500)
    for (const result of evaluate()) {
      expect(result, result.metric).to.include({ verdict: 'not evaluated', abort: false })
      expect(result).to.not.have.property('actual')
    }
  })

  it("know that the engine's own counters are 0 without a sample", () => {
    const { registry, evaluate } = setUp({
      dropped_iterations: ['count<1'],
      'dropped_iterations{scenario:main}': ['count<1'],
      'http_reqs{status:500}': ['count<1'],
      'http_reqs{statsu:500}': ['count<1'],
    })
    expect(evaluate().map(({ verdict }) => verdict)).to.deep.equal([
      'held',
      'held',
      'not evaluated',
      'not evaluated',
    ])
    registry.series(BUILT_IN.httpReqs, registry.tagSet({ status: '200' })).record(1)
    expect(evaluate().map(({ verdict }) => verdict)).to.deep.equal(['held', 'held', 'held', 'not evaluated'])
  })

  it('abort only when they are broken, ask for it, and the delay is over', () => {
    const { registry, evaluate } = setUp({
      http_req_failed: [
        'rate<0.5',
        { threshold: 'rate<0.4', abortOnFail: true, delayAbortEval: '5s' },
        { threshold: 'rate<0.6', abortOnFail: true },
      ],
    })
    const aborts = (elapsed: number) => evaluate(elapsed).map(({ abort }) => abort)
    expect(aborts(10_000), 'no samples').to.deep.equal([false, false, false])
    registry.series(BUILT_IN.httpReqFailed, registry.noTags).record(1)
    registry.series(BUILT_IN.httpReqFailed, registry.noTags).record(0)
    expect(aborts(4_999)).to.deep.equal([false, false, false])
    expect(aborts(5_000)).to.deep.equal([false, true, false])
  })

  it('follow the samples as they come', () => {
    const { registry, make } = setUp({ http_reqs: ['count<2'] })
    const thresholds = make()
    registry.series(BUILT_IN.httpReqs, registry.noTags).record(1)
    expect(thresholds.evaluate(1_000)[0]?.verdict).to.equal('held')
    registry.series(BUILT_IN.httpReqs, registry.noTags).record(1)
    expect(thresholds.evaluate(2_000)[0]?.verdict).to.equal('broken')
  })

  it('are refused all at once when they fit no metric', () => {
    const { make } = setUp({
      http_req_duratoin: ['p(95)<1'],
      'nothing{a:b}': ['rate<1'],
      http_reqs: ['p(95)<1'],
      http_req_failed: ['count<1'],
      http_req_duration: ['rate<1', 'p(95)<1'],
    })
    expect(make)
      .to.throw()
      .that.includes({ kind: 'CONFIG', code: 'SCRIPT_THRESHOLDS' })
      .and.has.property(
        'message',
        [
          'options.thresholds.http_req_duratoin: there is no metric http_req_duratoin; did you mean "http_req_duration"?',
          'options.thresholds["nothing{a:b}"]: there is no metric nothing',
          'options.thresholds.http_reqs: http_reqs is a counter, which has no p(95); it has count, rate',
          'options.thresholds.http_req_failed: http_req_failed is a rate, which has no count; it has rate',
          'options.thresholds.http_req_duration: http_req_duration is a trend, which has no rate; it has avg, min, max, med, p(N)',
        ].join('\n'),
      )
  })
})
