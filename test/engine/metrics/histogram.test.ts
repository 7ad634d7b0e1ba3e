import { expect } from 'chai'
import fc from 'fast-check'
import { Histogram } from '../../../src/engine/metrics/histogram.ts'

/** k6's percentile, on all values: the reference. */
function exact(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = (p / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(rank)] ?? 0
  const above = sorted[Math.ceil(rank)] ?? 0
  return below + (above - below) * (rank - Math.floor(rank))
}

function histogramOf(values: readonly number[], bits?: number): Histogram {
  const histogram = new Histogram(bits)
  for (const value of values) histogram.record(value)
  return histogram
}

const merged = (...parts: readonly Histogram[]) => {
  const sum = new Histogram()
  for (const part of parts) sum.merge(part)
  return sum
}

/** Response times, and anything else that a custom Trend may hold: negative, fractional, tiny, huge. */
const time = fc.double({ min: 0, max: 120_000, noNaN: true })
const number = fc.oneof(
  time,
  fc.integer({ min: -1_000, max: 1_000 }),
  fc
    .double({ min: -1e300, max: 1e300, noNaN: true })
    .filter((value) => value === 0 || Math.abs(value) > 1e-300),
)
const percentile = fc.oneof(
  fc.constantFrom(0, 50, 90, 95, 99, 99.9, 100),
  fc.double({ min: 0, max: 100, noNaN: true }),
)

/** Below the smallest doubles of full precision there is no 0.1 %: it rounds to nothing. */
const UNDERFLOW = 2.3e-308

describe('a histogram', () => {
  it('keeps count, sum, minimum and maximum exactly', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), (values) => {
        const histogram = histogramOf(values)
        expect(histogram.count).to.equal(values.length)
        expect(histogram.sum).to.equal(values.reduce((sum, value) => sum + value, 0))
        expect(histogram.min).to.equal(Math.min(...values))
        expect(histogram.max).to.equal(Math.max(...values))
        expect(histogram.percentile(0)).to.equal(Math.min(...values))
        expect(histogram.percentile(100)).to.equal(Math.max(...values))
      }),
    )
  })

  it('is within 0.1 % of k6 on every percentile of positive values', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 400 }), percentile, (values, p) => {
        const wanted = exact(values, p)
        expect(Math.abs(histogramOf(values).percentile(p) - wanted)).to.be.at.most(
          Math.max(wanted / 1_000, UNDERFLOW),
        )
      }),
      { numRuns: 300 },
    )
  })

  it('is within 0.1 % of the two values that k6 goes between, of any sign and size', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 200 }), percentile, (values, p) => {
        const sorted = [...values].sort((a, b) => a - b)
        const rank = (p / 100) * (sorted.length - 1)
        const neighbours = [sorted[Math.floor(rank)] ?? 0, sorted[Math.ceil(rank)] ?? 0]
        const tolerance = Math.max(...neighbours.map(Math.abs), UNDERFLOW * 1_000) / 1_000
        expect(Math.abs(histogramOf(values).percentile(p) - exact(values, p))).to.be.at.most(tolerance)
      }),
      { numRuns: 300 },
    )
  })

  it('crowded into few buckets, is still within 0.1 %', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => 100 + ((i * 7919) % 20_000) / 10_000)
    const histogram = histogramOf(values)
    for (const p of [1, 50, 90, 99, 99.9]) {
      const error = Math.abs(histogram.percentile(p) / exact(values, p) - 1)
      expect(error, `p(${p})`).to.be.lessThan(0.001)
    }
  })

  it('is exact for small whole numbers, so that p(95)<=5 means what it says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 300 }),
        percentile,
        (values, p) => {
          expect(histogramOf(values).percentile(p)).to.equal(exact(values, p))
        },
      ),
    )
  })

  it('tells microseconds apart', () => {
    const histogram = histogramOf([0.001, 0.002, 0.003])
    expect(histogram.percentile(50)).to.equal(0.002)
  })

  it('merges exactly, in any order and grouping', () => {
    const part = fc.array(number, { maxLength: 60 })
    fc.assert(
      fc.property(part, part, part, percentile, (a, b, c, p) => {
        const [A, B, C] = [histogramOf(a), histogramOf(b), histogramOf(c)]
        const whole = histogramOf([...a, ...b, ...c])
        for (const way of [merged(merged(A, B), C), merged(A, merged(B, C)), merged(C, A, B)]) {
          expect(way.percentile(p)).to.equal(whole.percentile(p))
          expect(way.count).to.equal(whole.count)
          expect(way.min).to.equal(whole.min)
          expect(way.max).to.equal(whole.max)
        }
      }),
    )
  })

  it('crosses to another thread as plain data, and is then independent', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), percentile, (values, p) => {
        const histogram = histogramOf(values)
        const snapshot = structuredClone(histogram.snapshot())
        histogram.record(5)
        const copy = new Histogram()
        copy.merge(snapshot)
        expect(copy.count).to.equal(values.length)
        expect(copy.percentile(p)).to.equal(histogramOf(values).percentile(p))
      }),
    )
  })

  it('does not grow with the number of values', () => {
    const size = (histogram: Histogram) =>
      histogram
        .snapshot()
        .pages.reduce((sum, { counts, values }) => sum + counts.byteLength + values.byteLength, 0)
    const few = new Histogram()
    const many = new Histogram()
    for (let i = 0; i < 1_000; i++) few.record(1 + (i % 997))
    for (let i = 0; i < 1_000_000; i++) many.record(1 + (i % 997))
    expect(size(many)).to.equal(size(few))
  })

  it('says 0 of nothing', () => {
    const empty = new Histogram()
    expect([empty.percentile(95), empty.mean, empty.count]).to.deep.equal([0, 0, 0])
  })

  it('refuses what is no finite number', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const histogram = histogramOf([1])
      expect(() => histogram.record(value)).to.throw(RangeError)
      expect(histogram.count, 'nothing was counted').to.equal(1)
      expect(histogram.sum).to.equal(1)
    }
  })

  it('merges with its own precision only', () => {
    expect(() => new Histogram(9).merge(new Histogram(6))).to.throw(RangeError)
  })

  it('is coarser with fewer bits, as much as it says', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => 1 + i * 0.37)
    const histogram = histogramOf(values, 6)
    for (const p of [50, 95, 99]) {
      expect(Math.abs(histogram.percentile(p) / exact(values, p) - 1)).to.be.lessThan(1 / 128)
    }
  })
})
