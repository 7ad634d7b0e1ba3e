import { expect } from 'chai'
import fc from 'fast-check'
import {
  equalIndexes,
  indexesByVus,
  segmentIndexes,
  WHOLE,
} from '../../../src/engine/executors/segment-index.ts'

const weights = fc
  .array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 6 })
  .filter((all) => all.some((weight) => weight > 0))

describe('segmentIndexes', () => {
  it('deal every item to exactly one share', () => {
    fc.assert(
      fc.property(weights, fc.nat({ max: 300 }), (all, total) => {
        const shares = segmentIndexes(all)
        const items = shares.flatMap((share) =>
          Array.from({ length: share.count(total) }, (_, i) => share.at(i)),
        )
        expect(items.sort((a, b) => a - b)).to.deep.equal(Array.from({ length: total }, (_, i) => i))
      }),
    )
  })

  it('give each share its weight in every cycle', () => {
    fc.assert(
      fc.property(weights, (all) => {
        expect(segmentIndexes(all).map((share) => share.offsets.length)).to.deep.equal(all)
      }),
    )
  })

  it('never wobble: one item more goes to one share, and no share loses one', () => {
    fc.assert(
      fc.property(weights, fc.nat({ max: 200 }), (all, total) => {
        const grown = segmentIndexes(all).map((share) => share.count(total + 1) - share.count(total))
        expect(grown.every((more) => more === 0 || more === 1)).to.equal(true)
        expect(grown.reduce((sum, more) => sum + more, 0)).to.equal(1)
      }),
    )
  })

  it('list their items ascending, and count what they list', () => {
    fc.assert(
      fc.property(weights, fc.nat({ max: 100 }), (all, i) => {
        for (const share of segmentIndexes(all).filter(({ offsets }) => offsets.length > 0)) {
          expect(share.at(i)).to.be.lessThan(share.at(i + 1))
          expect(share.count(share.at(i))).to.equal(i)
        }
      }),
    )
  })

  it('take turns when the weights are equal, as three thirds of k6 do', () => {
    expect(equalIndexes(3).map((share) => [0, 1, 2].map((i) => share.at(i)))).to.deep.equal([
      [0, 3, 6],
      [1, 4, 7],
      [2, 5, 8],
    ])
    // Measured of k6: 302 iterations in three thirds are 101, 101 and 100.
    expect(equalIndexes(3).map((share) => share.count(302))).to.deep.equal([101, 101, 100])
  })

  it('begin with the heaviest, as k6 does', () => {
    expect(segmentIndexes([1, 2]).map(({ offsets }) => offsets)).to.deep.equal([[1], [0, 2]])
    expect(segmentIndexes([1, 1, 3]).map(({ offsets }) => offsets)).to.deep.equal([[1], [3], [0, 2, 4]])
  })

  it('stay close to their weight: never a whole item ahead of it', () => {
    fc.assert(
      fc.property(weights, fc.nat({ max: 200 }), (all, total) => {
        const cycle = all.reduce((sum, weight) => sum + weight, 0)
        segmentIndexes(all).forEach((share, index) => {
          expect(share.count(total)).to.be.lessThan((total * (all[index] ?? 0)) / cycle + 1 + 1e-9)
        })
      }),
    )
  })

  it('follow the VUs: who has no VU has no iteration, who has twice the VUs has twice the iterations', () => {
    const shares = equalIndexes(4)
    expect(indexesByVus(shares, 2).map((share) => share.count(100))).to.deep.equal([50, 50, 0, 0])
    expect(indexesByVus(shares, 5).map((share) => share.count(100))).to.deep.equal([40, 20, 20, 20])
    expect(indexesByVus([WHOLE], 7).map((share) => share.count(100))).to.deep.equal([100])
  })

  it('refuse weights that are no weights', () => {
    for (const wrong of [[], [0, 0], [1.5], [-1, 2]]) expect(() => segmentIndexes(wrong)).to.throw(RangeError)
  })
})
