import { expect } from 'chai'
import { CLAUSES } from '../../contracts/clauses.ts'
import { clauseTable } from '../../src/gate/clause-table.ts'
import { withLeftOut } from '../../src/gate/left-out.ts'
import { STAGES, type StageName } from '../../src/verdict/run-result.ts'

const asked = new Set(CLAUSES.map(({ id }) => id))

/** The clauses that are not provable, of a run in which no check spoke. */
function notProvable(
  ran: readonly StageName[],
  scenarios: readonly string[] = [],
  reason?: string,
): string[] {
  const stages = STAGES.filter((name) => !ran.includes(name))
  const results = ran.map((name) => ({
    name,
    verdict: 'held' as const,
    durationMs: 0,
    ...(reason !== undefined && { reason }),
  }))
  return withLeftOut(clauseTable([], asked), { stages, scenarios }, results)
    .filter(({ verdict }) => verdict === 'not provable here')
    .map(({ id }) => id)
}

describe('what a run left out', () => {
  it('is not provable where nothing else proves it, and never held', () => {
    expect(notProvable(['contract', 'verify', 'check'])).to.have.members([
      'LOCK-2',
      'LOCK-4',
      'REFR-4',
      'LOAD-1',
    ])
    expect(notProvable(['verify', 'check', 'load'])).to.have.members(['SDK-1', 'SDK-2'])
  })

  it('leaves what a stage of the run should have spoken of not evaluated', () => {
    expect(notProvable([...STAGES])).to.deep.equal([])
    expect(notProvable(['load'])).to.not.include('GUEST-2')
  })

  it('is not provable by scenarios that were left out, unless the load stage could not run', () => {
    expect(notProvable([...STAGES], ['lockout']))
      .to.include('LOCK-2')
      .and.not.include('LOCK-1')
    expect(notProvable([...STAGES], ['lockout'], 'the target is down')).to.deep.equal([])
  })
})
