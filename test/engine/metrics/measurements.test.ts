import { expect } from 'chai'
import fc from 'fast-check'
import { CheckTally } from '../../../src/engine/metrics/checks.ts'
import { Intervals } from '../../../src/engine/metrics/intervals.ts'
import { Measurements } from '../../../src/engine/metrics/measurements.ts'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import { Tally } from '../../../src/engine/metrics/tally.ts'

describe('counts of checks', () => {
  it('are by group and name, in the order in which they first ran', () => {
    const tally = new CheckTally()
    tally.check('', 'b').passes++
    tally.check('::g', 'a').fails++
    tally.check('', 'a').passes++
    tally.check('', 'b').fails++
    expect(tally.checks()).to.deep.equal([
      { group: '', name: 'b', passes: 1, fails: 1 },
      { group: '', name: 'a', passes: 1, fails: 0 },
      { group: '::g', name: 'a', passes: 0, fails: 1 },
    ])
    expect(tally.groups()).to.deep.equal(['', '::g'])
  })

  it('are bounded, and none is lost', () => {
    const tally = new CheckTally(5)
    for (let i = 0; i < 100; i++) tally.check('', `check ${i}`).fails++
    expect(tally.checks()).to.have.length(6)
    expect(tally.checks().reduce((sum, { fails }) => sum + fails, 0)).to.equal(100)
  })
})

describe('a tally', () => {
  it('is bounded, counts all, and lists the most frequent first', () => {
    const tally = new Tally(3, 'others')
    for (const key of ['a', 'b', 'b', 'c', 'd', 'e', 'a', 'b']) tally.add(key)
    expect(tally.entries()).to.deep.equal([
      ['b', 3],
      ['a', 2],
      ['others', 2],
      ['c', 1],
    ])
    expect(tally.total).to.equal(8)
  })
})

describe('intervals', () => {
  it('hold what happened in each second', () => {
    const intervals = new Intervals()
    intervals.count('planned', 0)
    intervals.count('started', 999)
    intervals.count('completed', 1_000, 2)
    intervals.vus(1_500, 3)
    intervals.vus(1_600, 2)
    intervals.iteration(2_000, 10, 30)
    const points = intervals.points()
    expect(points).to.have.length(3)
    expect(points[0]).to.deep.equal({
      t: 0,
      planned: 1,
      started: 1,
      completed: 0,
      failed: 0,
      dropped: 0,
      vus: 0,
    })
    expect(points[1]).to.include({ t: 1_000, completed: 2, vus: 3 })
    expect(points[2]).to.include({ serviceP50: 10, serviceP99: 10, fromPlanP95: 30 })
    expect(points[2]).to.not.have.property('fromPlanP50')
  })

  it('are bounded, and lose no count when neighbours are joined', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100_000 }), { maxLength: 100 }), (times) => {
        const intervals = new Intervals(100, 16)
        for (const t of times) {
          intervals.count('started', t)
          intervals.iteration(t, 5)
        }
        const points = intervals.points()
        expect(points.length).to.be.at.most(16)
        expect(points.reduce((sum, { started }) => sum + started, 0)).to.equal(times.length)
        points.forEach((point, i) => {
          const inside = times.filter((t) => Math.floor(t / intervals.length) === i)
          expect(point.started).to.equal(inside.length)
        })
      }),
    )
  })

  it('merge workers whose intervals have grown differently', () => {
    const sample = fc.record({ worker: fc.nat({ max: 1 }), t: fc.nat({ max: 50_000 }) })
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const make = () => new Intervals(100, 16)
        const one = make()
        const workers = [make(), make()]
        for (const { worker, t } of samples) {
          one.count('completed', t)
          workers[worker]?.count('completed', t)
        }
        const sum = make()
        for (const worker of workers) sum.merge(structuredClone(worker.snapshot()))
        expect(sum.points()).to.deep.equal(one.points())
      }),
    )
  })

  it('add the VUs of workers, but not those of one worker over time', () => {
    const [a, b, sum] = [new Intervals(1_000, 2), new Intervals(), new Intervals(2_000, 2)]
    a.vus(0, 3)
    b.vus(0, 2)
    b.vus(1_000, 4)
    sum.merge(a.snapshot())
    sum.merge(b.snapshot())
    expect(sum.points()[0]?.vus).to.equal(7)
  })
})

describe('measurements', () => {
  it('merge all that workers have', () => {
    const workers = [1, 2].map((n) => {
      const worker = new Measurements({ selectors: ['http_reqs{a:b}'] })
      worker.registry.series(BUILT_IN.httpReqs, worker.registry.tagSet({ a: 'b' })).record(n)
      worker.checks.check('', 'ok').passes += n
      worker.error(1212, 'connection refused')
      worker.exceptions.add('TypeError: x (s.ts:1:2)', n)
      worker.intervals.count('planned', 0, n)
      worker.iterations.failed += n
      worker.iterations.completed += 10
      return worker
    })
    const sum = new Measurements({ selectors: ['http_reqs{a:b}'] })
    for (const worker of workers) sum.merge(structuredClone(worker.snapshot()))
    expect(sum.checks.checks()).to.deep.equal([{ group: '', name: 'ok', passes: 3, fails: 0 }])
    expect(sum.errors()).to.deep.equal([{ code: 1212, message: 'connection refused', count: 2 }])
    expect(sum.exceptions.entries()).to.deep.equal([['TypeError: x (s.ts:1:2)', 3]])
    expect(sum.intervals.points()[0]?.planned).to.equal(3)
    expect(sum.iterations).to.include({ failed: 3, completed: 20, interrupted: 0 })
    const metric = sum.registry.get('http_reqs')
    expect(metric && sum.registry.total(metric)).to.include({ count: 3 })
  })
})
