import { expect } from 'chai'
import fc from 'fast-check'
import { BUILT_IN, type MetricDefinition } from '../../../src/engine/metrics/metric.ts'
import { type Metric, MetricRegistry } from '../../../src/engine/metrics/registry.ts'
import { parseSelector } from '../../../src/engine/metrics/selector.ts'
import { valuesOf } from '../../../src/engine/metrics/values.ts'

const STATS = ['avg', 'min', 'med', 'max', 'p(95)', 'count'] as const
const trend: MetricDefinition = { name: 'my_trend', type: 'trend', contains: 'default' }

function values(registry: MetricRegistry, definition: MetricDefinition, selector?: string) {
  const metric = registry.get(definition.name) as Metric
  const parsed = selector === undefined ? undefined : parseSelector(selector)
  if (typeof parsed === 'string') throw new Error(parsed)
  return valuesOf(registry.total(metric, parsed), STATS, 10_000)
}

describe('the metric registry', () => {
  it('knows the metrics of k6, with their types and units', () => {
    const registry = new MetricRegistry()
    expect(registry.get('http_req_duration')).to.include({ type: 'trend', contains: 'time' })
    expect(registry.get('http_req_failed')).to.include({ type: 'rate', contains: 'default' })
    expect(registry.get('data_sent')).to.include({ type: 'counter', contains: 'data' })
    expect(registry.get('vus')).to.include({ type: 'gauge' })
  })

  it('gives the values of k6', () => {
    const registry = new MetricRegistry()
    const tags = registry.noTags
    for (const value of [1, 2, 3]) registry.series(BUILT_IN.httpReqs, tags).record(value)
    for (const value of [5, 3, 4]) registry.series(BUILT_IN.vus, tags).record(value)
    for (const value of [1, 0, 1, 1]) registry.series(BUILT_IN.checks, tags).record(value)
    for (const value of [1, 2, 3, 4]) registry.series(BUILT_IN.httpReqDuration, tags).record(value)
    expect(values(registry, BUILT_IN.httpReqs)).to.deep.equal({ count: 6, rate: 0.6 })
    expect(values(registry, BUILT_IN.vus)).to.deep.equal({ value: 4, min: 3, max: 5 })
    expect(values(registry, BUILT_IN.checks)).to.deep.equal({ rate: 0.75, passes: 3, fails: 1 })
    const duration = values(registry, BUILT_IN.httpReqDuration)
    expect(duration['p(95)']).to.be.closeTo(3.85, 1e-12)
    expect(duration).to.include({ avg: 2.5, min: 1, med: 2.5, max: 4, count: 4 })
  })

  it('gives zeros, not NaN, where there are no samples', () => {
    const registry = new MetricRegistry()
    for (const metric of registry.metrics()) {
      expect(
        Object.values(valuesOf(registry.total(metric), STATS, 0)).every((value) => value === 0),
      ).to.equal(true)
    }
  })

  it('lets a submetric see the samples with all of its tags, and the metric see all', () => {
    const selectors = ['my_trend{a:1}', 'my_trend{a:1,b:x y}', 'my_trend{a:3}']
    const registry = new MetricRegistry({ selectors })
    const metric = registry.metric(trend)
    const record = (tags: Record<string, string>, value: number) =>
      registry.series(metric, registry.tagSet(tags)).record(value)
    record({ a: '1' }, 10)
    record({ a: '1', b: 'x y', c: 'z' }, 20)
    record({ a: '2', b: 'x y' }, 30)
    record({}, 40)
    expect(values(registry, trend).count).to.equal(4)
    expect(values(registry, trend, selectors[0])).to.include({ count: 2, max: 20 })
    expect(values(registry, trend, selectors[1])).to.include({ count: 1, max: 20 })
    expect(values(registry, trend, selectors[2])).to.include({ count: 0 })
  })

  it('agrees with counting by hand, whatever the tags and selectors', () => {
    const tags = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'))
    const sample = fc.tuple(tags, fc.integer({ min: -9, max: 9 }))
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 40 }),
        fc.array(tags, { maxLength: 4 }),
        (samples, wanted) => {
          const expressions = wanted
            .filter((one) => Object.keys(one).length > 0)
            .map(
              (one) =>
                `my_trend{${Object.entries(one)
                  .map(([key, value]) => `${key}:${value}`)
                  .join(',')}}`,
            )
          const registry = new MetricRegistry({ selectors: expressions })
          const metric = registry.metric(trend)
          for (const [own, value] of samples) registry.series(metric, registry.tagSet(own)).record(value)
          expect(values(registry, trend).count).to.equal(samples.length)
          for (const [index, expression] of expressions.entries()) {
            const tagsWanted = Object.entries(
              wanted.filter((one) => Object.keys(one).length > 0)[index] ?? {},
            )
            const matching = samples.filter(([own]) => tagsWanted.every(([key, value]) => own[key] === value))
            expect(values(registry, trend, expression).count).to.equal(matching.length)
          }
        },
      ),
    )
  })

  it('keeps as many sinks as ways to match, not as tag sets', () => {
    const registry = new MetricRegistry({ selectors: ['http_reqs{status:500}'] })
    for (let i = 0; i < 500; i++) {
      registry
        .series(BUILT_IN.httpReqs, registry.tagSet({ url: `/${i}`, status: i % 2 ? '200' : '500' }))
        .record(1)
    }
    expect(registry.get('http_reqs')?.sinks.size).to.equal(2)
    expect(values(registry, BUILT_IN.httpReqs, 'http_reqs{status:500}').count).to.equal(250)
  })

  it('always keeps the durations of expected responses apart', () => {
    const registry = new MetricRegistry()
    registry.series(BUILT_IN.httpReqDuration, registry.tagSet({ expected_response: 'true' })).record(100)
    registry.series(BUILT_IN.httpReqDuration, registry.tagSet({ expected_response: 'false' })).record(0)
    expect(
      values(registry, BUILT_IN.httpReqDuration, 'http_req_duration{expected_response:true}'),
    ).to.include({ count: 1, avg: 100 })
  })

  it('gives one handle for one metric and one tag set', () => {
    const registry = new MetricRegistry()
    const series = () => registry.series(BUILT_IN.httpReqs, registry.tagSet({ b: '2', a: '1' }))
    expect(series()).to.equal(series())
  })

  it('makes a metric once, and refuses another type or unit under its name', () => {
    const registry = new MetricRegistry()
    expect(registry.metric(trend)).to.equal(registry.metric({ ...trend }))
    expect(() => registry.metric({ ...trend, type: 'rate' })).to.throw('exists with the type trend')
    expect(() => registry.metric({ ...trend, contains: 'time' })).to.throw('exists with the contains default')
    expect(() => registry.metric({ ...BUILT_IN.vus, type: 'trend' })).to.throw('vus')
  })

  it('has the rule of k6 for names', () => {
    const registry = new MetricRegistry()
    const make = (name: string) => () => registry.metric({ ...trend, name })
    for (const wrong of ['', 'a', '1a', 'a-b', 'a b', 'ä_b', 'x'.repeat(130)])
      expect(make(wrong), wrong).to.throw('not valid')
    for (const right of ['ab', '_1', 'A_b9', 'x'.repeat(129)]) expect(make(right), right).to.not.throw()
  })

  it('merges snapshots of workers into what one worker would have counted', () => {
    const selectors = ['my_trend{a:1}', 'http_reqs{a:1}']
    const sample = fc.record({
      worker: fc.nat({ max: 2 }),
      a: fc.constantFrom('1', '2'),
      value: fc.integer({ min: 0, max: 50 }),
    })
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 50 }), (samples) => {
        const make = () => new MetricRegistry({ selectors })
        const one = make()
        const workers = [make(), make(), make()]
        for (const { worker, a, value } of samples) {
          for (const registry of [one, workers[worker] as MetricRegistry]) {
            registry.series(registry.metric(trend), registry.tagSet({ a })).record(value)
            registry.series(BUILT_IN.httpReqs, registry.tagSet({ a })).record(1)
          }
        }
        const sum = make()
        sum.metric(trend)
        one.metric(trend)
        for (const worker of workers) sum.merge(structuredClone(worker.snapshot()))
        for (const [definition, selector] of [
          [trend, undefined],
          [trend, selectors[0]],
          [BUILT_IN.httpReqs, selectors[1]],
        ] as const) {
          expect(values(sum, definition, selector)).to.deep.equal(values(one, definition, selector))
        }
      }),
    )
  })

  it('brings the custom metrics of a worker along, even those without samples', () => {
    const worker = new MetricRegistry()
    worker.metric(trend)
    const sum = new MetricRegistry()
    sum.merge(structuredClone(worker.snapshot()))
    expect(sum.get('my_trend')).to.include({ type: 'trend' })
  })

  it('tells an observer of every sample', () => {
    const seen: unknown[] = []
    const registry = new MetricRegistry({
      observe: (metric, tags, value) => seen.push([metric.name, tags.toJSON(), value]),
    })
    registry.series(BUILT_IN.httpReqs, registry.tagSet({ a: '1' })).record(2)
    expect(seen).to.deep.equal([['http_reqs', { a: '1' }, 2]])
    expect(values(registry, BUILT_IN.httpReqs).count).to.equal(2)
  })
})
