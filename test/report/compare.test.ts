import { expect } from 'chai'
import fc from 'fast-check'
import { compareRuns } from '../../src/report/compare/compare.ts'
import { renderComparison } from '../../src/report/compare/render.ts'
import { judgeFigure, LATENCY_RULE, median, RATE_RULE, samplingError } from '../../src/report/compare/rule.ts'
import type { LoadResult } from '../../src/verdict/load-result.ts'
import type { RunResult } from '../../src/verdict/run-result.ts'
import type { Verdict } from '../../src/verdict/verdict.ts'
import { loadResult } from '../gate/fixtures.ts'
import { richResult } from './fixtures.ts'

function runOf(verdicts: Record<string, Verdict>, loads: RunResult['loads'] = []): RunResult {
  const clauses = Object.entries(verdicts).map(([id, verdict]) => ({
    id,
    text: id,
    source: 's',
    severity: 'major' as const,
    verdict,
    checks: [],
  }))
  return richResult({ clauses, loads, killMatrix: undefined })
}

function loadOf(p95: number, overrides: Parameters<typeof loadResult>[0] = {}) {
  return loadResult({ requests: [guests({ 'p(95)': p95 })], ...overrides })
}

/** A thousand guests whose slowest took 10 ms. */
function guests(
  values: Record<string, number>,
  overrides: Partial<LoadResult['requests'][number]> = {},
): LoadResult['requests'][number] {
  const points: [number, number][] = [
    [0, 1],
    [50, 5],
    [95, 8],
    [99, 9],
    [99.9, 9.5],
    [100, 10],
  ]
  return { auth: 'guest', phase: 'main', count: 1000, failed: 0, values, points, series: [], ...overrides }
}

describe('the rule that tells noise from a regression', () => {
  it('needs more than each of share, amount and spread', () => {
    expect(judgeFigure([100], [119], LATENCY_RULE).change).to.equal('noise')
    expect(judgeFigure([100], [121], LATENCY_RULE).change).to.equal('regression')
    expect(judgeFigure([1], [2.9], LATENCY_RULE).change, 'under the amount').to.equal('noise')
    expect(judgeFigure([90, 100, 140], [149], LATENCY_RULE).change, 'within the spread').to.equal('noise')
    expect(judgeFigure([90, 100, 140], [151], LATENCY_RULE).change).to.equal('regression')
    expect(judgeFigure([100], [94], RATE_RULE).change, 'a rate is better when it is higher').to.equal(
      'regression',
    )
    expect(judgeFigure([100], [106], RATE_RULE).change).to.equal('improvement')
  })

  it('never calls a run worse than itself, and mirrors', () => {
    const figures = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 5 })
    fc.assert(fc.property(figures, (values) => judgeFigure(values, values, LATENCY_RULE).change === 'noise'))
    fc.assert(
      fc.property(figures, figures, (a, b) => {
        const lower = judgeFigure(a, b, { relative: 0.1, absolute: 1, better: 'lower' }).change
        const higher = judgeFigure(a, b, { relative: 0.1, absolute: 1, better: 'higher' }).change
        const mirrored = { regression: 'improvement', improvement: 'regression', noise: 'noise' } as const
        expect(higher).to.equal(mirrored[lower])
      }),
    )
  })

  it('knows that the tail of few requests is a matter of chance', () => {
    const few = guests({}, { count: 450 })
    expect(samplingError(few, 50)).to.be.within(0.1, 0.5)
    expect(9.28 + samplingError(few, 99.5), 'any of the slowest').to.be.above(9.9)
    expect(samplingError({ ...few, count: 1_000_000 }, 99.5)).to.be.below(0.02)
    expect(judgeFigure([9], [30], LATENCY_RULE, 25).change).to.equal('noise')
    expect(judgeFigure([9], [35], LATENCY_RULE, 25).change).to.equal('regression')
  })

  it('uses the median', () => {
    expect(median([3, 1, 2])).to.equal(2)
    expect(median([4, 1, 2, 3])).to.equal(2.5)
  })
})

