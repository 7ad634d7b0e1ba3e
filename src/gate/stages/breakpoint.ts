import { assertLoadAllowed } from '../../target/guard/load-guard.ts'
import type { CheckResult } from '../../verdict/check.ts'
import type { LoadResult } from '../../verdict/load-result.ts'
import { type RateVerdict, searchBreakpoint } from '../breakpoint.ts'
import type { Stage } from '../stage.ts'
import { type LoadStageOptions, loadStage } from './load.ts'

export interface BreakpointStageOptions extends Omit<LoadStageOptions, 'scenarios' | 'profile' | 'attempts'> {
  readonly scenario: LoadStageOptions['scenarios'][number]
  /** Iterations per second. */
  readonly startRate: number
  readonly maxRate: number
  readonly trials: number
}

/**
 * Searches the highest rate at which a scenario holds its thresholds. What it reports is the run at that rate, with
 * the search beside it; where not even one iteration per second held, the run that failed.
 */
export function breakpointStage({
  scenario,
  startRate,
  maxRate,
  trials,
  ...options
}: BreakpointStageOptions): Stage {
  return {
    name: 'load',
    assertReady: (target) => assertLoadAllowed(target.config, target.baseUrl),
    needs: async () =>
      loadStage({ ...options, scenarios: [scenario], profile: 'breakpoint' }).needs?.() ?? [],
    async run(context) {
      const runs = new Map<number, { load: LoadResult; checks: readonly CheckResult[] }>()
      // Every run reports its own checks; only those of the run that is reported are evidence.
      const quiet = { ...context, observer: { ...context.observer, check: () => {} } }
      const holds = async (rate: number): Promise<RateVerdict> => {
        // An interrupt ends the search as a generator at its end does: with what was found so far.
        if (context.signal.aborted) return 'not evaluated'
        const stage = loadStage({
          ...options,
          scenarios: [scenario],
          profile: 'breakpoint',
          env: { ...options.env, RATE: String(rate) },
        })
        const { checks, loads = [] } = await stage.run(quiet)
        const [load] = loads
        if (load !== undefined) runs.set(rate, { load, checks })
        return rateVerdict(checks)
      }
      const found = await searchBreakpoint({ startRate, maxRate, trials, holds })
      const reported = runs.get(found.rate) ?? [...runs.values()].at(-1)
      if (reported === undefined) return { checks: [] }
      for (const check of reported.checks) context.observer.check?.(check)
      const { rate, lowest, highest } = found
      const breakpoint = {
        rate,
        lowest,
        highest,
        endedBy: found.trials.map((trial) => trial.endedBy),
        runs: runs.size,
      }
      return { checks: reported.checks, loads: [{ ...reported.load, breakpoint }] }
    },
  }
}

function rateVerdict(checks: readonly CheckResult[]): RateVerdict {
  if (checks.some(({ verdict }) => verdict === 'broken')) return 'broken'
  return checks.length > 0 && checks.every(({ verdict }) => verdict === 'held') ? 'held' : 'not evaluated'
}
