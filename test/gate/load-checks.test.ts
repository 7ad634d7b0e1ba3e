import { expect } from 'chai'
import { isInconclusive, loadChecks, parseCheckName, separateForeign } from '../../src/gate/load-checks.ts'
import type { LoadResult } from '../../src/verdict/load-result.ts'
import { loadResult } from './fixtures.ts'

const verdicts = (load: LoadResult) =>
  Object.fromEntries(loadChecks(load).map((check) => [check.id, check.verdict]))
const NAMED = 'load/issuance/token-1-the-header-holds-a-bearer-token'

describe('the name of a k6 check', () => {
  it('begins with the clauses that it proves', () => {
    expect(parseCheckName('TOKEN-1: a')).to.deep.equal({ clauses: ['TOKEN-1'], title: 'a' })
    expect(parseCheckName('TOKEN-1 TOKEN-2, LOCK-3: a: b')).to.deep.equal({
      clauses: ['TOKEN-1', 'TOKEN-2', 'LOCK-3'],
      title: 'a: b',
    })
  })

  it('may name none', () => {
    for (const name of ['status is 200', 'http: ok', ': a', 'TOKEN-1:'])
      expect(parseCheckName(name).clauses, name).to.deep.equal([])
  })
})

describe('what a load run proves', () => {
  it('is held when checks, thresholds and iterations are', () => {
    expect(verdicts(loadResult())).to.deep.equal({
      [NAMED]: 'held',
      'load/issuance/thresholds': 'held',
    })
  })

  it('is broken when the script marks the run as failed, or aborts it', () => {
    for (const by of ['fail', 'abort'] as const) {
      const load = loadResult({ stopped: { by, reason: 'no customers left' } })
      const check = loadChecks(load).find(({ id }) => id === 'load/issuance/thresholds')
      expect(check?.verdict, by).to.equal('broken')
      expect(check?.failures[0]?.message, by).to.include('no customers left')
    }
  })

  it('is broken by requests without an answer, unless a threshold on failed requests judges them', () => {
    const errors = [
      { code: 1212, message: 'connection refused', count: 3 },
      { code: 1500, message: '500 Internal Server Error', count: 1 },
    ]
    const of = (metric: string) => {
      const load = loadResult({
        errors,
        thresholds: [{ metric, expression: 'rate<0.5', verdict: 'held', actual: 0.1 }],
      })
      return loadChecks(load).find(({ id }) => id === 'load/issuance/thresholds')
    }
    expect(of('http_req_duration')?.verdict).to.equal('broken')
    expect(of('http_req_duration')?.failures[0]).to.include({ actual: '3' })
    expect(of('http_req_failed')?.verdict).to.equal('held')
    expect(of('http_req_failed{auth:guest}')?.verdict).to.equal('held')
  })

  it('is shown with the examples that the run kept of what failed', () => {
    const exchange = {
      request: { method: 'POST', url: 'http://127.0.0.1/', headers: {} },
      durationMs: 1,
      load: { atMs: 5, vu: 2 },
    }
    const name = 'TOKEN-1: the header holds a bearer token'
    const checks = loadChecks(
      loadResult({
        checks: [{ name, passes: 9, fails: 1 }],
        thresholds: [{ metric: 'http_req_failed', expression: 'rate==0', verdict: 'broken', actual: 0.1 }],
        samples: [
          { of: 'check', name, exchange },
          { of: 'request', name: '1500 500 Internal Server Error', exchange: { ...exchange, durationMs: 2 } },
        ],
      }),
    )
    expect(checks.map(({ exchanges }) => exchanges.map(({ durationMs }) => durationMs))).to.deep.equal([
      [1],
      [2],
    ])
  })

  it('is broken by one failed check in a million', () => {
    const load = loadResult({
      checks: [{ name: 'TOKEN-1: the header holds a bearer token', passes: 999_999, fails: 1 }],
    })
    expect(verdicts(load)[NAMED]).to.equal('broken')
  })

  it('is not evaluated where a check was never made', () => {
    const load = loadResult({
      checks: [{ name: 'TOKEN-1: the header holds a bearer token', passes: 0, fails: 0 }],
    })
    expect(verdicts(load)[NAMED]).to.equal('not evaluated')
  })

  it('counts a failed check that names no clause against LOAD-1', () => {
    const [check] = loadChecks(loadResult({ checks: [{ name: 'status is 200', passes: 1, fails: 1 }] }))
    expect(check).to.deep.include({ clauses: ['LOAD-1'], verdict: 'broken' })
  })

  it('does not hold a threshold over no samples', () => {
    const load = loadResult({
      thresholds: [{ metric: 'a{b:c}', expression: 'p(95)<1', verdict: 'not evaluated' }],
    })
    expect(verdicts(load)['load/issuance/thresholds']).to.equal('not evaluated')
  })

  it('does not hold without any threshold', () => {
    expect(verdicts(loadResult({ thresholds: [] }))['load/issuance/thresholds']).to.equal('not evaluated')
  })

  it('does not judge a check twice by a threshold on it', () => {
    const load = loadResult({
      thresholds: [
        { metric: 'http_req_failed', expression: 'rate<0.01', verdict: 'held', actual: 0 },
        { metric: 'checks{clause:TOKEN-1}', expression: 'rate==1', verdict: 'broken', actual: 0.5 },
      ],
    })
    expect(verdicts(load)['load/issuance/thresholds']).to.equal('held')
  })

  it('breaks on iterations that threw, and on those that were cut off', () => {
    expect(
      verdicts(loadResult({ iterations: { completed: 9, failed: 1, interrupted: 0 } }))[
        'load/issuance/thresholds'
      ],
    ).to.equal('broken')
    expect(
      verdicts(loadResult({ iterations: { completed: 9, failed: 0, interrupted: 1 } }))[
        'load/issuance/thresholds'
      ],
    ).to.equal('broken')
  })

  it('is not evaluated where no iteration ran', () => {
    expect(
      verdicts(loadResult({ iterations: { completed: 0, failed: 0, interrupted: 0 } }))[
        'load/issuance/thresholds'
      ],
    ).to.equal('not evaluated')
  })
})

