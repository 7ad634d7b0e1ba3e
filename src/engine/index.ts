import { type RunOptions, type RunOutput, TestRun } from './run/test-run.ts'

export { runWithK6 } from './k6/run.ts'
export type { Progress } from './run/progress.ts'
export type { RunOptions, RunOutput } from './run/test-run.ts'

/**
 * Runs a k6 script in this process.
 * @throws HarnessError CONFIG when the script, its options or its thresholds are wrong, with file and line; when
 *   `setup` throws; when a request goes to a host that may not be loaded. TARGET when `setup` takes too long.
 */
export function runScript(options: RunOptions): Promise<RunOutput> {
  return new TestRun(options).run()
}
