import { join } from 'node:path'
import type { RunOptions, RunOutput } from '../../engine/index.ts'
import { NO_DOCUMENT } from '../../ocapi/response.ts'
import { assertLoadAllowed, isLoadAllowed } from '../../target/guard/load-guard.ts'
import type { CheckResult } from '../../verdict/check.ts'
import { HarnessError } from '../../verdict/errors.ts'
import type { LoadResult } from '../../verdict/load-result.ts'
import { accountsError, accountsForLoad, assertEnoughAccounts, csvOf } from '../load-accounts.ts'
import { isInconclusive, loadChecks, separateForeign } from '../load-checks.ts'
import { loadEnvironment } from '../load-environment.ts'
import { ownScriptChecks, unjudged } from '../own-script-checks.ts'
import { proxyNote } from '../proxy-note.ts'
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
  /** Lockable accounts that earlier stages of the run use up; 0 unless set. */
  readonly lockableUsedBefore?: number | undefined
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
    list: async () =>
      options.scenarios.map(({ name }) => ({
        id: `load/${name}`,
        clauses: [],
        title: `the load scenario ${name} under the profile ${options.profile}`,
      })),
    assertReady(target) {
      assertLoadAllowed(target.config, target.baseUrl)
      const { VUS, RATE, CUSTOMERS } = options.env ?? {}
      // As many as the profile plans; other amounts are for the script to count.
      if ((VUS ?? RATE ?? CUSTOMERS) === undefined)
        assertEnoughAccounts(target, options.scenarios, options.profile, options.lockableUsedBefore)
    },
    needs: async () =>
      options.scenarios
        .filter(({ shipped }) => shipped)
        .map(({ name }) => (name === 'session' ? 'active sessions' : 'registered customers')),
    async run(context) {
      const loads: LoadResult[] = []
      const checks: CheckResult[] = []
      const note = proxyNote(context.target.baseUrl, options.engine ?? 'node')
      if (note !== undefined) context.observer.note?.(note)
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
  let before: { load: LoadResult; checks: CheckResult[] } | undefined
  for (let attempt = 1; ; attempt++) {
    let load: LoadResult
    try {
      load = await runScenario(scenario, options, context)
    } catch (error) {
      // The run before has locked what this one needs: its result stands.
      if (before !== undefined && error instanceof HarnessError && error.code === 'ACCOUNTS_LOCKED')
        return before
      throw error
    }
    const checks = scenario.shipped ? loadChecks(load) : ownScriptChecks(load)
    before = { load, checks }
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
  const accounts = await accountsVariable(target, scenario, options.engine)
  const log = new LoadLog(join(runDir, `${scenario.name}.log`), (line) =>
    observer.loadLog?.(scenario.name, line),
  )
  const output = await run({
    script: scenario.script,
    scenario: scenario.name,
    profile: options.profile,
    env: {
      ...loadEnvironment(target, scenario.name, options.profile),
      ...accounts,
      ...options.env,
    },
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
    .catch((error: unknown) => {
      throw ofTheTarget(accountsError(error, scenario, target))
    })
    .finally(() => log.close())
  options.onOutput?.(output)
  return separateForeign(output.result)
}

/** What `setup` of a shipped script throws at an answer that is not the API's; an engine takes it for the script's. */
const NOT_THE_API = new RegExp(`(?:the target answers|STATES_URL: ).*?, ${NO_DOCUMENT}`)

function ofTheTarget(error: unknown): unknown {
  const sentence = error instanceof HarnessError ? NOT_THE_API.exec(error.message)?.[0] : undefined
  if (sentence === undefined) return error
  return new HarnessError('TARGET', 'TARGET_NOT_THE_API', sentence, {
    remedy: 'See what answers there: a proxy, a firewall, a login or maintenance page, or another path.',
    cause: error,
  })
}

/** What Linux allows one variable of a process, bytes; k6 then reads the accounts file as it is. */
const LONGEST_VARIABLE = 128 * 1024

async function accountsVariable(
  target: StageContext['target'],
  scenario: Scenario,
  engine: LoadStageOptions['engine'],
): Promise<{ ACCOUNTS: string } | undefined> {
  const accounts = await accountsForLoad(target, scenario)
  if (accounts === undefined) return undefined
  const ACCOUNTS = csvOf(accounts)
  return engine === 'k6' && Buffer.byteLength(ACCOUNTS) >= LONGEST_VARIABLE ? undefined : { ACCOUNTS }
}