describe('the comparison of two runs', () => {
  it('finds a clause that held and is broken, or lost its proof', () => {
    expect(compareRuns([runOf({ A: 'held' })], [runOf({ A: 'broken' })]).verdict).to.equal('broken')
    expect(
      compareRuns([runOf({ A: 'held', B: 'held' })], [runOf({ A: 'not evaluated', B: 'held' })]).verdict,
    ).to.equal('broken')
  })

  it('finds no regression where there is none, nor in what was broken before', () => {
    expect(
      compareRuns([runOf({ A: 'held', B: 'broken' })], [runOf({ A: 'held', B: 'broken' })]).verdict,
    ).to.equal('held')
    const better = compareRuns([runOf({ A: 'broken' })], [runOf({ A: 'held' })])
    expect(better).to.deep.include({ verdict: 'held' })
    expect(better.clauses[0]?.change).to.equal('improvement')
  })

  it('has no verdict where nothing overlaps: a missing baseline is not the absence of a regression', () => {
    const comparison = compareRuns([runOf({ A: 'held' })], [runOf({ B: 'held' })])
    expect(comparison).to.deep.include({
      verdict: 'not evaluated',
      overlap: { clauses: 0, ofClauses: 1, loads: 0, ofLoads: 0 },
    })
    expect(comparison.clauses.map(({ change }) => change)).to.deep.equal(['gone', 'no baseline'])
  })

  it('finds a latency that regressed beyond the spread of the repeats', () => {
    const baseline = [100, 105, 102].map((p95) => runOf({ A: 'held' }, [loadOf(p95)]))
    expect(compareRuns(baseline, [runOf({ A: 'held' }, [loadOf(120)])]).verdict).to.equal('held')
    expect(compareRuns(baseline, [runOf({ A: 'held' }, [loadOf(130)])]).verdict).to.equal('broken')
  })

  it('does not compare figures of other machines, engines, versions, rates or saturated generators', () => {
    const before = runOf({ A: 'held' }, [loadOf(1)])
    const others: RunResult[] = [
      { ...before, harness: { ...before.harness, cpus: 64 } },
      { ...before, harness: { ...before.harness, version: '9.9.9' } },
      { ...before, loads: [loadOf(1, { engine: 'k6' })] },
      { ...before, loads: [loadOf(1, { rate: { planned: 7, achieved: 10 } })] },
      {
        ...before,
        loads: [
          loadOf(1, {
            generator: { workers: 1, lateStarts: 0, droppedIterations: 9, saturated: ['dropped'] },
          }),
        ],
      },
      { ...before, loads: [loadOf(1, { interrupted: true })] },
      { ...before, loads: [loadOf(1, { profile: 'stress' })] },
    ]
    for (const after of others) {
      const comparison = compareRuns([before], [after])
      expect(comparison.verdict).to.equal('not evaluated')
      expect(comparison.loads[0]?.notComparable).to.be.a('string')
      expect(comparison.loads[0]?.figures).to.deep.equal([])
    }
    expect(compareRuns([before], [before]).verdict).to.equal('held')
  })

  it('compares by auth type, down to the 99.5th percentile: one in a hundred that is slow shows there only', () => {
    const usual = { med: 5, 'p(95)': 8, 'p(99)': 9, 'p(99.5)': 9 }
    const logins = guests({ med: 60, 'p(95)': 80, 'p(99)': 90, 'p(99.5)': 95 }, { auth: 'credentials' })
    const run = (slow: number) =>
      runOf({ A: 'held' }, [loadResult({ requests: [guests({ ...usual, 'p(99.5)': slow }), logins] })])
    const { loads, verdict } = compareRuns([run(9)], [run(1501)])
    expect(verdict).to.equal('broken')
    expect(
      loads[0]?.figures.filter(({ change }) => change !== 'noise').map(({ name }) => name),
    ).to.deep.equal(['guest p99.5'])
    expect(loads[0]?.figures.map(({ name }) => name)).to.include.members(['guest p99', 'credentials p99'])
  })

  it('compares failed requests by auth type, and failed checks', () => {
    const run = (failed: number, fails: number) =>
      runOf({ A: 'held' }, [
        loadResult({
          requests: [guests({}, { failed }), guests({}, { auth: 'credentials' })],
          checks: [{ name: 'ok', passes: 100 - fails, fails }],
        }),
      ])
    const regressions = (after: RunResult) =>
      compareRuns([run(0, 0)], [after])
        .loads.flatMap(({ figures }) => figures)
        .filter(({ change }) => change === 'regression')
        .map(({ name }) => name)
    expect(regressions(run(10, 0))).to.deep.equal(['guest failed'])
    expect(regressions(run(0, 2))).to.deep.equal(['failed checks'])
  })

  it('leaves the warm-up out', () => {
    const warm = (p95: number) =>
      runOf({ A: 'held' }, [
        loadResult({ requests: [guests({ 'p(95)': p95 }, { phase: 'warmup' }), guests({ 'p(95)': 8 })] }),
      ])
    expect(compareRuns([warm(8)], [warm(800)]).verdict).to.equal('held')
  })

  it('says what changed, the overlap and the rule', () => {
    const text = renderComparison(
      compareRuns([runOf({ A: 'held' }, [loadOf(100)])], [runOf({ A: 'broken' }, [loadOf(200)])]),
      { color: false },
    )
    expect(text)
      .to.match(/A +held → broken {2}regression/)
      .and.match(/guest p95 +100 → 200 ms {2}regression \(bound 20, spread 0\)/)
    expect(text).to.contain('overlap: 1 of 1 clauses').and.contain('rule: worse by more than')
  })
})
