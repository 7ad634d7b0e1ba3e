import { expect } from 'chai'
import type { Problem } from '../../../src/ocapi/problem.ts'
import { allHold } from './outcome.ts'

/**
 * For what chai has no words, or whose values are secret.
 * @param sentence what is true when it holds
 * @throws an assertion
 */
export function ensure(condition: boolean, sentence: string): asserts condition {
  if (!condition) expect.fail(`not so: ${sentence}`)
}

/** @throws an assertion that tells every problem */
export function expectNoProblem(problems: readonly Problem[]): void {
  allHold(
    ...problems.map(({ message, expected, actual }) => () => {
      if (expected === undefined) expect.fail(message)
      expect.fail(actual, expected, message)
    }),
  )
}
