import { expect } from 'chai'
import { CLAUSES, type Clause, findClause } from '../../../contracts/clauses.ts'
import { CHECKS } from '../../../contracts/lib/behaviour/index.ts'

describe('the catalogue of behaviour checks', () => {
  const clauses: readonly Clause[] = CLAUSES

  for (const clause of clauses.filter(({ proofs }) => proofs.includes('behaviour'))) {
    it(`proves ${clause.id}`, () => {
      expect(CHECKS.filter(({ clauses: named }) => named.some((id) => id === clause.id))).to.not.be.empty
    })
  }

  it('names only clauses that are marked to be proved by behaviour', () => {
    for (const check of CHECKS) {
      expect(check.clauses, check.id).to.not.be.empty
      for (const id of check.clauses)
        expect(findClause(id)?.proofs, `${check.id}: ${id}`).to.include('behaviour')
    }
  })

  it('has an id and a title for each check, and none twice', () => {
    expect(new Set(CHECKS.map(({ id }) => id)).size).to.equal(CHECKS.length)
    expect(new Set(CHECKS.map(({ title }) => title)).size).to.equal(CHECKS.length)
    for (const { id, title } of CHECKS) {
      expect(id).to.match(/^behaviour\/[a-z0-9]+(?:-[a-z0-9]+)*$/)
      expect(title, id).to.match(/^[^.]{10,160}$/)
    }
  })

  it('keeps apart what moves the clock', () => {
    for (const { id, needs, exclusive } of CHECKS) {
      expect(exclusive, id).to.equal(needs.includes('time passes') ? 'moves the clock' : undefined)
    }
  })
})
