import { expect } from 'chai'
import fc from 'fast-check'
import { PointReader } from '../../../src/engine/k6/points.ts'
import { Measurements } from '../../../src/engine/metrics/measurements.ts'
import { BUILT_IN, type MetricDefinition } from '../../../src/engine/metrics/metric.ts'
import { valuesOf } from '../../../src/engine/metrics/values.ts'
import { NdjsonEncoder } from '../../../src/engine/output/ndjson.ts'

const STATS = ['count', 'min', 'med', 'max', 'p(95)'] as const
const SELECTORS = ['http_req_duration{name:a b}', 'my_counter{name:c}']
const COUNTER: MetricDefinition = { name: 'my_counter', type: 'counter', contains: 'default' }

const allValues = ({ registry }: Measurements) =>
  Object.fromEntries(
    registry
      .metrics()
      .flatMap((metric) =>
        [undefined, ...metric.selectors].map((selector) => [
          selector?.source ?? metric.name,
          valuesOf(registry.total(metric, selector), STATS, 1_000),
        ]),
      ),
  )

describe('reading NDJSON back', () => {
  it('gives the metrics that the writer had, submetrics too', () => {
    const sample = fc.record({
      metric: fc.constantFrom<MetricDefinition>(
        BUILT_IN.httpReqDuration,
        BUILT_IN.httpReqFailed,
        BUILT_IN.vus,
        COUNTER,
      ),
      name: fc.constantFrom('a b', 'c', 'quote " and \\'),
      value: fc.double({ min: 0, max: 1e6, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const lines: string[] = []
        const encoder = new NdjsonEncoder(
          ({ metrics, points }) => lines.push(...metrics.map(([, line]) => line), ...points.split('\n')),
          () => Date.UTC(2026, 0, 1),
        )
        const written = new Measurements({ selectors: SELECTORS, observe: encoder.observe })
        for (const { metric, name, value } of samples) {
          written.registry.series(metric, written.registry.tagSet({ name, scenario: 'main' })).record(value)
        }
        encoder.flush()
        const read = new Measurements({ selectors: SELECTORS })
        const reader = new PointReader(read)
        for (const line of lines) reader.read(line)
        expect(reader.unreadable).to.equal(0)
        written.registry.metric(COUNTER)
        read.registry.metric(COUNTER)
        expect(allValues(read)).to.deep.equal(allValues(written))
      }),
    )
  })

  it('counts what is no line of k6, and reads on', () => {
    const measurements = new Measurements()
    const reader = new PointReader(measurements)
    const point = (data: unknown) => JSON.stringify({ metric: 'http_reqs', type: 'Point', data })
    const time = '2026-01-01T00:00:00Z'
    for (const line of [
      'not json',
      '5',
      'null',
      '{"type":"Point"}',
      '{"type":"Metric","data":{"name":"x","type":"histogram","contains":"default"}}',
      point({ time: 'yesterday', value: 1, tags: {} }),
      point({ time, value: '1', tags: {} }),
      JSON.stringify({ metric: 'never_introduced', type: 'Point', data: { time, value: 1, tags: {} } }),
    ]) {
      reader.read(line)
    }
    expect(reader.unreadable).to.equal(8)
    reader.read(point({ time, value: 1, tags: null }))
    reader.read('')
    expect(reader.unreadable).to.equal(8)
    expect(measurements.registry.total(measurements.registry.metric(BUILT_IN.httpReqs))).to.include({
      samples: 1,
    })
  })

  it('knows no duration before a scenario has measured a time', () => {
    const reader = new PointReader(new Measurements())
    const point = (metric: string, time: string, value: number, tags: object) =>
      reader.read(JSON.stringify({ metric, type: 'Point', data: { time, value, tags } }))
    point('http_req_duration', '2026-01-01T00:00:01Z', 50, { group: '::setup' })
    expect([reader.startedAt, reader.durationMs]).to.deep.equal([undefined, 0])
    point('http_req_duration', '2026-01-01T00:00:02.100Z', 100, { scenario: 'main' })
    point('iterations', '2026-01-01T00:00:03Z', 1, { scenario: 'main' })
    expect([reader.startedAt, reader.durationMs]).to.deep.equal([Date.UTC(2026, 0, 1, 0, 0, 2), 1_000])
  })
})
