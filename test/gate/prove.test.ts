import { expect } from 'chai'
import { fateOf, isProved, killMatrix } from '../../src/gate/prove/fate.ts'
import { brokenCheck, checkResult } from './fixtures.ts'

const defect = { id: 'no-lock', title: 'failed logins never lock', clauses: ['LOCK-1'], underLoad: false }

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

  it('is to survive when every check holds, or was not evaluated', () => {
    expect(fateOf(defect, { checks: [checkResult()] }, 1).fate).to.equal('survived')
    expect(fateOf(defect, { checks: [checkResult({ verdict: 'not evaluated' })] }, 1).fate).to.equal(
      'survived',
    )
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

describe('the gate is proved', () => {
  const killed = fateOf(defect, { checks: [brokenCheck({ id: 'a' })] }, 1)
  const correct = [checkResult({ id: 'a' })]

  it('when every defect is killed, every check kills, and the correct provider alarms none', () => {
    expect(isProved(killMatrix(correct, [killed]))).to.equal(true)
  })

  it('but not by a survivor, an idle check, a false alarm, or without any defect', () => {
    const survivor = fateOf(defect, { checks: [] }, 1)
    expect(isProved(killMatrix(correct, [killed, survivor]))).to.equal(false)
    expect(isProved(killMatrix([...correct, checkResult({ id: 'b' })], [killed]))).to.equal(false)
    expect(isProved(killMatrix([brokenCheck({ id: 'a' })], [killed]))).to.equal(false)
    expect(isProved(killMatrix([], []))).to.equal(false)
  })

  it('and a check that is not provable on the embedded provider needs no defect', () => {
    expect(
      isProved(killMatrix([...correct, checkResult({ id: 'b', verdict: 'not provable here' })], [killed])),
    ).to.equal(true)
  })
})
