import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderIndex } from './page.ts'
import { readPastRuns } from './read.ts'

/** Makes `index.html` of a folder of runs anew. @returns its path */
export function writeIndex(folder: string): string {
  const path = join(folder, 'index.html')
  writeFileSync(path, renderIndex(readPastRuns(folder)))
  return path
}
