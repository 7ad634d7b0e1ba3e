import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command } from 'commander'
import { removeOldRuns } from '../../report/history/read.ts'
import { writeIndex } from '../../report/history/write.ts'
import { readRuns } from '../../report/read.ts'
import { writeReports } from '../../report/write.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { wholeNumber } from '../arguments.ts'
import { type OutputOptions, withExamples, withSharedOptions } from '../options.ts'

interface ReportOptions extends OutputOptions {
  /** The folder of the runs. */
  readonly outDir: string
  readonly index?: true
  readonly keep?: number
}

export function reportCommand(): Command {
  const command = new Command('report')
    .description('make the reports of a run again, from its result alone; or the index of all runs')
    .argument('[run]', 'a result.json, or the folder of a run')
    .option('--index', 'make index.html of the runs in --out-dir, as every run does at its end')
    .option('--keep <n>', 'with --index: remove all runs but the newest <n>', wholeNumber('--keep', 1))
    .option('--out-dir <dir>', 'where the runs are, one folder each', 'reports')
  return withExamples(withSharedOptions(command), [
    [
      'auth-harness report reports/20261124-101500-gate',
      'writes report.html, junit.xml and summary.md there',
    ],
    ['auth-harness report --index --keep 50', 'reports/index.html, of the newest 50 runs'],
  ]).action((path: string | undefined, options: ReportOptions) => {
    if (options.keep !== undefined && options.index === undefined)
      throw new HarnessError(
        'CONFIG',
        'KEEP_WITHOUT_INDEX',
        '--keep removes runs of the index: give --index too',
      )
    if (path === undefined && options.index === undefined)
      throw new HarnessError('CONFIG', 'NO_RUN', 'name a run, or give --index')
    const made = { ...(path !== undefined && reportsOf(path)), ...(options.index && index(options)) }
    process.stdout.write(
      options.json
        ? `${JSON.stringify(made, null, 2)}\n`
        : `${Object.values(made)
            .flatMap((each) => (typeof each === 'string' ? [each] : each.map((name) => `removed ${name}`)))
            .join('\n')}\n`,
    )
  })
}

function reportsOf(path: string) {
  const [result, ...others] = readRuns(path)
  if (result === undefined || others.length > 0) {
    throw new HarnessError(
      'CONFIG',
      'NOT_ONE_RUN',
      `${path} holds ${others.length + 1} runs, and a report is of one`,
    )
  }
  return writeReports(result, statSync(path).isDirectory() ? path : dirname(path))
}

function index({ outDir, keep }: ReportOptions): { index: string; removed?: string[] } {
  if (!existsSync(outDir))
    throw new HarnessError('CONFIG', 'NO_RUN', `--out-dir: there is no folder ${resolve(outDir)}`)
  const removed = keep === undefined ? undefined : removeOldRuns(outDir, keep)
  return {
    index: writeIndex(outDir),
    ...(removed && { removed }),
  }
}
