import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { RunOutput } from '../../engine/index.ts'
import { loadEnvironment } from '../../gate/load-environment.ts'
import { testRunManifest } from '../../gate/manifest.ts'
import { findScenario, OWN_PROFILE, PROFILES, SCENARIOS, type Scenario } from '../../gate/scenarios.ts'
import { breakpointStage } from '../../gate/stages/breakpoint.ts'
import { loadStage } from '../../gate/stages/load.ts'
import { showSummary } from '../../gate/stages/summary-output.ts'
import { assertLoadAllowed } from '../../target/guard/load-guard.ts'
import { openTarget } from '../../target/open.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { jsonFile, pair, wholeNumber } from '../arguments.ts'
import { configOf } from '../config.ts'
import { type RunOptions, withExamples, withSharedOptions } from '../options.ts'
import { runSession } from '../session.ts'

interface LoadOptions extends RunOptions {
  readonly profile?: (typeof PROFILES)[number]
  readonly engine: 'node' | 'k6'
  readonly vus?: number
  readonly iterations?: number
  readonly k6Config?: string
  readonly includeSystemEnvVars?: true
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
    .addOption(
      new Option(
        '--profile <name>',
        'how much of it (default: smoke; a script of your own says it itself)',
      ).choices(PROFILES),
    )
    .addOption(new Option('--engine <name>', 'what runs the script').choices(['node', 'k6']).default('node'))
    .option('--vus <n>', 'virtual users', wholeNumber('--vus', 1))
    .option('--iterations <n>', 'of a script of your own', wholeNumber('--iterations', 1))
    .option(
      '--rate <n>',
      'iterations per second; of a breakpoint search, the first',
      wholeNumber('--rate', 1),
    )
    .option('--duration <time>', 'such as 30s or 5m')
    .option('--workers <n>', 'threads of the embedded engine', wholeNumber('--workers', 1, 64))
    .option('--out <json=FILE>', "every sample, in k6's NDJSON", jsonFile('--out'))
    .option('-e, --env <NAME=VALUE>', "a variable of the script's __ENV; may be given again", pair('--env'))
    .option('--k6-config <file>', "options of k6 as k6's own --config takes them, in JSON")
    .option('--include-system-env-vars', "all of the shell's variables in the script's __ENV")
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
  return withExamples(withSharedOptions(command, ['deployment', 'run']), [
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
    const profile = profileOf(scenario, options)
    const run = {
      engine: options.engine,
      overrides: overridesOf(scenario, options),
      env: environment(scenario, options),
      workers: options.workers,
      outJson: options.out,
      k6Config: k6ConfigOf(options.k6Config),
      optionVariables: optionVariables(scenario),
      withheld: options.includeSystemEnvVars ? [] : Object.keys(process.env),
    }
    await runSession(options, (_, print) => {
      // Standard output is one JSON document: what a script prints goes beside it.
      const stdout = options.json ? toStandardError : print
      const onOutput = (output: RunOutput) => {
        if (options.json && !output.custom) return
        showSummary(output, { folder: process.cwd(), stdout, stderr: toStandardError })
      }
      return { command: 'load', stages: [stageOf(scenario, profile, options, { ...run, onOutput })] }
    })
  })
}

const toStandardError = (text: string): void => {
  process.stderr.write(text)
}

type Run = Pick<
  Parameters<typeof loadStage>[0],
  | 'engine'
  | 'overrides'
  | 'env'
  | 'workers'
  | 'outJson'
  | 'k6Config'
  | 'optionVariables'
  | 'withheld'
  | 'onOutput'
>

function stageOf(scenario: Scenario, profile: string, { rate, maxRate, trials }: LoadOptions, run: Run) {
  if (profile !== 'breakpoint') return loadStage({ ...run, scenarios: [scenario], profile })
  if (!scenario.shipped) {
    throw new HarnessError(
      'CONFIG',
      'BREAKPOINT_NEEDS_RATE',
      `--profile breakpoint needs a scenario that takes RATE: one of ${SCENARIOS.join(', ')}`,
    )
  }
  // A summary for each of dozens of runs would bury the result.
  return breakpointStage({ ...run, onOutput: undefined, scenario, startRate: rate ?? 50, maxRate, trials })
}

/** @throws {HarnessError} CONFIG: `--profile` for a script that reads none */
function profileOf({ shipped, script, name }: Scenario, { profile }: LoadOptions): string {
  if (shipped) return profile ?? 'smoke'
  if (profile === undefined) return OWN_PROFILE
  if (profile !== 'breakpoint' && !readFileSync(script, 'utf8').includes('PROFILE')) {
    throw new HarnessError(
      'CONFIG',
      'BAD_OPTION',
      `--profile: ${name} does not read __ENV.PROFILE, so the profile ${profile} would change nothing`,
      {
        remedy: 'say how much with --vus, --iterations and --duration, or let the script read __ENV.PROFILE',
      },
    )
  }
  return profile
}

