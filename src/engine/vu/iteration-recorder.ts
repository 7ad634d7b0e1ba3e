import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import type { Series } from '../metrics/registry.ts'
import type { TagSet } from '../metrics/tag-set.ts'

/** The metrics of an iteration, for one tag set. */
export interface IterationSeries {
  readonly iterations: Series
  readonly duration: Series
  readonly delayFromPlan: Series
  readonly latencyFromPlan: Series
  readonly dataSent: Series
  readonly dataReceived: Series
}

/** The series of all VUs: those with the same tags share them. */
export class IterationRecorder {
  readonly #measurements: Measurements
  readonly #byTags = new Map<TagSet, IterationSeries>()

  constructor(measurements: Measurements) {
    this.#measurements = measurements
  }

  of(tags: TagSet): IterationSeries {
    const known = this.#byTags.get(tags)
    if (known !== undefined) return known
    const { registry } = this.#measurements
    const made: IterationSeries = {
      iterations: registry.series(BUILT_IN.iterations, tags),
      duration: registry.series(BUILT_IN.iterationDuration, tags),
      delayFromPlan: registry.series(BUILT_IN.delayFromPlan, tags),
      latencyFromPlan: registry.series(BUILT_IN.latencyFromPlan, tags),
      dataSent: registry.series(BUILT_IN.dataSent, tags),
      dataReceived: registry.series(BUILT_IN.dataReceived, tags),
    }
    this.#byTags.set(tags, made)
    return made
  }
}
