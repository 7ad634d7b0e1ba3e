import { Command } from 'commander'
import { compareRuns } from '../../report/compare/compare.ts'
import { renderComparison } from '../../report/compare/render.ts'
import { readRuns } from '../../report/read.ts'
import { exitCodeOf } from '../../verdict/exit-code.ts'
import { type OutputOptions, withExamples, withSharedOptions } from '../options.ts'
import { useColor } from '../present.ts'

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('two runs side by side; exit 1 on a regression, 3 where they cannot be compared')
    .argument('<baseline>', 'a result.json, the folder of a run, or a folder of repeated runs')
    .argument('<current>', 'the same')
  return withExamples(withSharedOptions(command), [
    ['auth-harness compare reports/20261123-101500-gate reports/20261124-101500-gate', 'yesterday and today'],
    ['auth-harness compare baselines reports/20261124-101500-gate', 'repeats give the spread'],
  ]).action((baseline: string, current: string, options: OutputOptions) => {
    const comparison = compareRuns(readRuns(baseline), readRuns(current))
    process.stdout.write(
      options.json
        ? `${JSON.stringify(comparison, null, 2)}\n`
        : renderComparison(comparison, { color: useColor(options) }),
    )
    process.exitCode = exitCodeOf(comparison.verdict)
  })
}
