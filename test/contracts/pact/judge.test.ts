import { expect } from 'chai'
import type { Episode } from '../../../contracts/lib/pact/verification/gateway.ts'
import { judge } from '../../../contracts/lib/pact/verification/judge.ts'
import type { InteractionResult, Mismatch } from '../../../contracts/lib/pact/verification/verifier.ts'
import type { Replay } from '../../../contracts/lib/pact/verification/verify-pacts.ts'
import { wrongStatus } from '../../../src/ocapi/problem.ts'
import { verdictFor } from '../../../src/verdict/check.ts'

function replay(description: string): Replay {
  return {
    description,
    title: description,
    clauses: ['GUEST-1'],
    prerequisite: undefined,
    states: [],
    expectation: { kind: 'accepted', withToken: true },
    foreign: false,
  }
}

function ok(description: string): InteractionResult {
  return { description, result: 'OK' }
}

function episode(): Episode {
  const request = { method: 'POST', url: 'http://127.0.0.1/', headers: {} }
  const exchanges = [{ request, response: { status: 200, headers: {} }, durationMs: 1 }]
  return { values: {}, exchanges, problems: [], obstacle: undefined, durationMs: 1 }
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

  const failing = (
    problems: Episode['problems'],
    status: number,
    expectation: Replay['expectation'],
    clauses: string[],
    results: InteractionResult = ok('one'),
  ) => {
    const exchanges = [
      {
        request: { method: 'POST', url: 'http://127.0.0.1/', headers: {} },
        response: { status, headers: {} },
        durationMs: 1,
      },
    ]
    const [check] = judge(
      [{ ...replay('one'), clauses, expectation }],
      [results],
      [{ ...episode(), problems, exchanges }],
    )
    if (check === undefined) throw new Error('there is one')
    return Object.fromEntries(clauses.map((id) => [id, verdictFor(check, id)]))
  }
  const ACCEPTED = { kind: 'accepted', withToken: true } as const
  const REFUSED = { kind: 'refused', refusal: { status: 401 } } as const
  const GUEST = ['SDK-1', 'GUEST-1', 'TOKEN-1', 'TOKEN-2']

  it('a failed expectation breaks the clauses that it is about, and no other of its interaction', () => {
    expect(failing([{ about: 'token', message: 'no iss' }], 200, ACCEPTED, GUEST)).to.deep.equal({
      'SDK-1': 'held',
      'GUEST-1': 'held',
      'TOKEN-1': 'held',
      'TOKEN-2': 'broken',
    })
    expect(
      failing([{ about: 'fault', message: 'no envelope' }], 401, REFUSED, ['REFR-3', 'FAULT-1']),
    ).to.deep.equal({ 'REFR-3': 'held', 'FAULT-1': 'broken' })
    expect(
      failing([{ about: 'bearer', message: 'none' }], 200, ACCEPTED, ['CRED-1', 'TOKEN-1']),
    ).to.deep.equal({
      'CRED-1': 'broken',
      'TOKEN-1': 'broken',
    })
  })

  it('a wrong status leaves unevaluated what could not be looked at', () => {
    expect(failing([wrongStatus(503, '200')], 503, ACCEPTED, GUEST)).to.deep.equal({
      'SDK-1': 'held',
      'GUEST-1': 'broken',
      'TOKEN-1': 'not evaluated',
      'TOKEN-2': 'not evaluated',
    })
    expect(failing([wrongStatus(200, '401')], 200, REFUSED, ['REFR-3', 'FAULT-1'])).to.deep.equal({
      'REFR-3': 'broken',
      'FAULT-1': 'not evaluated',
    })
  })

  it('what Pact alone finds breaks what it is about; its word for what was found says nothing new', () => {
    const mismatches = (...found: Mismatch[]): InteractionResult => ({
      description: 'one',
      result: 'Error',
      mismatch: { mismatches: found },
    })
    const body = { type: 'BodyMismatch', path: '$.customer_id', mismatch: 'x', expected: 'a', actual: 'b' }
    expect(failing([], 200, ACCEPTED, GUEST, mismatches(body))).to.include({
      'GUEST-1': 'broken',
      'TOKEN-1': 'held',
    })
    const header = {
      type: 'HeaderMismatch',
      path: 'Authorization',
      mismatch: 'y',
      expected: 'a',
      actual: 'b',
    }
    const token = { about: 'token', message: 'no alg' } as const
    expect(failing([token], 200, ACCEPTED, GUEST, mismatches(header))).to.include({
      'TOKEN-1': 'held',
      'TOKEN-2': 'broken',
    })
    expect(failing([], 200, ACCEPTED, GUEST, mismatches(header))).to.include({
      'TOKEN-1': 'broken',
      'TOKEN-2': 'not evaluated',
    })
  })

  it('a refusal shows nothing where its twin was not answered by the API', () => {
    const twin = { ...episode(), obstacle: { verdict: 'not evaluated', reason: 'no document' } } as const
    const refused = { ...replay('two'), prerequisite: 'one', expectation: REFUSED }
    const checks = judge([replay('one'), refused], [ok('one'), ok('two')], [twin, episode()])
    expect(checks.map(({ verdict }) => verdict)).to.deep.equal(['not evaluated', 'not evaluated'])
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
