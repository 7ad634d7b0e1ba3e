import { expect } from 'chai'
import { exitCodeOfError, HarnessError } from '../../src/verdict/errors.ts'
import { ExitCode, exitCodeOf } from '../../src/verdict/exit-code.ts'
import { VERDICTS } from '../../src/verdict/verdict.ts'

describe('exit codes', () => {
  it('are the documented numbers', () => {
    expect(ExitCode).to.deep.equal({ held: 0, broken: 1, usage: 2, noVerdict: 3, interrupted: 130 })
  })

  it('give 0 to a run that held and to no other', () => {
    expect(Object.fromEntries(VERDICTS.map((verdict) => [verdict, exitCodeOf(verdict)]))).to.deep.equal({
      broken: 1,
      'not evaluated': 3,
      held: 0,
      'not provable here': 3,
    })
  })

  for (const [kind, code] of [
    ['CONFIG', 2],
    ['CONTRACT', 2],
    ['TARGET', 3],
    ['HARNESS', 3],
  ] as const) {
    it(`give ${code} to an error of kind ${kind}`, () => {
      expect(exitCodeOfError(new HarnessError(kind, 'SOME_CODE', 'why'))).to.equal(code)
    })
  }

  it('give 3 to anything else that is thrown', () => {
    for (const thrown of [new Error('a defect'), 'text', undefined])
      expect(exitCodeOfError(thrown)).to.equal(3)
  })
})

describe('HarnessError', () => {
  it('carries kind, code, remedy and cause', () => {
    const cause = new Error('the cause')
    const error = new HarnessError('TARGET', 'TARGET_UNREACHABLE', 'why', { remedy: 'what to do', cause })
    expect(error).to.be.instanceOf(Error).and.include({
      name: 'HarnessError',
      kind: 'TARGET',
      code: 'TARGET_UNREACHABLE',
      message: 'why',
      remedy: 'what to do',
      cause,
    })
    expect(new HarnessError('TARGET', 'X', 'why')).not.to.have.property('cause')
  })
})
