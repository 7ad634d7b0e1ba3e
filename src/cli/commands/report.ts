import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { Command } from 'commander'
import { readRuns } from '../../report/read.ts'
import { writeReports } from '../../report/write.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { type OutputOptions, withExamples, withSharedOptions } from '../options.ts'

export function reportCommand(): Command {
  const command = new Command('report')
    .description('make the reports of a run again, from its result alone')
    .argument('<run>', 'a result.json, or the folder of a run')
  return withExamples(withSharedOptions(command), [
    [
      'auth-harness report reports/20261124-101500-gate',
      'writes report.html, junit.xml and summary.md there',
    ],
  ]).action((path: string, options: OutputOptions) => {
    const [result, ...others] = readRuns(path)
    if (result === undefined || others.length > 0) {
      throw new HarnessError(
        'CONFIG',
        'NOT_ONE_RUN',
        `${path} holds ${others.length + 1} runs, and a report is of one`,
      )
    }
    const reports = writeReports(result, statSync(path).isDirectory() ? path : dirname(path))
    process.stdout.write(
      options.json ? `${JSON.stringify(reports, null, 2)}\n` : `${Object.values(reports).join('\n')}\n`,
    )
  })
}
