import { CLAUSES } from '../../contracts/clauses.ts'
import type { KnownNames } from '../config/known-names.ts'
import { BUILT_IN } from '../engine/metrics/metric.ts'
import { PROFILES, SCENARIOS } from './scenarios.ts'

/** Metrics that the scripts of `load/` add to those that every k6 script has. */
export const SCRIPT_METRICS = ['failed_iterations'] as const

/** What a configuration may name. */
export const knownNames: KnownNames = {
  clauses: CLAUSES.map(({ id }) => id),
  scenarios: SCENARIOS,
  profiles: PROFILES,
  metrics: [...Object.values(BUILT_IN).map(({ name }) => name), ...SCRIPT_METRICS],
}
