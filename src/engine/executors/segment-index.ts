/**
 * One worker's share of anything that is counted: VUs, iterations, planned starts. Shares are dealt out in a
 * repeating cycle, as k6 segmentIndexes its execution segments, so that
 * - the shares of all workers together are the whole, each item once;
 * - the share of the first n items grows by one at a time as n grows: it never goes back ("no wobble");
 * - no worker is ever more than one item of its weight ahead of another.
 */
export class SegmentIndex {
  /** After so many items the dealing repeats. */
  readonly cycle: number
  /** The items of the first cycle that belong to this share, ascending. */
  readonly offsets: readonly number[]

  constructor(cycle: number, offsets: readonly number[]) {
    this.cycle = cycle
    this.offsets = offsets
  }

  /** How many of the first `total` items are in this share. */
  count(total: number): number {
    const rest = total % this.cycle
    return Math.floor(total / this.cycle) * this.offsets.length + lowerBound(this.offsets, rest)
  }

  /** The overall index of this share's item `i`. SegmentRun and item count from 0. */
  at(i: number): number {
    const perCycle = this.offsets.length
    const offset = this.offsets[i % perCycle]
    if (offset === undefined) throw new RangeError(`this share has no items, so none with the index ${i}`)
    return Math.floor(i / perCycle) * this.cycle + offset
  }
}

/** The share of someone who does everything. */
export const WHOLE = new SegmentIndex(1, [0])

/**
 * Deals a cycle of `sum(weights)` items out in proportion to the weights: k6's order, in which the heaviest comes
 * first and each next item goes to the first share that is due.
 * @param weights whole numbers, at least one above 0; a share of weight 0 has no items
 */
export function segmentIndexes(weights: readonly number[]): SegmentIndex[] {
  const cycle = weights.reduce((sum, weight) => sum + weight, 0)
  if (cycle < 1 || weights.some((weight) => weight < 0 || !Number.isInteger(weight))) {
    throw new RangeError(
      `weights must be whole numbers of 0 or more, and not all 0; got ${weights.join(', ')}`,
    )
  }
  const byWeight = weights
    .map((weight, index) => ({ weight, offsets: [] as number[], index }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
  for (let item = 0; item < cycle; item++) {
    byWeight.find(({ weight, offsets }) => item * weight >= offsets.length * cycle)?.offsets.push(item)
  }
  const shares = new Map(byWeight.map((share) => [share.index, share.offsets]))
  return weights.map((_, index) => new SegmentIndex(cycle, shares.get(index) ?? []))
}

/** Equal shares for `count` workers. */
export function equalIndexes(count: number): SegmentIndex[] {
  return segmentIndexes(new Array<number>(count).fill(1))
}

/**
 * The shares of iterations that go with the shares of `vus` VUs: a worker that got no VU gets no iteration, and
 * one that got twice the VUs gets twice the iterations (k6: a new execution tuple from the value).
 */
export function indexesByVus(shares: readonly SegmentIndex[], vus: number): SegmentIndex[] {
  const counts = shares.map((share) => share.count(vus))
  const divisor = counts.reduce(greatestCommonDivisor, 0)
  return segmentIndexes(counts.map((count) => count / divisor))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** How many of the ascending values are below `limit`. */
function lowerBound(values: readonly number[], limit: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = values[middle]
    if (value !== undefined && value < limit) low = middle + 1
    else high = middle
  }
  return low
}
