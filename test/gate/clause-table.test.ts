import { expect } from 'chai'
import { CLAUSES } from '../../contracts/clauses.ts'
import { clauseTable, countsAs } from '../../src/gate/clause-table.ts'
import { brokenCheck, checkResult } from './fixtures.ts'

const asked = new Set(['LOCK-1'])
const tableOf = (...args: Parameters<typeof clauseTable>) => {
  const [row] = clauseTable(...args)
  if (row === undefined) throw new Error('no row')
  return row
}

describe('the clause table', () => {
  it('has a row for every clause asked for, in the order of the catalogue', () => {
    const ids = CLAUSES.map(({ id }) => id)
    expect(clauseTable([], new Set(ids.toReversed())).map(({ id }) => id)).to.deep.equal(ids)
  })

  it('leaves a clause unevaluated that no check spoke of', () => {
    expect(tableOf([checkResult({ clauses: ['LOCK-2'] })], asked)).to.include({
      verdict: 'not evaluated',
      reason: 'no check spoke of it in this run',
    })
  })

  it('breaks a clause by one broken check among many that held', () => {
    const row = tableOf([checkResult({ id: 'a' }), brokenCheck({ id: 'b' })], asked)
    expect(row).to.deep.include({ verdict: 'broken', reason: 'x does not hold', checks: ['a', 'b'] })
  })

  it('breaks of the clauses of a broken check those that a failure is about, and tells that failure', () => {
    const check = brokenCheck({
      clauses: ['LOCK-1', 'LOCK-2'],
      failures: [{ message: 'of the second', clauses: ['LOCK-2'] }],
    })
    const [first, second] = clauseTable([check], new Set(['LOCK-1', 'LOCK-2']))
    expect(first)
      .to.deep.include({ verdict: 'held', checks: ['behaviour/x'] })
      .and.not.have.property('reason')
    expect(second).to.include({ verdict: 'broken', reason: 'of the second' })
  })

  it('does not hold a clause of which a part was not evaluated', () => {
    const row = tableOf(
      [checkResult(), checkResult({ verdict: 'not evaluated', reason: 'its prerequisite failed' })],
      asked,
    )
    expect(row).to.include({ verdict: 'not evaluated', reason: 'its prerequisite failed' })
  })

  it('holds a clause of which a part is not provable here, and says which', () => {
    const row = tableOf(
      [checkResult(), checkResult({ verdict: 'not provable here', reason: 'no clock to move' })],
      asked,
    )
    expect(row).to.include({ verdict: 'held', reason: 'in part not provable here: no clock to move' })
  })
})

describe('a known failure', () => {
  const known = [{ clause: 'LOCK-1', reason: 'ticket 7' }]

  it('does not fail the run while it fails', () => {
    const row = tableOf([brokenCheck()], asked, known)
    expect(row).to.include({ verdict: 'broken', knownFailure: 'ticket 7' })
    expect(countsAs(row)).to.equal('held')
  })

  it('fails the run when it no longer fails', () => {
    expect(countsAs(tableOf([checkResult()], asked, known))).to.equal('broken')
  })

  it('does not hide that a clause was not evaluated', () => {
    expect(countsAs(tableOf([], asked, known))).to.equal('not evaluated')
  })
})
