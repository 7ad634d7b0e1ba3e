import { expect } from 'chai'
import { summarize } from '../../../src/engine/summary/data.ts'
import { smallRun } from './fixtures.ts'

describe('the data of handleSummary', () => {
  const { options, measurements, durationMs, thresholds } = smallRun()
  const data = summarize(measurements, {
    options,
    durationMs,
    thresholds,
    setupData: { a: 1 },
    noColor: true,
  })

  it("has k6's members", () => {
    expect(Object.keys(data)).to.deep.equal(['root_group', 'options', 'state', 'metrics', 'setup_data'])
    expect(data.options).to.deep.equal({
      summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'],
      summaryTimeUnit: '',
      noColor: true,
    })
    expect(data.state).to.deep.equal({ isStdOutTTY: false, isStdErrTTY: false, testRunDurationMs: 2_400 })
    expect(data.setup_data).to.deep.equal({ a: 1 })
  })

  it('has the metrics with samples, submetrics too, with their values and thresholds', () => {
    expect(data.metrics.http_reqs).to.deep.equal({
      type: 'counter',
      contains: 'default',
      values: { count: 4, rate: 4 / 2.4 },
    })
    expect(data.metrics['http_req_duration{auth:guest}']).to.deep.include({
      thresholds: { 'avg<150': { ok: true } },
    })
    expect(data.metrics.http_req_duration?.thresholds).to.deep.equal({
      'p(95)<500': { ok: true },
      'p(99)<200': { ok: false },
    })
    expect(data.metrics).to.not.have.property('dropped_iterations')
  })

  it('does not call a threshold ok that had no samples', () => {
    expect(data.metrics['http_req_duration{auth:nobody}']?.thresholds).to.deep.equal({
      'avg<150': { ok: false },
    })
  })

  it('has the tree of groups, with the ids of k6', () => {
    const { root_group: root } = data
    expect(root).to.include({ name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e' })
    expect(root.checks.map(({ name, path, passes, fails }) => ({ name, path, passes, fails }))).to.deep.equal(
      [{ name: 'status is 200', path: '::status is 200', passes: 3, fails: 1 }],
    )
    expect(root.groups).to.have.length(1)
    expect(root.groups[0]).to.include({ name: 'login', path: '::login' })
    expect(root.groups[0]?.checks[0]).to.include({ path: '::login::has a token', passes: 4 })
  })

  it('nests groups in groups', () => {
    const run = smallRun()
    run.measurements.checks.group('::login::again')
    run.measurements.checks.group('::login::again::deep')
    const tree = summarize(run.measurements, run).root_group
    expect(tree.groups.map(({ path }) => path)).to.deep.equal(['::login'])
    expect(tree.groups[0]?.groups[0]).to.include({ name: 'again', path: '::login::again' })
    expect(tree.groups[0]?.groups[0]?.groups[0]).to.include({ name: 'deep' })
  })
})
