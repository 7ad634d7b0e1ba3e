import type { Scenario } from '../options/options.ts'
import type { SegmentIndex } from './segment-index.ts'

/**
 * What one worker does for one scenario: pure data, and a function of the options and the worker's place alone, so
 * workers agree without talking. Times in ms, from the start of the scenario.
 */
export interface ScenarioPlan<S extends Scenario = Scenario> {
  readonly scenario: S
  /** From here on no iteration starts. */
  readonly end: number
  /** What still runs here is cut off: `end` plus `gracefulStop`. */
  readonly hardEnd: number
  /** VUs to make before the start; an open executor may add VUs up to `maxVus`. */
  readonly initialVus: number
  readonly maxVus: number
  /** Which of all the scenario's VUs are this worker's. */
  readonly vus: SegmentIndex
  /** Which of its iterations: in the proportion of the VUs. */
  readonly iterations: SegmentIndex
}
