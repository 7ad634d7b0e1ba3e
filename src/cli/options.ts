import type { Command } from 'commander'

/** What every command takes. */
export interface SharedOptions {
  readonly config?: string
  readonly target?: string
  readonly statesUrl?: string
  readonly site?: string
  readonly apiVersion?: string
  readonly clientId?: string
  readonly outDir: string
  readonly json?: true
  readonly color: boolean
  readonly quiet?: true
}

export function withSharedOptions(command: Command): Command {
  return command
    .optionsGroup('Target:')
    .option(
      '--config <file>',
      'configuration file (default: auth-harness.config.ts or .json here, if there is one)',
    )
    .option(
      '--target <url>',
      'scheme, host and port of the target (default: the embedded reference provider)',
    )
    .option('--states-url <url>', 'provider states setup URL of the target')
    .option('--site <id>', 'site id in the path')
    .option('--api-version <version>', 'API version in the path, such as v25_6')
    .option('--client-id <id>', 'client id in x-dw-client-id')
    .optionsGroup('Output:')
    .option('--out-dir <dir>', 'where reports go, one folder a run', 'reports')
    .option('--json', 'the result as JSON on standard output')
    .option('--no-color', 'no colours (NO_COLOR is respected too)')
    .option('--quiet', 'no progress on standard error')
}

/** Help that begins with what most readers came for. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [line: string, what: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, what]) => `  $ ${line.padEnd(width)}  ${what}`.trimEnd())
  return command.addHelpText('before', `Examples:\n${lines.join('\n')}\n`)
}