/**
 * What the command line says of the script's options, by k6's precedence.
 * @throws {HarnessError} CONFIG: an amount that the script could not take
 */
function overridesOf(
  { shipped, name }: Scenario,
  { vus, rate, duration, iterations, newConnections }: LoadOptions,
): Record<string, unknown> | undefined {
  if (shipped) {
    if (iterations === undefined) return undefined
    throw new HarnessError(
      'CONFIG',
      'BAD_OPTION',
      `--iterations: ${name} shares its work out over several scenarios, and takes no number of iterations`,
      { remedy: 'say how much with --profile, --rate, --vus and --duration' },
    )
  }
  if (rate !== undefined) {
    throw new HarnessError(
      'CONFIG',
      'BAD_OPTION',
      `--rate: k6 has no such option, so ${name} would not take it`,
      {
        remedy:
          'say how much with --vus, --iterations and --duration, or give the script a RATE with -e RATE=…',
      },
    )
  }
  return {
    ...(vus !== undefined && { vus }),
    ...(iterations !== undefined && { iterations }),
    ...(duration !== undefined && { duration }),
    ...(newConnections && { noConnectionReuse: true }),
  }
}

/** Variables of the shell that say how much, which would take a scenario of ours apart. */
const AMOUNT_VARIABLES = ['K6_VUS', 'K6_ITERATIONS', 'K6_DURATION', 'K6_STAGES']

/** @throws {HarnessError} CONFIG: a variable that a scenario of ours could not take */
function optionVariables({ shipped, name }: Scenario): Record<string, string> {
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[0].startsWith('K6_') && entry[1] !== undefined,
  )
  const amount = set.find(([variable]) => shipped && AMOUNT_VARIABLES.includes(variable))
  if (amount !== undefined) {
    throw new HarnessError(
      'CONFIG',
      'BAD_VARIABLE',
      `${amount[0]}: ${name} shares its work out over several scenarios, and cannot take it`,
      { remedy: `unset ${amount[0]}, and say how much with --profile, --rate, --vus and --duration` },
    )
  }
  return Object.fromEntries(set)
}

/** @throws {HarnessError} CONFIG: a file that is not there, or that holds no JSON object */
function k6ConfigOf(path: string | undefined): { file: string; values: Record<string, unknown> } | undefined {
  if (path === undefined) return undefined
  const file = resolve(path)
  const bad = (rule: string) => new HarnessError('CONFIG', 'BAD_OPTION', `--k6-config: ${path} ${rule}`)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw bad(`cannot be read: ${error instanceof Error ? error.message : error}`)
  }
  let values: unknown
  try {
    values = JSON.parse(text)
  } catch (error) {
    throw bad(`is not JSON: ${error instanceof Error ? error.message : error}`)
  }
  if (!isRecord(values)) throw bad('must hold a JSON object')
  return { file, values }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same as variables, for a script of ours, which shares them out over its parts. */
function environment(
  scenario: Scenario,
  { vus, rate, duration, env, newConnections, includeSystemEnvVars }: LoadOptions,
): Record<string, string> {
  return {
    ...(scenario.shipped && {
      ...(vus !== undefined && { VUS: String(vus) }),
      ...(rate !== undefined && { RATE: String(rate) }),
      ...(duration !== undefined && { DURATION: duration }),
    }),
    ...(scenario.shipped && newConnections && { NEW_CONNECTIONS: 'true' }),
    ...(includeSystemEnvVars && systemVariables()),
    ...env,
  }
}

function systemVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/**
 * A manifest holds a script and its variables: no options of k6, and nothing of this shell, which may hold secrets.
 * @throws {HarnessError} CONFIG `BAD_OPTION`
 */
function assertNothingIsLost(scenario: Scenario, options: LoadOptions): void {
  const { includeSystemEnvVars, iterations, k6Config, vus, rate, duration } = options
  const lost = Object.entries({
    '--include-system-env-vars': includeSystemEnvVars,
    '--iterations': iterations,
    '--k6-config': k6Config,
    // Scripts of ours take them as variables.
    ...(!scenario.shipped && { '--vus': vus, '--rate': rate, '--duration': duration }),
  }).flatMap(([flag, value]) => (value === undefined ? [] : [flag]))
  if (lost.length === 0) return
  throw new HarnessError(
    'CONFIG',
    'BAD_OPTION',
    `${lost.join(', ')}: cannot be written into a manifest; leave it out, or write it into the script's options`,
  )
}

async function writeManifest(scenario: Scenario, parallelism: number, options: LoadOptions): Promise<void> {
  if (options.manifest === undefined) {
    throw new HarnessError(
      'CONFIG',
      'BAD_OPTION',
      '--distributed: needs --manifest FILE, where the TestRun is written',
    )
  }
  assertNothingIsLost(scenario, options)
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
    ...loadEnvironment(target, scenario.name, profileOf(scenario, options)),
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
