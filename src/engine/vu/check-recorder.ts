import { type CheckCount, GROUP_SEPARATOR } from '../metrics/checks.ts'
import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import type { Series } from '../metrics/registry.ts'
import type { TagSet } from '../metrics/tag-set.ts'
import type { SystemTag } from '../options/options.ts'

interface KnownCheck {
  readonly count: CheckCount
  readonly series: Series
}

/** Counts checks, and records the `checks` metric with the tag `check`. */
export class CheckRecorder {
  readonly #measurements: Measurements
  readonly #tagged: boolean
  readonly #known = new Map<TagSet, Map<string, KnownCheck>>()

  constructor(measurements: Measurements, systemTags: readonly SystemTag[]) {
    this.#measurements = measurements
    this.#tagged = systemTags.includes('check')
  }

  record(tags: TagSet, group: string, name: string, passed: boolean): void {
    const { count, series } = this.#known.get(tags)?.get(name) ?? this.#make(tags, group, name)
    if (passed) count.passes++
    else count.fails++
    series.record(passed ? 1 : 0)
  }

  /** @throws TypeError on a name that k6 refuses */
  #make(tags: TagSet, group: string, name: string): KnownCheck {
    if (name.includes(GROUP_SEPARATOR)) {
      throw new TypeError(`group and check names may not contain "${GROUP_SEPARATOR}"`)
    }
    const count = this.#measurements.checks.check(group, name)
    const known: KnownCheck = {
      count,
      series: this.#measurements.registry.series(
        BUILT_IN.checks,
        // Of a name past the bound on names, the tally's own name for the rest.
        this.#tagged ? tags.with('check', count.name) : tags,
      ),
    }
    const byName = this.#known.get(tags) ?? new Map<string, KnownCheck>()
    this.#known.set(tags, byName)
    if (count.name === name) byName.set(name, known)
    return known
  }
}
