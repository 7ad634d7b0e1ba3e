import { expect } from 'chai'
import { DEFECTS, startProvider } from '../../src/provider/index.ts'
import { PROBES, SECRET } from './probes.ts'
import { TestProvider } from './support.ts'

/** @returns whether each clause holds on a provider of its own */
async function probe(clauses: readonly string[], defect?: string): Promise<Record<string, boolean>> {
  const held: Record<string, boolean> = {}
  for (const clause of clauses) {
    const provider = await TestProvider.start({ defect, secret: SECRET })
    try {
      held[clause] = (await PROBES[clause]?.(provider)) ?? true
    } finally {
      await provider.close()
    }
  }
  return held
}

describe('defects', () => {
  it('are at least forty, each with an id, a sentence and a clause of its own', () => {
    expect(DEFECTS.length).to.be.at.least(40)
    expect(new Set(DEFECTS.map(({ id }) => id)).size).to.equal(DEFECTS.length)
    for (const { id, title, clauses } of DEFECTS) {
      expect(id).to.match(/^[a-z0-9]+(-[a-z0-9]+)+$/)
      expect(title.length, id).to.be.greaterThan(20)
      expect(clauses, id).to.not.be.empty
    }
  })

  it('break clauses that have a probe in test/provider/probes.ts, and every one of these', () => {
    const broken = new Set(DEFECTS.flatMap(({ clauses }) => clauses))
    expect([...broken].sort()).to.deep.equal(Object.keys(PROBES).sort())
  })

  it('refuse an unknown id, with the ones there are', async () => {
    const failure = await startProvider({ defect: 'no-such-defect' }).catch((error: Error) => error.message)
    expect(failure).to.match(/"defect" must be one of token-in-body-only, .*; got "no-such-defect"$/)
  })

  it('are in no correct provider: every clause holds', async () => {
    const held = await probe(Object.keys(PROBES))
    expect(Object.keys(held).filter((clause) => !held[clause])).to.deep.equal([])
  })

  for (const { id, title, clauses } of DEFECTS) {
    it(`${id}: ${title}`, async () => {
      expect(await probe(clauses, id)).to.deep.equal(
        Object.fromEntries(clauses.map((clause) => [clause, false])),
      )
    })
  }
})
