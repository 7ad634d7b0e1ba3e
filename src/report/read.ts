import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { HarnessError } from '../verdict/errors.ts'
import { type RunResult, runResultSchema } from '../verdict/run-result.ts'

/**
 * The runs at a path: a result file, the folder of a run, or a folder of such folders (repeats).
 * @throws {HarnessError} CONFIG: `NO_RUN`, or `RUN_INVALID` where a file is not a result of this version
 */
export function readRuns(path: string): RunResult[] {
  const files = resultFiles(path)
  if (files.length === 0) {
    throw new HarnessError('CONFIG', 'NO_RUN', `there is no run at ${path}`, {
      remedy: 'name a result.json, the folder of a run, or a folder of runs',
    })
  }
  return files.map(readRun)
}

function resultFiles(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (stat.isFile()) return [path]
  const own = join(path, 'result.json')
  if (existsSync(own)) return [own]
  return readdirSync(path)
    .toSorted()
    .map((name) => join(path, name, 'result.json'))
    .filter(existsSync)
}

function readRun(file: string): RunResult {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new HarnessError('CONFIG', 'RUN_INVALID', `${file} is not JSON`, { cause: error })
  }
  const result = runResultSchema.safeParse(json)
  if (!result.success) {
    throw new HarnessError(
      'CONFIG',
      'RUN_INVALID',
      `${file} is not a result that this version reads: ${z.prettifyError(result.error).split('\n').slice(0, 2).join(' ')}`,
    )
  }
  return result.data
}
