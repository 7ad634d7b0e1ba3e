import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunResult, runResultSchema } from '../verdict/run-result.ts'
import { renderAnnotations } from './annotations.ts'
import { renderHtml } from './html/page.ts'
import { renderJUnit } from './junit.ts'
import { renderMarkdown } from './markdown.ts'

/** The paths of a run's reports. */
export interface Reports {
  readonly result: string
  readonly html: string
  readonly junit: string
  readonly summary: string
}

/** Writes a run's reports into its folder. All of them are made from the result alone. */
export function writeReports(result: RunResult, runDir: string): Reports {
  const reports: Reports = {
    result: join(runDir, 'result.json'),
    html: join(runDir, 'report.html'),
    junit: join(runDir, 'junit.xml'),
    summary: join(runDir, 'summary.md'),
  }
  // Parsed once more: a result that a reader of the published schema could not read must not be written.
  writeFileSync(reports.result, `${JSON.stringify(runResultSchema.parse(result), null, 2)}\n`)
  writeFileSync(reports.html, renderHtml(result))
  writeFileSync(reports.junit, renderJUnit(result))
  writeFileSync(reports.summary, renderMarkdown(result))
  return reports
}

/** Tells GitHub's runner, where this is one: the step's summary, and an annotation for each failure. */
export function reportToGitHub(
  result: RunResult,
  env: NodeJS.ProcessEnv,
  stream: { write(text: string): unknown },
): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, renderMarkdown(result))
  if (env.GITHUB_ACTIONS === 'true') stream.write(renderAnnotations(result))
}
