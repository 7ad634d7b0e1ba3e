import { relative } from 'node:path'
import { renderKillMatrix } from '../report/kill-matrix.ts'
import { renderTerminal } from '../report/terminal.ts'
import { reportToGitHub, writeReports } from '../report/write.ts'
import type { RunResult } from '../verdict/run-result.ts'
import type { SharedOptions } from './options.ts'

/** The end of a command that gives a verdict: its reports, the result on standard output, the exit code. */
export function present(result: RunResult, runDir: string, options: SharedOptions): void {
  const reports = writeReports(result, runDir)
  reportToGitHub(result, process.env, process.stderr)
  process.stdout.write(
    options.json ? `${JSON.stringify(result, null, 2)}\n` : forTerminal(result, reports.html, options),
  )
  process.exitCode = result.exitCode
}

function forTerminal(result: RunResult, report: string, options: SharedOptions): string {
  const style = { color: useColor(options), width: process.stdout.columns ?? 120 }
  const matrix = result.killMatrix === undefined ? '' : `${renderKillMatrix(result.killMatrix, style)}\n`
  return `${matrix}${renderTerminal(result, style)}  ${relative(process.cwd(), report)}\n`
}

/** Colours only where someone sees them, and not against NO_COLOR. */
export function useColor(options: { readonly color: boolean }): boolean {
  return options.color && !process.env.NO_COLOR && process.stdout.isTTY === true
}
