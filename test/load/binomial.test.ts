import { expect } from 'chai'
import fc from 'fast-check'
import { mostByChance } from '../../load/lib/binomial.ts'

/** Chance of more than `successes`, by Pascal's recursion instead of logarithms. */
function chanceOfMore(successes: number, trials: number, p: number): number {
  let chances = [1]
  for (let trial = 0; trial < trials; trial++) {
    chances = Array.from(
      { length: chances.length + 1 },
      (_, k) => (chances[k] ?? 0) * (1 - p) + (chances[k - 1] ?? 0) * p,
    )
  }
  return chances.slice(successes + 1).reduce((sum, chance) => sum + chance, 0)
}

describe('What chance explains', () => {
  it('is the smallest bound whose passing is rarer than the alarm', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.constantFrom(0.05, 1e-3, 1e-9),
        (trials, p, alarm) => {
          const most = mostByChance(trials, p, alarm)
          expect(chanceOfMore(most, trials, p)).to.be.below(alarm * (1 + 1e-9))
          if (most > 0) expect(chanceOfMore(most - 1, trials, p)).to.be.at.least(alarm * (1 - 1e-9))
        },
      ),
    )
  })

  it('is nothing where nothing can happen, and all where everything does', () => {
    expect(mostByChance(10, 0)).to.equal(0)
    expect(mostByChance(10, 1)).to.equal(10)
    expect(mostByChance(0, 0.5)).to.equal(0)
  })

  it('sees a guard that lets every guess through within the 15 guesses of a smoke run', () => {
    expect(mostByChance(15, 5 / 30)).to.be.below(15)
  })
})
