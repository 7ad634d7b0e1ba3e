import { expect } from 'chai'
import fc from 'fast-check'
import { combineVerdicts, VERDICTS, type Verdict } from '../../src/verdict/verdict.ts'

const verdicts = fc.array(fc.constantFrom(...VERDICTS))

describe('combineVerdicts', () => {
  for (const [parts, whole] of [
    [[], 'not evaluated'],
    [['held'], 'held'],
    [['held', 'not provable here'], 'held'],
    [['not provable here'], 'not provable here'],
    [['held', 'not evaluated'], 'not evaluated'],
    [['not evaluated', 'broken', 'held'], 'broken'],
    [['not provable here', 'broken'], 'broken'],
  ] as const satisfies readonly (readonly [readonly Verdict[], Verdict])[]) {
    it(`[${parts.join(', ')}] is ${whole}`, () => {
      expect(combineVerdicts(parts)).to.equal(whole)
    })
  }

  it('never holds unless something held and nothing was broken or left unevaluated', () => {
    fc.assert(
      fc.property(verdicts, (parts) => {
        const held = combineVerdicts(parts) === 'held'
        const may = parts.includes('held') && !parts.includes('broken') && !parts.includes('not evaluated')
        expect(held).to.equal(may)
      }),
    )
  })

  it('does not depend on order, repetition or grouping', () => {
    fc.assert(
      fc.property(
        fc.array(
          verdicts.filter((group) => group.length > 0),
          { minLength: 1 },
        ),
        (groups) => {
          const flat = groups.flat()
          const whole = combineVerdicts(flat)
          expect(combineVerdicts(flat.toReversed())).to.equal(whole)
          expect(combineVerdicts([...flat, ...flat])).to.equal(whole)
          expect(combineVerdicts(groups.map(combineVerdicts))).to.equal(whole)
        },
      ),
    )
  })
})
