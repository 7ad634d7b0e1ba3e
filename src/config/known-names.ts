import { suggestion } from '../verdict/suggestion.ts'
import type { Config } from './schema.ts'

/** What the names in a configuration may refer to. */
export interface KnownNames {
  readonly clauses: readonly string[]
  readonly scenarios: readonly string[]
  readonly profiles: readonly string[]
  /** Names of metrics, without tag selectors. */
  readonly metrics: readonly string[]
}

/**
 * A name that exists nowhere would change nothing: a known failure that no clause has, a threshold that no run checks.
 * @param nameOf how the user wrote the key at a path
 * @returns one line for each
 */
export function unknownNames(
  { knownFailures, load, gate }: Config,
  known: KnownNames,
  nameOf: (path: readonly PropertyKey[]) => string,
): string[] {
  const problems: string[] = []
  const check = (
    path: readonly PropertyKey[],
    what: string,
    name: string,
    names: readonly string[],
  ): void => {
    if (!names.includes(name))
      problems.push(`${nameOf(path)} must be ${what}, not "${name}"${suggestion(name, names)}`)
  }
  for (const [index, { clause }] of knownFailures.entries())
    check(['knownFailures', index, 'clause'], 'the id of a clause', clause, known.clauses)
  for (const [index, scenario] of (gate.scenarios ?? []).entries())
    check(['gate', 'scenarios', index], 'the name of a scenario', scenario, known.scenarios)
  for (const [scenario, profiles] of Object.entries(load.thresholds)) {
    const path = ['load', 'thresholds', scenario]
    check(path, 'named as a scenario is', scenario, known.scenarios)
    for (const [profile, metrics] of Object.entries(profiles)) {
      check([...path, profile], 'named as a profile is', profile, known.profiles)
      for (const metric of Object.keys(metrics)) {
        const name = metric.replace(/\{.*/s, '')
        check([...path, profile, metric], 'a metric that the scenarios have', name, known.metrics)
      }
    }
  }
  return problems
}
