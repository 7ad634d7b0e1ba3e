import { expect } from 'chai'
import { type Failure, verdictFor } from '../../src/verdict/check.ts'
import { VERDICTS } from '../../src/verdict/verdict.ts'

const about = (...clauses: string[]): Failure => ({ message: 'x', clauses })

describe('verdictFor', () => {
  const cases: readonly (readonly [Failure[], string])[] = [
    [[{ message: 'x' }], 'broken'],
    [[about('LOCK-1')], 'broken'],
    [[about('LOCK-2')], 'held'],
    [[about('LOCK-2'), about('LOCK-1')], 'broken'],
    [[about('LOCK-2'), { message: 'x' }], 'broken'],
  ]
  for (const [failures, verdict] of cases) {
    it(`of a broken check whose failures are about ${failures.map((failure) => failure.clauses?.join(' ') ?? 'all').join(', ')} is ${verdict}`, () => {
      expect(verdictFor({ verdict: 'broken', failures }, 'LOCK-1')).to.equal(verdict)
    })
  }

  for (const verdict of VERDICTS.filter((other) => other !== 'broken')) {
    it(`of a check that is ${verdict} is the same for every clause`, () => {
      expect(verdictFor({ verdict, failures: [] }, 'LOCK-1')).to.equal(verdict)
    })
  }
})
