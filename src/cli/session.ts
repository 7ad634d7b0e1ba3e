import type { Config } from '../config/schema.ts'
import { preflight } from '../gate/doctor/target.ts'
import { run } from '../gate/run.ts'
import { createRunDir } from '../gate/run-id.ts'
import type { Stage } from '../gate/stage.ts'
import { compareRuns } from '../report/compare/compare.ts'
import { readRuns } from '../report/read.ts'
import { openTarget } from '../target/open.ts'
import type { RunResult } from '../verdict/run-result.ts'
import { configOf } from './config.ts'
import { listenForInterrupts } from './interrupts.ts'
import type { SharedOptions } from './options.ts'
import { present, presentComparison, useColor } from './present.ts'
import { progressObserver } from './progress.ts'

export interface SessionPlan {
  readonly command: string
  readonly stages: readonly Stage[]
  readonly asked?: ReadonlySet<string>
  /** The specs need no target: nothing to reach. */
  readonly needsTarget?: boolean
}

/**
 * The life of a command that gives a verdict: configuration, target, stages, reports, exit code.
 * @param plan what to run, made when the configuration is known; `print` writes to standard output while progress
 *   is drawn, without running into it
 */
export async function runSession(
  options: SharedOptions & { readonly defect?: string; readonly baseline?: string },
  plan: (config: Config, print: (text: string) => void) => SessionPlan,
): Promise<RunResult> {
  const config = await configOf(options)
  // Read before the run: minutes of load must not end in a path that was wrong from the start.
  const baseline = options.baseline === undefined ? undefined : readRuns(options.baseline)
  const color = useColor(options, process.stderr)
  const progress = progressObserver({ stream: process.stderr, color, quiet: options.quiet === true })
  const {
    command,
    stages,
    asked,
    needsTarget = true,
  } = plan(config, (text) => {
    progress.clear()
    process.stdout.write(text)
  })
  const interrupts = listenForInterrupts(() => {
    progress.clear()
    process.stderr.write('interrupted: finishing what is under way; once more ends at once\n')
  })
  const target = await openTarget(config, options.defect === undefined ? {} : { defect: options.defect })
  try {
    const { id, runDir } = createRunDir(options.outDir, command, new Date())
    const result = await run({
      command,
      id,
      target,
      stages,
      ...(asked && { asked }),
      runDir,
      observer: progress,
      signal: interrupts.signal,
      hardSignal: interrupts.hardSignal,
      ...(needsTarget && { preflight: () => preflight(target) }),
    })
    progress.clear()
    present(result, runDir, options)
    if (baseline !== undefined) presentComparison(compareRuns(baseline, [result]), options)
    return result
  } finally {
    interrupts.dispose()
    await target.close()
  }
}
