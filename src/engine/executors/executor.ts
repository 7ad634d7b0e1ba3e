import type { Scenario, ScenarioBase } from '../options/options.ts'
import type { Field, Problems } from '../options/reader.ts'
import type { ScenarioPlan } from './plan.ts'
import type { ScenarioContext, ScenarioRun } from './scenario-run.ts'

/** A scenario as its executor's schema reads it. */
interface RawScenario {
  /** What all executors have. */
  readonly base: ScenarioBase
  readonly raw: Readonly<Record<string, unknown>>
  /** Reads a member of `raw`. */
  readonly field: Field
  /** Where the scenario stands, as the user wrote it. */
  readonly path: string
  readonly problems: Problems
}

/** All that is known of one of k6's executors: its options, how much it plans, and how it runs. */
export interface Executor<S extends Scenario> {
  /** Its own options, by k6's names. */
  readonly keys: readonly string[]
  /** @returns `undefined` when something is wrong, and a problem was added */
  read(scenario: RawScenario): S | undefined
  /** When it starts no more iterations, ms from its start; for iteration quotas the longest that it may take. */
  durationOf(scenario: S): number
  /** VUs made before the start, and the most there may be. */
  vusOf(scenario: S): { readonly initial: number; readonly max: number }
  newRun(plan: ScenarioPlan<S>, context: ScenarioContext): ScenarioRun
}
