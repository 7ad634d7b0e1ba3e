import { expect } from 'chai'
import fc from 'fast-check'
import { formatDuration, parseDuration } from '../../../src/engine/options/duration.ts'

describe('durations', () => {
  const known: [unknown, number | undefined][] = [
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1h0m5s', 3_605_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['500ms', 500],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['3ns', 3e-6],
    ['1d2h', 93_600_000],
    ['0', 0],
    ['500', 500],
    ['-1s', -1_000],
    ['+1s', 1_000],
    [500, 500],
    [1.5, 1.5],
    ['', undefined],
    ['s', undefined],
    ['5', 5],
    ['5 s', undefined],
    ['5s ', undefined],
    ['5x', undefined],
    ['5s5', undefined],
    ['1m-5s', undefined],
    ['--5s', undefined],
    ['1e3s', undefined],
    ['Infinity', undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [null, undefined],
    [{}, undefined],
  ]
  for (const [text, expected] of known) {
    it(`${JSON.stringify(text)} is ${expected === undefined ? 'none' : `${expected} ms`}`, () => {
      expect(parseDuration(text)).to.equal(expected)
    })
  }

  it('are read back as they were written', () => {
    const part = fc.tuple(
      fc.nat({ max: 999 }),
      fc.constantFrom(
        ['ms', 1],
        ['s', 1_000],
        ['m', 60_000],
        ['h', 3_600_000],
        ['d', 86_400_000],
      ) as fc.Arbitrary<[string, number]>,
    )
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.map(([count, [unit]]) => `${count}${unit}`).join('')
        expect(parseDuration(text)).to.equal(parts.reduce((sum, [count, [, ms]]) => sum + count * ms, 0))
      }),
    )
  })

  it('survive being formatted', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).to.equal(ms)
      }),
    )
  })

  it('never throw, and are a finite number or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything()), (value) => {
        const parsed = parseDuration(value)
        expect(parsed === undefined || Number.isFinite(parsed)).to.equal(true)
      }),
    )
  })

  it('are formatted as Go does', () => {
    expect([0, 500, 1_500, 90_000, 3_600_000, 0.25, 3e-6].map(formatDuration)).to.deep.equal([
      '0s',
      '500ms',
      '1.5s',
      '1m30s',
      '1h0m0s',
      '250µs',
      '3ns',
    ])
  })
})
