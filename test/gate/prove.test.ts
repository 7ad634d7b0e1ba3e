import { expect } from 'chai'
import type { Clause } from '../../contracts/clauses.ts'
import { type Examined, fateOf, isSilent, killMatrix, proofOf, together } from '../../src/gate/prove/fate.ts'
import type { CheckResult } from '../../src/verdict/check.ts'
import type { Verdict } from '../../src/verdict/verdict.ts'
import { brokenCheck, checkResult } from './fixtures.ts'

const defect = {
  id: 'no-lock',
  title: 'failed logins never lock',
  clauses: ['LOCK-1'],
  underLoad: false as const,
}

describe('the fate of a defect', () => {
  it('is to be killed by a check that names a clause of it', () => {
    const fate = fateOf(
      defect,
      {
        checks: [
          brokenCheck({ id: 'a' }),
          checkResult({ id: 'b' }),
          brokenCheck({ id: 'c', clauses: ['USE-1'] }),
        ],
      },
      1,
    )
    expect(fate).to.deep.include({
      fate: 'killed',
      killedBy: [{ check: 'a', clause: 'LOCK-1' }],
      alsoBroke: ['c'],
    })
  })

  it('is to be killed for what it breaks: a failure about another clause of a check is no kill', () => {
    const about = (clause: string) =>
      brokenCheck({ id: 'a', clauses: ['LOCK-1', 'USE-1'], failures: [{ message: 'x', clauses: [clause] }] })
    expect(fateOf(defect, { checks: [about('USE-1')] }, 1)).to.deep.include({
      fate: 'killed by unrelated checks only',
      killedBy: [],
      alsoBroke: ['a'],
    })
    expect(fateOf(defect, { checks: [about('LOCK-1')] }, 1).fate).to.equal('killed')
  })

  it('is not sealed by a check of another clause', () => {
    expect(fateOf(defect, { checks: [brokenCheck({ clauses: ['USE-1'] })] }, 1).fate).to.equal(
      'killed by unrelated checks only',
    )
  })

  it('is to survive when every check that could kill it holds', () => {
    expect(fateOf(defect, { checks: [checkResult()] }, 1).fate).to.equal('survived')
  })

  it('is open while a check that could kill it gave no verdict', () => {
    const silent = checkResult({ verdict: 'not evaluated', reason: 'saturated' })
    expect(fateOf(defect, { checks: [silent] }, 1)).to.include({ fate: 'not evaluated', reason: 'saturated' })
    expect(fateOf(defect, { checks: [silent, brokenCheck()] }, 1).fate).to.equal('killed')
    const other = checkResult({ verdict: 'not evaluated', clauses: ['USE-1'] })
    expect(fateOf(defect, { checks: [other] }, 1).fate).to.equal('survived')
  })

  it('is unknown when the gate could not run', () => {
    expect(
      fateOf(
        defect,
        { checks: [], error: { kind: 'TARGET', code: 'X', message: 'the target is unreachable' } },
        1,
      ),
    ).to.include({
      fate: 'not evaluated',
      reason: 'the target is unreachable',
    })
  })
})

