import { expect } from 'chai'
import fc from 'fast-check'
import { CallbackTimer, TimerWheel } from '../../../src/engine/time/wheel.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

describe('TimerWheel', () => {
  it('fires every timer once, within a tick after its time, never before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1, maxLength: 60 }),
        async (delays) => {
          const clock = new VirtualClock()
          const wheel = new TimerWheel(clock)
          const start = clock.now()
          const fired: { delay: number; at: number }[] = []
          for (const delay of delays) {
            wheel.armAt(new CallbackTimer((now) => fired.push({ delay, at: now - start })), start + delay)
          }
          await clock.advance(21_000)
          expect(fired).to.have.lengthOf(delays.length)
          expect(wheel.size).to.equal(0)
          for (const { delay, at } of fired) {
            expect(at).to.be.at.least(delay)
            expect(at).to.be.below(delay + 2)
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('fires timers of one moment in the order in which they were armed', async () => {
    const clock = new VirtualClock()
    const wheel = new TimerWheel(clock)
    const order: number[] = []
    for (const id of [1, 2, 3]) wheel.armAt(new CallbackTimer(() => order.push(id)), clock.now() + 5)
    await clock.advance(10)
    expect(order).to.deep.equal([1, 2, 3])
  })

  it('does not fire what was disarmed, even by a timer of the same moment', async () => {
    const clock = new VirtualClock()
    const wheel = new TimerWheel(clock)
    const fired: string[] = []
    const second = new CallbackTimer(() => fired.push('second'))
    const third = new CallbackTimer(() => fired.push('third'))
    const first = new CallbackTimer(() => {
      fired.push('first')
      wheel.disarm(second)
    })
    for (const timer of [first, second, third]) wheel.armAt(timer, clock.now() + 5)
    await clock.advance(10)
    expect(fired).to.deep.equal(['first', 'third'])
  })

  it('fires what a timer arms for a time that has come already, without another wait', async () => {
    const clock = new VirtualClock()
    const wheel = new TimerWheel(clock)
    const start = clock.now()
    const times: number[] = []
    let left = 3
    const again = new CallbackTimer((now) => {
      times.push(now - start)
      if (--left > 0) wheel.armAt(again, now)
    })
    wheel.armAt(again, start + 5)
    await clock.advance(20)
    expect(times).to.have.lengthOf(3)
    expect(times.at(-1)).to.be.at.most(8)
  })

  it('catches up after the event loop was blocked, longer than its slots too', async () => {
    const clock = new VirtualClock()
    const wheel = new TimerWheel(clock)
    const fired: number[] = []
    for (const delay of [10, 3_000, 9_000, 50_000]) {
      wheel.armAt(new CallbackTimer(() => fired.push(delay)), clock.now() + delay)
    }
    clock.freeze(10_000)
    wheel.turn()
    expect(fired.toSorted((a, b) => a - b)).to.deep.equal([10, 3_000, 9_000])
    await clock.advance(41_000)
    expect(fired).to.include(50_000)
  })

  it('arms a timer again at its new time only', async () => {
    const clock = new VirtualClock()
    const wheel = new TimerWheel(clock)
    const start = clock.now()
    const times: number[] = []
    const timer = new CallbackTimer((now) => times.push(now - start))
    wheel.armAt(timer, start + 5)
    wheel.armAt(timer, start + 50)
    await clock.advance(100)
    expect(times).to.deep.equal([50])
  })
})
