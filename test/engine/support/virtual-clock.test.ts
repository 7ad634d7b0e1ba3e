import { expect } from 'chai'
import { VirtualClock } from './virtual-clock.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('virtual time', () => {
  for (const turns of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`lets what begins after ${turns} turns of the event loop run before a timer that it sets`, async () => {
      const clock = new VirtualClock()
      const work = async () => {
        for (let done = 0; done < turns; done++) await turn()
        return new Promise<string>((resolve) => {
          clock.after(60_000, () => resolve('the timer'))
          setImmediate(() => resolve('the work'))
        })
      }
      expect(await clock.runUntil(work())).to.equal('the work')
    })
  }
})
