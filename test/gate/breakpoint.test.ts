import { expect } from 'chai'
import fc from 'fast-check'
import { type RateVerdict, searchBreakpoint } from '../../src/gate/breakpoint.ts'

/** A target that holds up to its capacity, every time. */
const steady = (capacity: number) => async (rate: number) => (rate <= capacity ? 'held' : 'broken')

describe('The search for the breakpoint', () => {
  it('finds the capacity of a steady target, to its resolution', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        fc.constantFrom(0.01, 0.05, 0.2),
        async (capacity, startRate, resolution) => {
          const found = await searchBreakpoint({
            startRate,
            maxRate: 40_000,
            trials: 1,
            resolution,
            holds: steady(capacity),
          })
          expect(found.rate).to.be.at.most(capacity)
          expect(capacity - found.rate).to.be.below(Math.max(1, found.rate * resolution) + 1e-9)
          expect(found.trials[0]?.endedBy).to.equal('target')
        },
      ),
    )
  })

  it('needs few runs: the doublings and the halvings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100_000 }), async (capacity) => {
        const { trials } = await searchBreakpoint({
          startRate: 1,
          maxRate: 200_000,
          trials: 1,
          holds: steady(capacity),
        })
        const doublings = Math.ceil(Math.log2(capacity + 1)) + 1
        expect(trials[0]?.runs.length).to.be.at.most(doublings + Math.ceil(Math.log2(1 / 0.05)) + 1)
      }),
    )
  })

  it('keeps to whole rates from 1 to the limit, and never asks for one twice in a trial', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 4 }),
        async (capacity, startRate, trials) => {
          const found = await searchBreakpoint({
            startRate,
            maxRate: Math.max(startRate, 2000),
            trials,
            holds: steady(capacity),
          })
          for (const { runs } of found.trials) {
            const rates = runs.map(({ rate }) => rate)
            expect(rates.every((rate) => Number.isInteger(rate) && rate >= 1 && rate <= 2000)).to.equal(true)
            expect(new Set(rates).size).to.equal(rates.length)
          }
        },
      ),
    )
  })

  it('tells the spread of a target that holds by chance near its limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 200, maxLength: 200 }),
        async (dice) => {
          let thrown = 0
          /** Sure up to 800, never above 1200, and in between by chance. */
          const holds = async (rate: number): Promise<RateVerdict> => {
            const luck = dice[thrown++ % dice.length] ?? 0
            return rate <= 800 + 400 * luck ? 'held' : 'broken'
          }
          const { rate, lowest, highest, trials } = await searchBreakpoint({
            startRate: 100,
            maxRate: 10_000,
            trials: 5,
            holds,
          })
          const rates = trials.map((trial) => trial.rate)
          expect(lowest).to.equal(Math.min(...rates))
          expect(highest).to.equal(Math.max(...rates))
          expect(rates.filter((one) => one <= rate).length).to.be.at.least(3)
          expect(rates.filter((one) => one >= rate).length).to.be.at.least(3)
          expect(lowest).to.be.at.least(800 * 0.95)
          expect(highest).to.be.at.most(1200)
        },
      ),
    )
  })

  it('says when not the target but the limit ended it', async () => {
    const found = await searchBreakpoint({ startRate: 3, maxRate: 100, trials: 2, holds: async () => 'held' })
    expect(found.rate).to.equal(100)
    expect(found.trials.map(({ endedBy }) => endedBy)).to.deep.equal(['maxRate', 'maxRate'])
  })

  it('says when the generator was at its end first', async () => {
    const holds = async (rate: number) => (rate <= 500 ? 'held' : 'not evaluated')
    const found = await searchBreakpoint({ startRate: 10, maxRate: 10_000, trials: 1, holds })
    expect(found.trials[0]?.endedBy).to.equal('generator')
    expect(found.rate).to.be.within(475, 500)
  })

  it('finds 0 where nothing holds', async () => {
    const found = await searchBreakpoint({
      startRate: 64,
      maxRate: 64,
      trials: 1,
      holds: async () => 'broken',
    })
    expect(found.rate).to.equal(0)
    expect(found.trials[0]?.runs.at(-1)?.rate).to.equal(1)
  })

  it('ends with the error of a run that failed', async () => {
    const holds = () => Promise.reject(new Error('the target is gone'))
    const error = await searchBreakpoint({ startRate: 1, maxRate: 2, trials: 1, holds }).catch(
      (thrown) => thrown,
    )
    expect(error).to.have.property('message', 'the target is gone')
  })

  for (const [wrong, rule] of [
    [{ startRate: 0 }, 'startRate must be a whole number of at least 1; it is 0'],
    [{ maxRate: 9 }, 'maxRate must be a whole number of at least startRate; it is 9'],
    [{ trials: 1.5 }, 'trials must be a whole number of at least 1; it is 1.5'],
    [{ resolution: 1 }, 'resolution must be above 0 and below 1; it is 1'],
  ] as const) {
    it(`refuses ${JSON.stringify(wrong)}`, async () => {
      const options = { startRate: 10, maxRate: 100, trials: 1, holds: steady(50), ...wrong }
      const error = await searchBreakpoint(options).catch((thrown) => thrown)
      expect(error).to.be.instanceOf(RangeError).with.property('message', rule)
    })
  }
})
