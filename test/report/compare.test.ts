import { expect } from 'chai'
import fc from 'fast-check'
import { compareRuns } from '../../src/report/compare/compare.ts'
import { renderComparison } from '../../src/report/compare/render.ts'
import { judgeFigure, LATENCY_RULE, median, RATE_RULE } from '../../src/report/compare/rule.ts'
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
  return loadResult({
    metrics: { http_req_duration: { type: 'trend', contains: 'time', values: { 'p(95)': p95 } } },
    ...overrides,
  })
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

  it('says what changed, the overlap and the rule', () => {
    const text = renderComparison(
      compareRuns([runOf({ A: 'held' }, [loadOf(100)])], [runOf({ A: 'broken' }, [loadOf(200)])]),
      { color: false },
    )
    expect(text)
      .to.match(/A +held → broken {2}regression/)
      .and.match(/service p\(95\) +100 → 200 ms {2}regression \(bound 20, spread 0\)/)
    expect(text).to.contain('overlap: 1 of 1 clauses').and.contain('rule: worse by more than')
  })
})
