import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { loadEnvironment } from '../../gate/load-environment.ts'
import { testRunManifest } from '../../gate/manifest.ts'
import { findScenario, PROFILES, SCENARIOS, type Scenario } from '../../gate/scenarios.ts'
import { breakpointStage } from '../../gate/stages/breakpoint.ts'
import { loadStage } from '../../gate/stages/load.ts'
import { assertLoadAllowed } from '../../target/guard/load-guard.ts'
import { openTarget } from '../../target/open.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { jsonFile, pair, wholeNumber } from '../arguments.ts'
import { configOf } from '../config.ts'
import { type SharedOptions, withExamples, withSharedOptions } from '../options.ts'
import { runSession } from '../session.ts'

interface LoadOptions extends SharedOptions {
  readonly profile: (typeof PROFILES)[number]
  readonly engine: 'node' | 'k6'
  readonly vus?: number
  readonly rate?: number
  readonly duration?: string
  readonly workers?: number
  readonly out?: string
  readonly env?: Readonly<Record<string, string>>
  readonly newConnections?: true
  readonly maxRate: number
  readonly trials: number
  readonly distributed?: number
  readonly manifest?: string
  readonly accountsSecret?: string
  readonly defect?: string
  readonly baseline?: string
}

export function loadCommand(): Command {
  const command = new Command('load')
    .description('one load scenario')
    .argument('<scenario>', `${SCENARIOS.join(', ')}, or the path of a k6 script`)
    .addOption(new Option('--profile <name>', 'how much of it').choices(PROFILES).default('smoke'))
    .addOption(new Option('--engine <name>', 'what runs the script').choices(['node', 'k6']).default('node'))
    .option('--vus <n>', 'virtual users', wholeNumber('--vus', 1))
    .option(
      '--rate <n>',
      'iterations per second; of a breakpoint search, the first',
      wholeNumber('--rate', 1),
    )
    .option('--duration <time>', 'such as 30s or 5m')
    .option('--workers <n>', 'threads of the embedded engine', wholeNumber('--workers', 1, 64))
    .option('--out <json=FILE>', "every sample, in k6's NDJSON", jsonFile('--out'))
    .option('-e, --env <NAME=VALUE>', "a variable of the script's __ENV; may be given again", pair('--env'))
    .option('--new-connections', 'a new connection for every request')
    .option('--max-rate <n>', 'where a breakpoint search ends', wholeNumber('--max-rate', 1), 20_000)
    .option('--trials <n>', 'how often a breakpoint search is repeated', wholeNumber('--trials', 1, 20), 3)
    .option(
      '--distributed <n>',
      'write a k6-operator TestRun of n pods instead of running',
      wholeNumber('--distributed', 1, 1000),
    )
    .option('--manifest <file>', 'where --distributed writes it')
    .option('--accounts-secret <name>', 'Secret that holds accounts.csv, for --distributed')
    .option('--defect <id>', 'plant a defect in the embedded provider')
    .option('--baseline <run>', 'compare with an earlier run; a regression fails')
  return withExamples(withSharedOptions(command), [
    ['auth-harness load issuance', 'a few seconds, on the embedded provider'],
    [
      'auth-harness load refresh --profile stress --target http://127.0.0.1:4010 --states-url http://127.0.0.1:4010/_states',
      'on a target of your own',
    ],
    ['auth-harness load issuance --profile breakpoint', 'the highest rate that holds the thresholds'],
    ['auth-harness load lockout --engine k6', 'the same script, run by the k6 binary'],
  ]).action(async (name: string, options: LoadOptions) => {
    const scenario = findScenario(name, process.cwd())
    if (options.distributed !== undefined) return writeManifest(scenario, options.distributed, options)
    const run = {
      engine: options.engine,
      overrides: scenario.shipped ? undefined : amounts(options),
      env: environment(scenario, options),
      workers: options.workers,
      outJson: options.out,
    }
    await runSession(options, (_, print) => {
      const onSummary = (_: string, summary: string) => {
        if (!options.json) print(summary)
      }
      return { command: 'load', stages: [stageOf(scenario, options, { ...run, onSummary })] }
    })
  })
}

type Run = Pick<
  Parameters<typeof loadStage>[0],
  'engine' | 'overrides' | 'env' | 'workers' | 'outJson' | 'onSummary'
>

function stageOf(scenario: Scenario, { profile, rate, maxRate, trials }: LoadOptions, run: Run) {
  if (profile !== 'breakpoint') return loadStage({ ...run, scenarios: [scenario], profile })
  if (!scenario.shipped) {
    throw new HarnessError(
      'CONFIG',
      'BREAKPOINT_NEEDS_RATE',
      `--profile breakpoint needs a scenario that takes RATE: one of ${SCENARIOS.join(', ')}`,
    )
  }
  // A summary for each of dozens of runs would bury the result.
  return breakpointStage({ ...run, onSummary: undefined, scenario, startRate: rate ?? 50, maxRate, trials })
}

/** How much, as options of the script by k6's precedence: for a script of the user's own. */
function amounts({ vus, rate, duration }: LoadOptions): Record<string, unknown> {
  return {
    ...(vus !== undefined && { vus }),
    ...(rate !== undefined && { rate }),
    ...(duration !== undefined && { duration }),
  }
}

/** The same as variables, for a script of ours, which shares them out over its parts. */
function environment(
  scenario: Scenario,
  { vus, rate, duration, env, newConnections }: LoadOptions,
): Record<string, string> {
  return {
    ...(scenario.shipped && {
      ...(vus !== undefined && { VUS: String(vus) }),
      ...(rate !== undefined && { RATE: String(rate) }),
      ...(duration !== undefined && { DURATION: duration }),
    }),
    ...(newConnections && { NEW_CONNECTIONS: 'true' }),
    ...env,
  }
}

async function writeManifest(scenario: Scenario, parallelism: number, options: LoadOptions): Promise<void> {
  if (options.manifest === undefined) {
    throw new HarnessError(
      'CONFIG',
      'BAD_OPTION',
      '--distributed: needs --manifest FILE, where the TestRun is written',
    )
  }
  const config = await configOf(options)
  if (config.target.baseUrl === undefined) {
    throw new HarnessError(
      'CONFIG',
      'BAD_TARGET',
      '--distributed: pods need a target that they reach: give --target',
    )
  }
  assertLoadAllowed(config, config.target.baseUrl)
  const target = await openTarget(config)
  const env = {
    ...loadEnvironment(target, scenario.name, options.profile),
    ...environment(scenario, options),
  }
  const { accountsSecret } = options
  const manifest = await testRunManifest({
    scenario,
    parallelism,
    env,
    ...(accountsSecret !== undefined && { accountsSecret: { name: accountsSecret, key: 'accounts.csv' } }),
  })
  const file = resolve(options.manifest)
  writeFileSync(file, manifest)
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ manifest: file })}\n`
      : `wrote ${options.manifest}\n  kubectl apply -f ${options.manifest}\n`,
  )
}
