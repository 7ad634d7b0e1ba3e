import { expect } from 'chai'
import fc from 'fast-check'
import { CheckTally } from '../../../src/engine/metrics/checks.ts'
import { Intervals } from '../../../src/engine/metrics/intervals.ts'
import { Measurements } from '../../../src/engine/metrics/measurements.ts'
import { BUILT_IN } from '../../../src/engine/metrics/metric.ts'
import { RequestGroups } from '../../../src/engine/metrics/request-groups.ts'
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
    intervals.fromPlan(2_000, 30)
    const guest = new RequestGroups().group('guest', 'main')
    intervals.request(guest, 2_000, 10, false)
    intervals.error('1500 boom', 2_999)
    const points = intervals.points()
    expect(points).to.have.length(3)
    expect(points[0]).to.deep.equal({
      t: 0,
      planned: 1,
      started: 1,
      completed: 0,
      completedOfPlan: 0,
      failed: 0,
      dropped: 0,
      vus: 0,
    })
    expect(points[1]).to.include({ t: 1_000, completed: 2, vus: 3 })
    expect(points[2]).to.include({ fromPlanP95: 30 })
    expect(intervals.requestPoints(guest), 'nothing is said of a second without requests').to.deep.equal([
      { t: 2_000, count: 1, failed: 0, p50: 10, p95: 10, p99: 10 },
    ])
    expect(intervals.errorPoints('1500 boom')).to.deep.equal([[2_000, 1]])
    expect(points[2]).to.not.have.property('fromPlanP50')
  })

  it('are bounded, and lose no count when neighbours are joined', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100_000 }), { maxLength: 100 }), (times) => {
        const intervals = new Intervals(100, 16)
        const group = new RequestGroups().group(undefined, undefined)
        for (const t of times) {
          intervals.count('started', t)
          intervals.fromPlan(t, 5)
          intervals.request(group, t, 5, t % 2 === 0)
        }
        const requests = intervals.requestPoints(group)
        expect(requests.reduce((sum, { count }) => sum + count, 0)).to.equal(times.length)
        expect(requests.reduce((sum, { failed }) => sum + failed, 0)).to.equal(
          times.filter((t) => t % 2 === 0).length,
        )
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
    const sample = fc.record({
      worker: fc.nat({ max: 1 }),
      t: fc.nat({ max: 50_000 }),
      auth: fc.constantFrom('guest', 'login'),
    })
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const make = () => ({ intervals: new Intervals(100, 16), groups: new RequestGroups() })
        const one = make()
        const workers = [make(), make()]
        for (const { worker, t, auth } of samples) {
          for (const into of [one, workers[worker]]) {
            into?.intervals.count('completed', t)
            into?.intervals.request(into.groups.group(auth, 'main'), t, 5, true)
          }
        }
        const sum = make()
        for (const { intervals, groups } of workers) {
          sum.intervals.merge(structuredClone(intervals.snapshot()), sum.groups.merge(groups.snapshot()))
        }
        expect(sum.intervals.points()).to.deep.equal(one.intervals.points())
        for (const auth of ['guest', 'login']) {
          expect(sum.intervals.requestPoints(sum.groups.group(auth, 'main'))).to.deep.equal(
            one.intervals.requestPoints(one.groups.group(auth, 'main')),
          )
        }
      }),
    )
  })

  it('add the VUs of workers, but not those of one worker over time', () => {
    const [a, b, sum] = [new Intervals(1_000, 2), new Intervals(), new Intervals(2_000, 2)]
    a.vus(0, 3)
    b.vus(0, 2)
    b.vus(1_000, 4)
    sum.merge(a.snapshot(), [])
    sum.merge(b.snapshot(), [])
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
