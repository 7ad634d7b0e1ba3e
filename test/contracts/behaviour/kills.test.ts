import { expect } from 'chai'
import { CLAUSES, type Clause } from '../../../contracts/clauses.ts'
import { CHECKS, runChecks } from '../../../contracts/lib/behaviour/index.ts'
import { DEFECTS } from '../../../src/target/embedded/defects.ts'
import { inProcessTarget } from './support/in-process-target.ts'

const byBehaviour = new Set(
  (CLAUSES as readonly Clause[]).filter(({ proofs }) => proofs.includes('behaviour')).map(({ id }) => id),
)
/** What only many requests at once can show is for the load scenarios. */
const defects = DEFECTS.filter(
  ({ clauses, underLoad }) => !underLoad && clauses.some((id) => byBehaviour.has(id)),
)

describe('every planted defect is found by a check of its clause', () => {
  const killedBy = new Map<string, string[]>()

  before(async function () {
    this.timeout(180_000)
    const queue = [...defects]
    const work = async (): Promise<void> => {
      for (let defect = queue.shift(); defect !== undefined; defect = queue.shift()) {
        const target = await inProcessTarget(defect.id)
        try {
          const checks = await runChecks({ target, clauses: defect.clauses })
          killedBy.set(
            defect.id,
            checks.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id),
          )
        } finally {
          await target.close()
        }
      }
    }
    await Promise.all(Array.from({ length: 4 }, work))
  })

  for (const { id, title } of defects) {
    it(`${id}: ${title}`, () => {
      expect(killedBy.get(id)).to.not.be.empty
    })
  }

  it('and every check finds at least one', () => {
    const killers = new Set([...killedBy.values()].flat())
    expect(CHECKS.filter(({ id }) => !killers.has(id)).map(({ id }) => id)).to.deep.equal([])
  })
})
