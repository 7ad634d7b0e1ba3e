import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { SharedOptions } from './options.ts'

/** The configuration of a command: file, environment, and the options that it shares with every other command. */
export function configOf({
  config,
  target,
  statesUrl,
  site,
  apiVersion,
  clientId,
}: SharedOptions): Promise<Config> {
  return loadConfig({
    file: config,
    cwd: process.cwd(),
    env: process.env,
    overrides: { target, statesUrl, site, apiVersion, clientId },
  })
}
