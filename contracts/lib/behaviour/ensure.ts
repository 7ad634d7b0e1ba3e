import { expect } from 'chai'

/**
 * For what chai has no words, or whose values are secret.
 * @param sentence what is true when it holds
 * @throws an assertion
 */
export function ensure(condition: boolean, sentence: string): asserts condition {
  if (!condition) expect.fail(`not so: ${sentence}`)
}
