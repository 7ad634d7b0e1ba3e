import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RunOutput } from '../../engine/index.ts'

/** Where the end of a load run is shown. */
export interface SummaryTarget {
  /** Folder that the paths of `handleSummary` are relative to: under k6, the one in which it was started. */
  readonly folder: string
  stdout(text: string): void
  stderr(text: string): void
}

/** Shows k6's end-of-test text, or does with what `handleSummary` returned what k6 does. */
export function showSummary({ summary, stderr, files }: RunOutput, target: SummaryTarget): void {
  if (summary !== '') target.stdout(summary)
  if (stderr !== '') target.stderr(stderr)
  for (const [name, content] of Object.entries(files)) {
    const file = resolve(target.folder, name)
    try {
      writeFileSync(file, content)
    } catch (error) {
      // As under k6 the verdict stands, and the others are written.
      const reason = error instanceof Error ? error.message : String(error)
      target.stderr(`ERROR handleSummary(): ${name} could not be written: ${reason}\n`)
    }
  }
}
