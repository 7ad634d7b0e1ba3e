import { expect } from 'chai'
import { separateForeign } from '../../src/gate/load-checks.ts'
import { ownScriptChecks } from '../../src/gate/own-script-checks.ts'
import { NO_DOCUMENT } from '../../src/ocapi/response.ts'
import { loadResult } from './fixtures.ts'

describe("what a load run of a user's own script proves", () => {
  const exchange = {
    request: { method: 'POST', url: 'http://127.0.0.1/', headers: {} },
    durationMs: 1,
    load: { atMs: 5, vu: 2 },
  }
  const crossed = {
    metric: 'http_req_failed',
    expression: 'rate==0',
    verdict: 'broken',
    actual: 0.1,
  } as const

  it('is shown with the examples that the run kept of what failed', () => {
    const name = 'TOKEN-1: the header holds a bearer token'
    const checks = ownScriptChecks(
      loadResult({
        checks: [{ name, passes: 9, fails: 1 }],
        thresholds: [crossed],
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

  it('is judged by its thresholds where answers are no document of the API, too', () => {
    const foreign = { name: `${NO_DOCUMENT}: 429 text/html`, passes: 0, fails: 5 }
    const load = separateForeign(loadResult({ checks: [foreign], thresholds: [crossed] }))
    expect(load.foreign).to.deep.equal([{ kind: '429 text/html', count: 5 }])
    expect(ownScriptChecks(load).map(({ verdict }) => verdict)).to.deep.equal(['broken'])
  })
})
