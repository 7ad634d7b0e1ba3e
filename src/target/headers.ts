import type { Config } from '../config/schema.ts'
import { HarnessError } from '../verdict/errors.ts'

/**
 * The headers that the deployment asks of every request, with the values of the variables that they name.
 * @throws {HarnessError} CONFIG `HEADER_VARIABLE_MISSING`
 */
export function deploymentHeaders(
  { target }: Config,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(target.headers).map(([name, value]) => {
      if (typeof value === 'string') return [name, value]
      const text = env[value.env]
      if (text) return [name, text]
      throw new HarnessError(
        'CONFIG',
        'HEADER_VARIABLE_MISSING',
        `target.headers.${name} names the environment variable ${value.env}, which is not set`,
      )
    }),
  )
}
