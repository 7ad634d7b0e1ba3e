import { expect } from 'chai'
import fc from 'fast-check'
import { OTHER, TAG_LIMITS, TagInterner } from '../../../src/engine/metrics/tag-set.ts'

function interner(limits: Partial<typeof TAG_LIMITS> = {}) {
  const warnings: string[] = []
  return {
    warnings,
    tags: new TagInterner({ ...TAG_LIMITS, ...limits }, (message) => warnings.push(message)),
  }
}

describe('tag sets', () => {
  it('are one object when they are equal, in whatever order they were made', () => {
    const { root } = interner().tags
    const entries = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2')), {
      selector: ([key]) => key,
    })
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), (pairs, random) => {
        const shuffled = [...pairs].sort(() => ((random.next().value as number) % 2) - 0.5)
        const make = (all: typeof pairs) => all.reduce((set, [key, value]) => set.with(key, value), root)
        expect(make(shuffled)).to.equal(make(pairs))
        expect(make(pairs)).to.equal(root.withAll(Object.fromEntries(pairs)))
        expect(make(pairs).toJSON()).to.deep.equal(Object.fromEntries(pairs))
      }),
    )
  })

  it('replace and take away a tag', () => {
    const { root } = interner().tags
    const both = root.withAll({ a: '1', b: '2' })
    expect(both.with('a', '3').toJSON()).to.deep.equal({ a: '3', b: '2' })
    expect(both.without('a')).to.equal(root.with('b', '2'))
    expect(both.without('c')).to.equal(both)
  })

  it('are bounded: further values are one, with one warning a tag', () => {
    const { tags, warnings } = interner({ valuesPerTag: 10 })
    const sets = new Set(Array.from({ length: 1_000 }, (_, i) => tags.root.with('url', `/${i}`)))
    expect(sets.size).to.equal(11)
    expect(tags.root.with('url', '/999').get('url')).to.equal(OTHER)
    expect(tags.root.with('url', '/3').get('url')).to.equal('/3')
    expect(warnings).to.have.length(1)
    expect(warnings[0]).to.include('url').and.to.include('name')
  })

  it('are bounded in all', () => {
    const { tags } = interner({ tagSets: 50 })
    const sets = new Set(
      Array.from({ length: 400 }, (_, i) => tags.root.with('a', String(i % 20)).with('b', String(i % 19))),
    )
    expect(sets.size).to.be.lessThan(100)
  })

  it('always admit the values that a threshold names', () => {
    const { tags } = interner({ valuesPerTag: 2, tagSets: 3 })
    tags.reserve('url', '/important')
    for (let i = 0; i < 100; i++) tags.root.with('url', `/${i}`)
    expect(tags.root.with('url', '/important').get('url')).to.equal('/important')
  })
})
