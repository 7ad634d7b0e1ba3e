/** Structured-clonable. */
export type TallySnapshot = readonly (readonly [key: string, count: number])[]

/** Counts of texts that may vary without end, such as messages: past `limit` of them, further ones count as one. */
export class Tally {
  readonly #counts = new Map<string, number>()
  readonly #limit: number
  readonly #other: string

  constructor(limit: number, other: string) {
    this.#limit = limit
    this.#other = other
  }

  /** @returns what it was counted as */
  add(key: string, count = 1): string {
    const counted = this.#counts.has(key) || this.#counts.size < this.#limit ? key : this.#other
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + count)
    return counted
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
  }

  /** The most frequent first. */
  entries(): [key: string, count: number][] {
    return [...this.#counts].sort(([, a], [, b]) => b - a)
  }

  snapshot(): TallySnapshot {
    return [...this.#counts]
  }

  merge(snapshot: TallySnapshot): void {
    for (const [key, count] of snapshot) this.add(key, count)
  }
}
