import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { findScenario, PROFILES, SCENARIOS } from '../../gate/scenarios.ts'
import { loadStage } from '../../gate/stages/load.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { type SharedOptions, withExamples, withSharedOptions } from '../options.ts'
import { runSession } from '../session.ts'

interface LoadOptions extends SharedOptions {
  readonly profile: string
  readonly engine: 'node' | 'k6'
  readonly vus?: number
  readonly rate?: number
  readonly duration?: string
  readonly workers?: number
  readonly out?: string
  readonly env?: readonly string[]
  readonly newConnections?: true
  readonly defect?: string
  readonly baseline?: string
}

export function loadCommand(): Command {
  const command = new Command('load')
    .description('one load scenario')
    .argument('<scenario>', `${SCENARIOS.join(', ')}, or the path of a k6 script`)
    .addOption(new Option('--profile <name>', 'how much of it').choices(PROFILES).default('smoke'))
    .addOption(new Option('--engine <name>', 'what runs the script').choices(['node', 'k6']).default('node'))
    .option('--vus <n>', 'virtual users', positiveInteger('--vus'))
    .option('--rate <n>', 'iterations per second', positiveInteger('--rate'))
    .option('--duration <time>', 'such as 30s or 5m')
    .option('--workers <n>', 'threads of the embedded engine', positiveInteger('--workers'))
    .option('--out <json=FILE>', "every sample, in k6's NDJSON")
    .option('-e, --env <NAME=VALUE...>', "variables for the script's __ENV")
    .option('--new-connections', 'a new connection for every request (refresh)')
    .option('--defect <id>', 'plant a defect in the embedded provider')
    .option('--baseline <run>', 'compare with an earlier run; a regression fails')
  return withExamples(withSharedOptions(command), [
    ['auth-harness load issuance', 'a few seconds, on the embedded provider'],
    [
      'auth-harness load refresh --profile stress --target http://127.0.0.1:4010 --states-url http://127.0.0.1:4010/_states',
      'on a target of your own',
    ],
    ['auth-harness load lockout --engine k6', 'the same script, run by the k6 binary'],
  ]).action(async (name: string, options: LoadOptions) => {
    const scenario = findScenario(name, process.cwd())
    const overrides = {
      ...(options.vus !== undefined && { vus: options.vus }),
      ...(options.rate !== undefined && { rate: options.rate }),
      ...(options.duration !== undefined && { duration: options.duration }),
    }
    const outJson = outFile(options.out)
    await runSession(options, () => ({
      command: 'load',
      stages: [
        loadStage({
          scenarios: [scenario],
          profile: options.profile,
          engine: options.engine,
          overrides,
          env: {
            ...environment(options.env ?? []),
            ...(options.newConnections && { NEW_CONNECTIONS: 'true' }),
          },
          ...(options.workers !== undefined && { workers: options.workers }),
          ...(outJson !== undefined && { outJson }),
          onSummary: (_, summary) => {
            if (!options.json) process.stdout.write(summary)
          },
        }),
      ],
    }))
  })
}

function positiveInteger(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value > 0) return value
    throw new HarnessError('CONFIG', 'BAD_OPTION', `${option}: must be a whole number above 0, not "${text}"`)
  }
}

function outFile(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const file = /^json=(.+)$/.exec(text)?.[1]
  if (file === undefined)
    throw new HarnessError('CONFIG', 'BAD_OPTION', `--out: must be json=FILE, not "${text}"`)
  return resolve(file)
}

function environment(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      // The value may be a secret, so only the name is quoted.
      if (at < 1)
        throw new HarnessError(
          'CONFIG',
          'BAD_OPTION',
          `--env: must be NAME=VALUE, and "${pair.slice(0, at < 0 ? pair.length : at)}" is not`,
        )
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
