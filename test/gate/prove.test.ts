import { expect } from 'chai'
import { fateOf, killMatrix, proofOf } from '../../src/gate/prove/fate.ts'
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
    expect(fate).to.deep.include({ fate: 'killed', killedBy: ['a'], alsoBroke: ['c'] })
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
  const killed = fateOf(defect, { checks: [brokenCheck({ id: 'a' })] }, 1)
  const correct = [checkResult({ id: 'a' })]
  const silent = (id: string) => checkResult({ id, verdict: 'not evaluated' })

  it('holds when every defect is killed, every check kills, and the correct provider alarms none', () => {
    expect(proofOf(killMatrix(correct, [killed]))).to.equal('held')
  })

  it('is broken by a survivor, an idle check or a false alarm', () => {
    const survivor = fateOf(defect, { checks: [] }, 1)
    expect(proofOf(killMatrix(correct, [killed, survivor]))).to.equal('broken')
    expect(proofOf(killMatrix([...correct, checkResult({ id: 'b' })], [killed]))).to.equal('broken')
    expect(proofOf(killMatrix([brokenCheck({ id: 'a' })], [killed]))).to.equal('broken')
  })

  it('is not given without a defect, nor where something gave no verdict', () => {
    expect(proofOf(killMatrix([], []))).to.equal('not evaluated')
    expect(proofOf(killMatrix([silent('a')], [killed]))).to.equal('not evaluated')
    const open = fateOf(defect, { checks: [silent('a')] }, 1)
    expect(proofOf(killMatrix(correct, [killed, open]))).to.equal('not evaluated')
  })

  it('needs no defect for a check that is not provable on the embedded provider', () => {
    const unprovable = checkResult({ id: 'b', verdict: 'not provable here' })
    expect(proofOf(killMatrix([...correct, unprovable], [killed]))).to.equal('held')
  })
})
