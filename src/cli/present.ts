import { dirname, relative } from 'node:path'
import type { Comparison } from '../report/compare/compare.ts'
import { renderComparison } from '../report/compare/render.ts'
import { writeIndex } from '../report/history/write.ts'
import { renderKillMatrix } from '../report/kill-matrix.ts'
import { renderTerminal } from '../report/terminal.ts'
import { reportToGitHub, writeReports } from '../report/write.ts'
import { describeError } from '../verdict/describe-error.ts'
import { ExitCode, exitCodeOf } from '../verdict/exit-code.ts'
import type { RunResult } from '../verdict/run-result.ts'
import type { OutputOptions } from './options.ts'
import { runnerStream } from './runner-commands.ts'

/** The end of a command that gives a verdict: its reports, the result on standard output, the exit code. */
export function present(result: RunResult, runDir: string, options: OutputOptions): void {
  const reports = writeReports(result, runDir)
  reportToGitHub(result, process.env, runnerStream)
  indexRuns(dirname(runDir))
  process.stdout.write(
    options.json ? `${JSON.stringify(result, null, 2)}\n` : forTerminal(result, reports.html, options),
  )
  process.exitCode = result.exitCode
}

/** The history is made of files of other runs: whatever is wrong with them is no fault of this one. */
function indexRuns(folder: string): void {
  try {
    writeIndex(folder)
  } catch (error) {
    process.stderr.write(`the index of ${folder} was not made: ${describeError(error).message}\n`)
  }
}

function forTerminal(result: RunResult, report: string, options: OutputOptions): string {
  const style = { color: useColor(options), width: process.stdout.columns ?? 120 }
  const matrix = result.killMatrix === undefined ? '' : `${renderKillMatrix(result.killMatrix, style)}\n`
  return `${matrix}${renderTerminal(result, style)}  ${relative(process.cwd(), report)}\n`
}

/** A comparison behind a run's own result: it can turn a run that held into one that did not, and mend nothing. */
export function presentComparison(comparison: Comparison, options: OutputOptions): void {
  // Standard output holds one JSON document, the run's.
  const stream = options.json ? process.stderr : process.stdout
  stream.write(`\n${renderComparison(comparison, { color: useColor(options) })}`)
  if (process.exitCode === ExitCode.held) process.exitCode = exitCodeOf(comparison.verdict)
}

/** Colours only where someone sees them, and not against NO_COLOR; of each stream, since one may be a file. */
export function useColor(
  options: { readonly color: boolean },
  stream: NodeJS.WriteStream = process.stdout,
): boolean {
  return options.color && !process.env.NO_COLOR && process.env.TERM !== 'dumb' && stream.isTTY === true
}
