/**
 * Remembers what was seen, so that a second one is noticed: exactly, among the last `capacity` and up to twice that.
 * Two generations of sets bound the memory of a run of any length.
 */
export class Memory {
  readonly #capacity: number
  #young = new Set<string>()
  #old = new Set<string>()

  constructor(capacity = 8192) {
    this.#capacity = capacity
  }

  /** Whether `key` was not seen before; from now on it was. */
  isNew(key: string): boolean {
    if (this.#young.has(key) || this.#old.has(key)) return false
    if (this.#young.size >= this.#capacity) {
      this.#old = this.#young
      this.#young = new Set()
    }
    this.#young.add(key)
    return true
  }
}

/**
 * The last 12 characters of a token: 70 bits of its signature. A token that comes again has the same ones, so no
 * repeat is missed. Two different signed tokens share them with a chance of 2^-70 a pair: among ten million tokens a
 * false alarm has a chance of about 4e-8. Not longer, since a longer part would keep the whole token in memory (V8).
 */
export function fingerprint(token: string): string {
  return token.slice(-12)
}
