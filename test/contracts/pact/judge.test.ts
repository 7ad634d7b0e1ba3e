import { expect } from 'chai'
import type { Episode } from '../../../contracts/lib/pact/verification/gateway.ts'
import { judge } from '../../../contracts/lib/pact/verification/judge.ts'
import type { InteractionResult } from '../../../contracts/lib/pact/verification/verifier.ts'
import type { Replay } from '../../../contracts/lib/pact/verification/verify-pacts.ts'

function replay(description: string): Replay {
  return {
    description,
    title: description,
    clauses: ['GUEST-1'],
    prerequisite: undefined,
    states: [],
    foreign: false,
  }
}

function ok(description: string): InteractionResult {
  return { description, result: 'OK' }
}

function episode(): Episode {
  const request = { method: 'POST', url: 'http://127.0.0.1/', headers: {} }
  const exchanges = [{ request, response: { status: 200, headers: {} }, durationMs: 1 }]
  return { values: {}, exchanges, failures: [], obstacle: undefined, durationMs: 1 }
}

describe('judge', () => {
  const replays = [replay('one'), replay('two')]

  it('gives no verdict where results, requests and interactions do not belong together', () => {
    const mixed: [InteractionResult[], Episode[]][] = [
      [
        [ok('two'), ok('one')],
        [episode(), episode()],
      ],
      [[ok('one')], [episode()]],
      [
        [ok('one'), ok('two'), ok('three')],
        [episode(), episode(), episode()],
      ],
      [[ok('one'), ok('two')], [episode()]],
      [[], []],
    ]
    for (const [results, episodes] of mixed)
      expect(() => judge(replays, results, episodes))
        .to.throw()
        .with.property('code', 'VERIFIER_OUT_OF_STEP')
  })

  it('never holds what was not sent, whatever the verifier says', () => {
    const [check] = judge([replay('one')], [ok('one')], [{ ...episode(), exchanges: [] }])
    expect(check).to.deep.include({ verdict: 'not evaluated', failures: [] })
  })

  it('breaks an interaction for which the verifier gives no reason', () => {
    const [check] = judge([replay('one')], [{ description: 'one', result: 'Error' }], [episode()])
    expect(check?.verdict).to.equal('broken')
    expect(check?.failures).to.have.lengthOf(1)
  })

  it('gives interactions of one description in two pacts an id each', () => {
    const ids = judge([replay('one'), replay('one')], [ok('one'), ok('one')], [episode(), episode()]).map(
      ({ id }) => id,
    )
    expect(ids).to.deep.equal(['contract/one', 'contract/one-2'])
  })

  it('an interrupted verification evaluated nothing', () => {
    expect(judge(replays, undefined, [episode()]).map(({ verdict }) => verdict)).to.deep.equal([
      'not evaluated',
      'not evaluated',
    ])
  })
})
