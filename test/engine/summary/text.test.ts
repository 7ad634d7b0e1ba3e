import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import { summarize } from '../../../src/engine/summary/data.ts'
import { humanize } from '../../../src/engine/summary/humanize.ts'
import { summaryText } from '../../../src/engine/summary/text.ts'
import { smallRun } from './fixtures.ts'

/** Columns and order as in the summaries that users of k6 1.x and 2.x publish. */
const GOLDEN = `
  █ THRESHOLDS

    http_req_duration
    ✓ 'p(95)<500' p(95)=361ms
    ✗ 'p(99)<200' p(99)=392.2ms

      {auth:guest}
      ✓ 'avg<150' avg=110.25ms

      {auth:nobody}
      ? 'avg<150' not evaluated: no samples

    http_req_failed
    ✗ 'rate<0.01' rate=25.00%

    logins
    ✓ 'count>2' count=4


  █ TOTAL RESULTS

    checks_total.......: 8      3.333333/s
    checks_succeeded...: 87.50% 7 out of 8
    checks_failed......: 12.50% 1 out of 8

    ✗ status is 200
      ↳  75% — ✓ 3 / ✗ 1
    ✓ has a token

    CUSTOM
    logins.........................: 4      1.666667/s
    waiting_time...................: avg=63.375   min=33.333333 med=43.416667 max=133.333333 p(90)=107.333333 p(95)=120.333333

    HTTP
    http_req_duration..............: avg=190.12ms min=100ms     med=130.25ms  max=400ms      p(90)=322ms      p(95)=361ms
      { auth:guest }...............: avg=110.25ms min=100ms     med=110.25ms  max=120.5ms    p(90)=118.45ms   p(95)=119.47ms
      { auth:nobody }..............: avg=0s       min=0s        med=0s        max=0s         p(90)=0s         p(95)=0s
      { expected_response:true }...: avg=120.16ms min=100ms     med=120.5ms   max=140ms      p(90)=136.1ms    p(95)=138.05ms
    http_req_failed................: 25.00% 1 out of 4
    http_reqs......................: 4      1.666667/s

    EXECUTION
    delay_from_plan................: avg=1.5ms    min=0s        med=1.5ms     max=3ms        p(90)=2.7ms      p(95)=2.85ms
    iteration_duration.............: avg=191.12ms min=101ms     med=131.25ms  max=401ms      p(90)=323ms      p(95)=362ms
    iterations.....................: 4      1.666667/s
    latency_from_plan..............: avg=192.62ms min=101ms     med=132.75ms  max=404ms      p(90)=325.7ms    p(95)=364.85ms
    vus............................: 2      min=2      max=2
    vus_max........................: 2      min=2      max=2

    NETWORK
    data_received..................: 520 kB 217 kB/s
    data_sent......................: 1.0 kB 417 B/s
`

const trimmed = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')

describe('the text summary', () => {
  it("is k6's, block by block and column by column", () => {
    const { options, measurements, durationMs, thresholds } = smallRun()
    const data = summarize(measurements, { options, durationMs, thresholds })
    expect(trimmed(`\n${summaryText(data, thresholds)}`).replace(/(min=2) +(max)/g, '$1      $2')).to.equal(
      GOLDEN,
    )
  })

  it('is silent on a counter that counted nothing, as k6 is', () => {
    const { options, measurements, durationMs, thresholds } = smallRun()
    measurements.registry.series(BUILT_IN.droppedIterations, measurements.registry.noTags).record(0)
    const text = () => summaryText(summarize(measurements, { options, durationMs, thresholds }), thresholds)
    expect(text()).to.not.include('dropped_iterations')
    measurements.registry.series(BUILT_IN.droppedIterations, measurements.registry.noTags).record(1)
    expect(text()).to.include('dropped_iterations')
  })

  it('is the same text in colour', () => {
    const { options, measurements, durationMs, thresholds } = smallRun()
    const data = summarize(measurements, { options, durationMs, thresholds })
    const coloured = summaryText(data, thresholds, { colour: true })
    expect(coloured).to.include('\u001b[32m✓')
    expect(stripVTControlCharacters(coloured)).to.equal(summaryText(data, thresholds))
  })

  it('has no part for what a run did not do', () => {
    const { options, durationMs } = smallRun({ thresholds: {} })
    const { measurements } = smallRun()
    const empty = summarize(new (measurements.constructor as new () => typeof measurements)(), {
      options,
      durationMs,
      thresholds: [],
    })
    expect(summaryText(empty, [])).to.equal('  █ TOTAL RESULTS\n')
  })

  it('shows times in the unit that the options ask for, and the statistics that they name', () => {
    const { options, measurements, durationMs, thresholds } = smallRun({
      summaryTimeUnit: 's',
      summaryTrendStats: ['count', 'p(99.9)'],
    })
    const text = summaryText(summarize(measurements, { options, durationMs, thresholds }), thresholds)
    expect(text).to.match(/http_req_duration\.+: count=4 p\(99\.9\)=0\.40s/)
  })
})

describe('a value for people', () => {
  const time = { type: 'trend', contains: 'time' } as const
  const rate = { type: 'rate', contains: 'default' } as const
  const data = { type: 'counter', contains: 'data' } as const
  const plain = { type: 'counter', contains: 'default' } as const

  it('has the fitting unit', () => {
    expect(
      [0, 0.0005, 0.25, 1, 999.999, 1_000, 59_999, 61_500, 3_723_000].map((value) => humanize(value, time)),
    ).to.deep.equal(['0s', '500ns', '250µs', '1ms', '999.99ms', '1s', '59.99s', '1m1s', '1h2m3s'])
    expect([0, 9, 999, 1_000, 12_345, 1.5e9].map((value) => humanize(value, data))).to.deep.equal([
      '0 B',
      '9 B',
      '999 B',
      '1.0 kB',
      '12 kB',
      '1.5 GB',
    ])
    expect(humanize(13.1221794, plain)).to.equal('13.122179')
  })

  it('never rounds a rate up to 100 %', () => {
    expect([1, 0.99999, 0.29, 0].map((value) => humanize(value, rate))).to.deep.equal([
      '100.00%',
      '99.99%',
      '29.00%',
      '0.00%',
    ])
  })
})
