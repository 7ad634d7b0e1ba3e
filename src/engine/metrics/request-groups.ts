import { Histogram, type HistogramSnapshot } from './histogram.ts'
import type { TagSet } from './tag-set.ts'

/**
 * Requests that are looked at together: of one `auth` type, in one `phase` of the run. A login hashes a password and a
 * guest does not, so a percentile over both says nothing about either; a script without these tags has one group.
 */
export interface RequestGroup {
  /** Its place among the groups of the same tally. */
  readonly index: number
  readonly auth: string | undefined
  readonly phase: string | undefined
  readonly durations: Histogram
  /** That were not answered as expected. */
  failed: number
}

/** Structured-clonable. */
export type RequestGroupsSnapshot = readonly {
  readonly auth: string | undefined
  readonly phase: string | undefined
  readonly durations: HistogramSnapshot
  readonly failed: number
}[]

/** Stands for the groups past the bound. */
const OTHER = '(other)'

/** The groups of a run, in the order in which they were first seen; bounded. */
export class RequestGroups {
  readonly #groups: RequestGroup[] = []
  readonly #limit: number

  constructor(limit = 32) {
    this.#limit = limit
  }

  of(tags: TagSet): RequestGroup {
    return this.group(tags.get('auth'), tags.get('phase'))
  }

  group(auth: string | undefined, phase: string | undefined): RequestGroup {
    const known = this.#groups.find((group) => group.auth === auth && group.phase === phase)
    if (known !== undefined) return known
    if (this.#groups.length >= this.#limit && auth !== OTHER) return this.group(OTHER, undefined)
    const made = { index: this.#groups.length, auth, phase, durations: new Histogram(), failed: 0 }
    this.#groups.push(made)
    return made
  }

  all(): readonly RequestGroup[] {
    return this.#groups
  }

  snapshot(): RequestGroupsSnapshot {
    return this.#groups.map(({ auth, phase, durations, failed }) => ({
      auth,
      phase,
      durations: durations.snapshot(),
      failed,
    }))
  }

  /** @returns this tally's group for each of the snapshot's */
  merge(snapshot: RequestGroupsSnapshot): RequestGroup[] {
    return snapshot.map(({ auth, phase, durations, failed }) => {
      const group = this.group(auth, phase)
      group.durations.merge(durations)
      group.failed += failed
      return group
    })
  }
}
