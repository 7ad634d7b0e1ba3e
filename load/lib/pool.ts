/**
 * Refuses a pool that is too small before the start.
 * @throws {Error} saying how many there are, how many are needed, and why
 */
export function requirePool(what: string, have: number, need: number, why: string, remedy: string): void {
  if (have >= need) return
  throw new Error(`too few ${what}: there are ${have} and ${need} are needed, ${why}; ${remedy}`)
}

/**
 * How many customers or sessions a rate needs, so that none is used twice within a second: a customer who logs in
 * twice at once is a test of its own, not the load that was asked for.
 * @param perSecond uses per second at the peak; undefined in the closed model, where each VU has one of its own
 */
export function poolSize(perSecond: number | undefined, vus: number | undefined): number {
  return Math.max(1, Math.ceil(perSecond ?? vus ?? 1))
}

/** One after the other, and again from the start. */
export function pick<Item>(pool: readonly Item[], index: number): Item {
  const item = pool[index % pool.length]
  if (item === undefined) throw new Error('picked from an empty pool')
  return item
}

/** Whether the `index`-th iteration is one of the `share`: evenly spread, and exact over any run. */
export function isShare(share: number, index: number): boolean {
  // Rounded, since 0.1 + 0.2 ways of counting would lose one now and then.
  const upTo = (count: number) => Math.floor(Math.round(count * share * 1e6) / 1e6)
  return upTo(index + 1) > upTo(index)
}
