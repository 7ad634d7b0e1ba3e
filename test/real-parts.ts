import type { Context } from 'mocha'

/**
 * Skips a test that needs a real part which this machine lacks, with a line that says how to get it. In CI the part
 * must be there: a test that is skipped where it counts has checked nothing.
 */
export function skipWithout(context: Context, present: boolean, howToGet: string): void {
  if (present) return
  if (process.env.CI) throw new Error(`CI must run this test, and lacks ${howToGet}`)
  process.stderr.write(`skipped, for lack of ${howToGet}\n`)
  context.skip()
}
