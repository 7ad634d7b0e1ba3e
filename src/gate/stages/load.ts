import { join } from 'node:path'
import type { RunOptions, RunOutput } from '../../engine/index.ts'
import { assertLoadAllowed, isLoadAllowed } from '../../target/guard.ts'
import type { CheckResult } from '../../verdict/check.ts'
import type { LoadResult } from '../../verdict/load-result.ts'
import { isInconclusive, loadChecks } from '../load-checks.ts'
import { loadEnvironment } from '../load-environment.ts'
import { ownScriptChecks, unjudged } from '../own-script-checks.ts'
import type { Scenario } from '../scenarios.ts'
import type { Stage, StageContext } from '../stage.ts'
import { LoadLog } from './load-log.ts'

export interface LoadStageOptions {
  readonly scenarios: readonly Scenario[]
  readonly profile: string
  readonly engine?: 'node' | 'k6' | undefined
  /** Overrides of the script's options from the command line, in k6's precedence. */
  readonly overrides?: RunOptions['overrides'] | undefined
  readonly workers?: number | undefined
  /**
   * How often a scenario may be run while its generator is saturated; 1 unless set. A busy machine is no reason to
   * leave a gate without a verdict, and whatever was found broken is never run again.
   */
  readonly attempts?: number | undefined
  /** Absolute path for k6's NDJSON; of one scenario only. */
  readonly outJson?: string | undefined
  /** Further variables for the script's `__ENV`. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Given what each scenario's run gave: k6's end-of-test summary, or what `handleSummary` returned. */
  readonly onOutput?: ((output: RunOutput) => void) | undefined
  /** k6's configuration, as its JSON file holds it: options below those of the script. */
  readonly k6Config?: RunOptions['k6Config']
  /** `K6_…` variables of the shell, which set options as under k6. */
  readonly optionVariables?: RunOptions['optionVariables']
  /** Names of the shell's variables that the script does not get: it is told so when it reads one. */
  readonly withheld?: RunOptions['withheld']
}

/** Runs load scenarios one after the other: two at once would measure each other. */
export function loadStage(options: LoadStageOptions): Stage {
  return {
    name: 'load',
    async run(context) {
      const loads: LoadResult[] = []
      const checks: CheckResult[] = []
      for (const scenario of options.scenarios) {
        if (context.signal.aborted) break
        const { load, checks: found } = await runUntilUnsaturated(scenario, options, context)
        loads.push(load)
        checks.push(...found)
        for (const check of found) context.observer.check?.(check)
      }
      return { checks, loads }
    },
  }
}

async function runUntilUnsaturated(
  scenario: Scenario,
  options: LoadStageOptions,
  context: StageContext,
): Promise<{ load: LoadResult; checks: CheckResult[] }> {
  for (let attempt = 1; ; attempt++) {
    const load = await runScenario(scenario, options, context)
    const checks = scenario.shipped ? loadChecks(load) : ownScriptChecks(load)
    const again = isInconclusive(load, checks) && !context.signal.aborted
    if (!again || attempt >= (options.attempts ?? 1)) return { load, checks }
    context.observer.loadRepeated?.(scenario.name)
  }
}

async function runScenario(
  scenario: Scenario,
  options: LoadStageOptions,
  { target, observer, signal, hardSignal, runDir }: StageContext,
): Promise<LoadResult> {
  observer.loadStarted?.(scenario.name, options.profile)
  assertLoadAllowed(target.config, target.baseUrl)
  const { runScript, runWithK6 } = await import('../../engine/index.ts')
  const run = options.engine === 'k6' ? runWithK6 : runScript
  const log = new LoadLog(join(runDir, `${scenario.name}.log`), (line) =>
    observer.loadLog?.(scenario.name, line),
  )
  const output = await run({
    script: scenario.script,
    scenario: scenario.name,
    profile: options.profile,
    env: { ...loadEnvironment(target, scenario.name, options.profile), ...options.env },
    ...(options.overrides && { overrides: options.overrides }),
    ...(options.workers !== undefined && { workers: options.workers }),
    ...(options.outJson !== undefined && { outJson: options.outJson }),
    ...(options.k6Config && { k6Config: options.k6Config }),
    ...(options.optionVariables && { optionVariables: options.optionVariables }),
    ...(options.withheld && { withheld: options.withheld }),
    allowHost: (hostname: string) => isLoadAllowed(target.config, hostname),
    signal,
    hardSignal,
    onProgress: (progress) => observer.loadProgress?.(scenario.name, progress),
    log: log.write,
  })
    .then((done) => {
      if (!scenario.shipped) for (const sentence of unjudged(done.result)) log.write(`WARN ${sentence}`)
      return done
    })
    .finally(() => log.close())
  options.onOutput?.(output)
  return output.result
}
