import { existsSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { HarnessError } from '../verdict/errors.ts'
import { packageRoot } from '../verdict/package-root.ts'
import { suggestion } from '../verdict/suggestion.ts'

/** The profile of a script of the user's own, which says by itself how much it does. */
export const OWN_PROFILE = 'script'

/** The scenarios that the package ships, in the order in which the gate runs them. */
export const SCENARIOS = ['issuance', 'refresh', 'session', 'lockout', 'journey'] as const
export type ScenarioName = (typeof SCENARIOS)[number]

export const PROFILES = ['smoke', 'average', 'stress', 'spike', 'soak', 'breakpoint'] as const

export interface Scenario {
  readonly name: string
  /** Absolute path of a k6 script. */
  readonly script: string
  /** One of ours: it takes rate, VUs and duration as variables, and shares them out over its parts. */
  readonly shipped: boolean
}

export const shippedScenarios: readonly Scenario[] = SCENARIOS.map((name) => ({
  name,
  script: join(packageRoot, 'load', `${name}.ts`),
  shipped: true,
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
    return { name: basename(script, extname(script)), script, shipped: false }
  throw new HarnessError(
    'CONFIG',
    'UNKNOWN_SCENARIO',
    `scenario "${nameOrPath}" is neither one of ${SCENARIOS.join(', ')} nor a script that exists${suggestion(nameOrPath, SCENARIOS)}`,
  )
}
