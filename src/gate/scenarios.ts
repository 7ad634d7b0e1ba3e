import { existsSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { HarnessError } from '../verdict/errors.ts'
import { packageRoot } from '../verdict/package-root.ts'

/** The scenarios that the package ships, in the order in which the gate runs them. */
export const SCENARIOS = ['issuance', 'refresh', 'session', 'lockout', 'journey'] as const

export const PROFILES = ['smoke', 'average', 'stress', 'spike', 'soak', 'breakpoint'] as const
export type Profile = (typeof PROFILES)[number]

export interface Scenario {
  readonly name: string
  /** Absolute path of a k6 script. */
  readonly script: string
}

export const shippedScenarios: readonly Scenario[] = SCENARIOS.map((name) => ({
  name,
  script: join(packageRoot, 'load', `${name}.ts`),
}))

/**
 * @param nameOrPath a scenario's name, or the path of a k6 script of the user's own
 * @throws {HarnessError} CONFIG: neither
 */
export function findScenario(nameOrPath: string, cwd: string): Scenario {
  const shipped = shippedScenarios.find((scenario) => scenario.name === nameOrPath)
  if (shipped !== undefined) return shipped
  const script = resolve(cwd, nameOrPath)
  if (/\.[jt]s$/.test(nameOrPath) && existsSync(script))
    return { name: basename(script, extname(script)), script }
  throw new HarnessError(
    'CONFIG',
    'UNKNOWN_SCENARIO',
    `scenario "${nameOrPath}" is neither one of ${SCENARIOS.join(', ')} nor a script that exists`,
  )
}