describe('a saturated generator', () => {
  const generator = {
    workers: 1,
    lateStarts: 9,
    droppedIterations: 9,
    saturated: ['dropped iterations 9 > 0'],
  }

  it('proves nothing that held, nor a threshold that was crossed', () => {
    const load = loadResult({
      generator,
      thresholds: [{ metric: 'http_req_duration', expression: 'p(95)<1', verdict: 'broken', actual: 2 }],
    })
    expect(new Set(Object.values(verdicts(load)))).to.deep.equal(new Set(['not evaluated']))
  })

  it('leaves a wrong answer wrong', () => {
    const load = loadResult({
      generator,
      checks: [{ name: 'TOKEN-1: the header holds a bearer token', passes: 9, fails: 1 }],
    })
    expect(verdicts(load)[NAMED]).to.equal('broken')
  })

  it('is worth another run only where nothing was found broken', () => {
    const conclusive = (load: LoadResult) => !isInconclusive(load, loadChecks(load))
    expect(conclusive(loadResult({ generator }))).to.equal(false)
    expect(conclusive(loadResult())).to.equal(true)
    const wrong = [{ name: 'TOKEN-1: the header holds a bearer token', passes: 9, fails: 1 }]
    expect(conclusive(loadResult({ generator, checks: wrong }))).to.equal(true)
  })
})

describe('answers that are no document of the API', () => {
  const KIND = 'no document of the API: 429 text/html'
  const failed = (passes: number) =>
    ({ http_req_failed: { type: 'rate', contains: 'default', values: { passes, fails: 90 } } }) as const
  const crossed = {
    metric: 'http_req_failed',
    expression: 'rate==0',
    verdict: 'broken',
    actual: 0.1,
  } as const
  const run = (of: Partial<LoadResult>) =>
    separateForeign(loadResult({ thresholds: [crossed], metrics: failed(5), ...of }))
  const foreign = { name: KIND, passes: 0, fails: 5 }
  const named = { name: 'TOKEN-1: the header holds a bearer token', passes: 90, fails: 0 }
  const thresholds = (load: LoadResult) =>
    loadChecks(load).find(({ id }) => id === 'load/issuance/thresholds')

  it('are counted by kind, and are no check', () => {
    const load = run({ checks: [named, foreign] })
    expect(load.foreign).to.deep.equal([{ kind: '429 text/html', count: 5 }])
    expect(load.checks).to.deep.equal([named])
    expect(verdicts(load)).to.deep.equal({ [NAMED]: 'held', 'load/issuance/thresholds': 'not evaluated' })
    expect(thresholds(load)?.reason).to.include('429 text/html: 5')
    expect(thresholds(load)?.failures).to.deep.equal([])
  })

  it('do not excuse failed requests beyond them', () => {
    expect(thresholds(run({ checks: [named, foreign], metrics: failed(6) }))?.verdict).to.equal('broken')
  })

  it('leave thresholds that hold in spite of them held, where they counted as failed requests', () => {
    const held = { ...crossed, expression: 'rate<0.5', verdict: 'held' } as const
    const load = (passes: number) =>
      run({ checks: [named, foreign], thresholds: [held], metrics: failed(passes) })
    expect(thresholds(load(5))?.verdict).to.equal('held')
    expect(thresholds(load(0))?.verdict).to.equal('not evaluated')
  })

  it('hold nothing where they are all that there is', () => {
    const held = { ...crossed, verdict: 'held' } as const
    const load = run({
      checks: [{ ...named, passes: 0 }, foreign],
      thresholds: [held],
      metrics: failed(5),
    })
    expect(Object.values(verdicts(load))).to.deep.equal(['not evaluated', 'not evaluated'])
  })
})