describe('the proof of the gate', () => {
  const examined = (...checks: CheckResult[]): Examined => ({
    fate: fateOf(defect, { checks }, 1),
    checks,
  })
  const killed = examined(brokenCheck({ id: 'a' }))
  const correct = [checkResult({ id: 'a' })]
  const silent = (id: string) => checkResult({ id, verdict: 'not evaluated' })
  const catalogue: Catalogue = { clauses: [clause('LOCK-1', ['behaviour'])], exempt: [] }
  const matrixOf = (checks: CheckResult[], defects: Examined[], of = catalogue) =>
    killMatrix(checks, defects, of)
  const proofFrom = (...args: Parameters<typeof matrixOf>) => proofOf(matrixOf(...args))

  it('holds when every defect is killed, every claim kills, and the correct provider alarms none', () => {
    expect(proofFrom(correct, [killed])).to.equal('held')
  })

  it('is broken by a survivor, an idle check or a false alarm', () => {
    const survivor = examined()
    expect(proofFrom(correct, [killed, survivor])).to.equal('broken')
    expect(proofFrom([...correct, checkResult({ id: 'b' })], [killed])).to.equal('broken')
    expect(proofFrom([brokenCheck({ id: 'a' })], [killed])).to.equal('broken')
  })

  it('is broken by one idle claim of a check whose other claims kill', () => {
    const matrix = matrixOf([checkResult({ id: 'a', clauses: ['LOCK-1', 'LOCK-5'] })], [killed])
    expect(matrix).to.deep.include({ claims: 2, idle: [{ check: 'a', clause: 'LOCK-5' }] })
    expect(proofOf(matrix)).to.equal('broken')
  })

  it('is broken by a way of proof that kills nothing, though the clause is proved in another', () => {
    const clauses = [clause('LOCK-1', ['types', 'behaviour', 'load'])]
    const matrix = matrixOf(correct, [killed], { ...catalogue, clauses })
    expect(matrix).to.deep.include({ idle: [], idleProofs: [{ clause: 'LOCK-1', proof: 'load' }] })
    expect(proofOf(matrix)).to.equal('broken')
  })

  it('is open, and not broken, while a claim that killed nothing gave no verdict on a defect of its clause', () => {
    const both = [...correct, checkResult({ id: 'b', kind: 'load' })]
    const clauses = [clause('LOCK-1', ['behaviour', 'load'])]
    const busy = examined(brokenCheck({ id: 'a' }), silent('b'))
    const matrix = matrixOf(both, [busy], { ...catalogue, clauses })
    expect(matrix).to.deep.include({ idle: [], unheard: [{ check: 'b', clause: 'LOCK-1' }], idleProofs: [] })
    expect(proofOf(matrix)).to.equal('not evaluated')
    // heard at the second look
    const heard = examined(brokenCheck({ id: 'a' }), brokenCheck({ id: 'b', kind: 'load' }))
    expect(proofFrom(both, [busy, heard], { ...catalogue, clauses })).to.equal('held')
  })

  it('takes a check that never came for silent only where the run ended early', () => {
    const claim = { check: 'b', clause: 'LOCK-1' }
    expect(isSilent(killed, claim)).to.equal(false)
    const error = { kind: 'TARGET', code: 'X', message: 'the target is unreachable' } as const
    expect(isSilent({ ...killed, error }, claim)).to.equal(true)
    expect(isSilent({ ...killed, error }, { check: 'b', clause: 'USE-1' })).to.equal(false)
  })

  it('asks for no kill of a clause that is exempt', () => {
    const exempt = [{ clause: 'SDK-1', reason: 'it is about the client' }]
    const clauses = [...catalogue.clauses, clause('SDK-1', ['contract'])]
    const checks = [checkResult({ id: 'a', clauses: ['LOCK-1', 'SDK-1'] })]
    expect(proofFrom(checks, [killed], { clauses, exempt })).to.equal('held')
    expect(proofFrom(checks, [killed], { clauses, exempt: [] })).to.equal('broken')
  })

  it('is not given without a defect, nor where something gave no verdict', () => {
    expect(proofFrom([], [])).to.equal('not evaluated')
    expect(proofFrom([silent('a')], [killed])).to.equal('not evaluated')
    const open = examined(silent('a'))
    expect(proofFrom(correct, [killed, open])).to.equal('not evaluated')
  })

  it('needs no defect for a check that is not provable on the embedded provider', () => {
    const unprovable = checkResult({ id: 'b', verdict: 'not provable here' })
    expect(proofFrom([...correct, unprovable], [killed])).to.equal('held')
  })
})

describe('two runs together', () => {
  const check = (verdict: Verdict) => checkResult({ id: 'a', verdict })
  for (const [before, now, whole] of [
    ['not evaluated', 'held', 'held'],
    ['not evaluated', 'broken', 'broken'],
    ['held', 'not evaluated', 'held'],
    ['held', 'broken', 'broken'],
    ['broken', 'held', 'broken'],
    ['broken', 'not evaluated', 'broken'],
    ['not evaluated', 'not evaluated', 'not evaluated'],
  ] as const satisfies [Verdict, Verdict, Verdict][]) {
    it(`say ${whole} of a check that was ${before}, then ${now}`, () => {
      const { checks } = together({ checks: [check(before)] }, { checks: [check(now)] })
      expect(checks.map(({ verdict }) => verdict)).to.deep.equal([whole])
    })
  }

  it('keep what only one of them found, and an error that both had', () => {
    const error = { kind: 'TARGET', code: 'X', message: 'the target is unreachable' } as const
    const other = checkResult({ id: 'b' })
    const ended = { checks: [check('held')], error }
    expect(together(ended, { checks: [other] })).to.deep.equal({
      checks: [check('held'), other],
      error: undefined,
    })
    expect(together(ended, ended).error).to.equal(error)
  })
})

type Catalogue = Parameters<typeof killMatrix>[2]

function clause(id: string, proofs: Clause['proofs']): Clause {
  return { id, text: id, source: 'a test', severity: 'major', proofs }
}
