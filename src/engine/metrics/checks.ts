/** k6's separator of group names; a path begins with it, and the root group's path is empty. */
export const GROUP_SEPARATOR = '::'

/** Of one check over the run. The hot path adds to it. */
export interface CheckCount {
  readonly group: string
  readonly name: string
  passes: number
  fails: number
}

/** Structured-clonable. */
export interface ChecksSnapshot {
  readonly groups: readonly string[]
  readonly checks: readonly CheckCount[]
}

/** Stands for the checks past the bound. */
const OTHER_CHECKS = '(other checks)'

/** Counts of the checks by group and name, in the order in which they first ran; bounded. */
export class CheckTally {
  readonly #groups = new Map<string, Map<string, CheckCount>>()
  readonly #limit: number

  /** @param limit how many names a group may hold, before further ones are counted as one */
  constructor(limit = 1_000) {
    this.#limit = limit
    this.group('')
  }

  /** Makes a group known, which a script may enter without a check in it. */
  group(path: string): Map<string, CheckCount> {
    const known = this.#groups.get(path)
    if (known !== undefined) return known
    const checks = new Map<string, CheckCount>()
    this.#groups.set(path, checks)
    return checks
  }

  /** @param group its path: `''`, or `::outer::inner` */
  check(group: string, name: string): CheckCount {
    const checks = this.group(group)
    const known = checks.get(name)
    if (known !== undefined) return known
    if (checks.size >= this.#limit && name !== OTHER_CHECKS) return this.check(group, OTHER_CHECKS)
    const count: CheckCount = { group, name, passes: 0, fails: 0 }
    checks.set(name, count)
    return count
  }

  groups(): string[] {
    return [...this.#groups.keys()]
  }

  checks(): CheckCount[] {
    return [...this.#groups.values()].flatMap((checks) => [...checks.values()])
  }

  snapshot(): ChecksSnapshot {
    return { groups: this.groups(), checks: this.checks().map((check) => ({ ...check })) }
  }

  merge({ groups, checks }: ChecksSnapshot): void {
    for (const path of groups) this.group(path)
    for (const { group, name, passes, fails } of checks) {
      const count = this.check(group, name)
      count.passes += passes
      count.fails += fails
    }
  }
}
