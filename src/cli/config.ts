import { relative } from 'node:path'
import { trustConfiguredAuthorities } from '../config/certificates.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { overridesOf } from '../config/settings.ts'
import { knownNames } from '../gate/known-names.ts'
import { HarnessError } from '../verdict/errors.ts'
import type { ConfigOptions } from './options.ts'

/**
 * The configuration of a command: file, environment, and the options that it shares with every other command.
 * @param tell given one line that says which file it is and what will be tested
 * @throws {HarnessError} CONFIG: `TARGET_REQUIRED`, or what `loadConfig` throws
 */
export async function configOf(options: ConfigOptions, tell?: (line: string) => void): Promise<Config> {
  const { config, path } = await loadConfig({
    file: options.config,
    cwd: process.cwd(),
    env: process.env,
    overrides: overridesOf(options),
    known: knownNames,
  })
  if (options.requireTarget && config.target.baseUrl === undefined)
    throw new HarnessError(
      'CONFIG',
      'TARGET_REQUIRED',
      `--require-target: no target is configured: ${describe(config, path)}`,
      { remedy: 'set target.baseUrl, AUTH_HARNESS_TARGET or --target' },
    )
  trustConfiguredAuthorities(config, process.env)
  tell?.(describe(config, path))
  return config
}

function describe({ target }: Config, path: string | undefined): string {
  const file = path === undefined ? 'no configuration file' : `configuration ${relative(process.cwd(), path)}`
  return `${file}; target: ${target.baseUrl ?? 'the embedded reference provider'}`
}
