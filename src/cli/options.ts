import type { Command } from 'commander'
import { OPTION_SETTINGS, type SettingOptions } from '../config/settings.ts'

/** How a command shows its result. */
export interface OutputOptions {
  readonly json?: true
  readonly color: boolean
}

/** What a command takes that has a configuration. */
export interface ConfigOptions extends OutputOptions, SettingOptions {
  readonly config?: string
  readonly requireTarget?: true
}

/** What a command takes that runs stages and writes reports. */
export interface RunOptions extends ConfigOptions {
  readonly outDir: string
  readonly quiet?: true
}

/**
 * Which of the options that several commands share a command uses; any other is refused as unknown.
 * - `config`: a configuration file
 * - `deployment`: a target that may be a URL
 * - `embedded`: the embedded provider only
 * - `run`: progress, and a folder for reports
 */
export type SharedUse = 'config' | 'deployment' | 'embedded' | 'run'

export const TARGET_GROUP = 'Target:'
export const OUTPUT_GROUP = 'Output:'

export function withSharedOptions(command: Command, uses: readonly SharedUse[] = []): Command {
  command.optionsGroup(TARGET_GROUP)
  if (uses.length > 0)
    command.option(
      '--config <file>',
      'configuration file (default: auth-harness.config.ts, .mts, .js, .mjs or .json, from here up to the root of the repository)',
    )
  const deployment = uses.includes('deployment')
  if (deployment || uses.includes('embedded')) {
    for (const { option } of OPTION_SETTINGS) {
      const ofOther = option.command !== undefined && option.command !== command.name()
      if (!ofOther && (deployment || !option.deployment)) command.option(option.flags, option.description)
    }
  }
  if (deployment)
    command.option(
      '--require-target',
      'refuse to run on the embedded provider, as a gate of a deployment must',
    )
  command.optionsGroup(OUTPUT_GROUP)
  if (uses.includes('run'))
    command
      .option('--out-dir <dir>', 'where reports go, one folder per run', 'reports')
      .option('--quiet', 'no progress on standard error')
  return command
    .option('--json', 'the result as JSON on standard output')
    .option('--no-color', 'no colours (NO_COLOR is respected too)')
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
