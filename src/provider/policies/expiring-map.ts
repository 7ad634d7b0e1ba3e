import type { Clock } from './clock.ts'

/**
 * A map whose entries live for a length of time after they were last set, so that it never grows without bound.
 * Entries stand in the order in which they end, since all live equally long: each `set` drops what has ended.
 */
export class ExpiringMap<Value> {
  readonly #entries = new Map<string, { value: Value; endsAt: number }>()
  readonly #clock: Clock
  readonly #lifetimeMs: number
  readonly #maxEntries: number

  /** @param maxEntries beyond it the oldest entry goes, whatever is left of its life */
  constructor(clock: Clock, lifetimeSeconds: number, maxEntries = Number.POSITIVE_INFINITY) {
    this.#clock = clock
    this.#lifetimeMs = lifetimeSeconds * 1000
    this.#maxEntries = maxEntries
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && entry.endsAt > this.#clock.now() ? entry.value : undefined
  }

  set(key: string, value: Value): void {
    const now = this.#clock.now()
    this.#entries.delete(key)
    this.#entries.set(key, { value, endsAt: now + this.#lifetimeMs })
    for (const [oldest, { endsAt }] of this.#entries) {
      if (endsAt > now && this.#entries.size <= this.#maxEntries) break
      this.#entries.delete(oldest)
    }
  }
}
