import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunResult, runResultSchema } from '../verdict/run-result.ts'

/**
 * Writes a run's reports into its folder. All of them are made from the result alone.
 * @returns the paths written
 */
export function writeReports(result: RunResult, runDir: string): string[] {
  const path = join(runDir, 'result.json')
  writeFileSync(path, `${JSON.stringify(runResultSchema.parse(result), null, 2)}\n`)
  return [path]
}
