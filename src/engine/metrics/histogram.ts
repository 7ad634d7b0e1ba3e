/**
 * A bounded, mergeable distribution of numbers. Each power of two is cut into equal buckets, so the error of a
 * percentile is relative to its value: with 9 bits (512 buckets) at most 1/1024, 0.1 %, for any finite number,
 * negative and fractional ones too, whatever their size. What is exact at any precision: count, zeros, minimum,
 * maximum, and the value of a bucket that has only ever seen one value (so small whole numbers, and small samples,
 * keep k6's exact percentiles). The sum is a running sum of doubles.
 *
 * Merging adds buckets: exact, in any order. Memory grows with the powers of two that were seen (6 kB each at 9
 * bits, about ten of them for response times), never with the number of values. A bucket counts to 2^32 - 1.
 *
 * Why not hdr-histogram-js: it holds whole positive numbers up to a limit given before, and a record costs 27 to
 * 44 ns there, 15 ns here (the least of 60 rounds on one machine).
 */
export class Histogram {
  count = 0
  sum = 0
  min = Number.POSITIVE_INFINITY
  max = Number.NEGATIVE_INFINITY
  #zeros = 0
  readonly #bits: number
  readonly #shift: number
  readonly #mask: number
  /** Pages of the powers of two from 2^-24 to 2^39, where times are; found without hashing. */
  readonly #near: (Page | undefined)[] = new Array<Page | undefined>(NEAR).fill(undefined)
  /** All other pages, by sign and exponent. */
  readonly #far = new Map<number, Page>()

  /** @param bits of precision: 2^bits buckets a power of two, from 1 to 16 */
  constructor(bits = 9) {
    this.#bits = bits
    this.#shift = 20 - bits
    this.#mask = 2 ** bits - 1
  }

  /** @throws {RangeError} when the value is not a finite number */
  record(value: number): void {
    if (value === 0) this.#zeros++
    else {
      DOUBLE[0] = value
      const high = WORDS[HIGH] as number
      const near = (high >>> 20) - NEAR_FIRST
      const page = (near >= 0 && near < NEAR ? this.#near[near] : undefined) ?? this.#page(high >>> 20)
      const bucket = (high >>> this.#shift) & this.#mask
      const seen = page.counts[bucket] as number
      page.counts[bucket] = seen + 1
      if (seen === 0) page.values[bucket] = value
      else if (page.values[bucket] !== value) page.values[bucket] = Number.NaN
    }
    this.count++
    this.sum += value
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  /**
   * k6's percentile: linear between the two ranks next to `p / 100 * (count - 1)`. 0 when there are no values.
   * @param p from 0 to 100
   */
  percentile(p: number): number {
    if (this.count === 0) return 0
    const rank = (Math.min(Math.max(p, 0), 100) / 100) * (this.count - 1)
    const below = this.#valueAt(Math.floor(rank))
    const above = this.#valueAt(Math.ceil(rank))
    return below + (above - below) * (rank - Math.floor(rank))
  }

  /** Adds the values of another histogram of the same precision. */
  merge(other: Histogram | HistogramSnapshot): void {
    const { bits, count, sum, min, max, zeros, pages } = other instanceof Histogram ? other.#view() : other
    if (bits !== this.#bits) throw new RangeError(`a histogram of ${bits} bits into one of ${this.#bits}`)
    this.count += count
    this.sum += sum
    this.#zeros += zeros
    if (min < this.min) this.min = min
    if (max > this.max) this.max = max
    for (const page of pages) addPage(page, this.#page(page.exponent))
  }

  /** A copy as plain data; its typed arrays may be transferred to another thread. */
  snapshot(): HistogramSnapshot {
    const { pages, ...rest } = this.#view()
    return {
      ...rest,
      pages: pages.map(({ exponent, counts, values }) => ({
        exponent,
        counts: counts.slice(),
        values: values.slice(),
      })),
    }
  }

  /** As a snapshot, but with the pages themselves. */
  #view(): HistogramSnapshot {
    return {
      bits: this.#bits,
      count: this.count,
      sum: this.sum,
      min: this.min,
      max: this.max,
      zeros: this.#zeros,
      pages: this.#pages(),
    }
  }

  /** The value at a rank from 0, as near as the buckets tell. */
  #valueAt(rank: number): number {
    if (rank <= 0) return this.min
    if (rank >= this.count - 1) return this.max
    let passed = 0
    const pages = this.#pages()
    const negative = pages.filter(({ exponent }) => exponent >= SIGN).reverse()
    for (const page of negative) {
      for (let bucket = page.counts.length - 1; bucket >= 0; bucket--) {
        passed += page.counts[bucket] as number
        if (passed > rank) return this.#valueOf(page, bucket)
      }
    }
    passed += this.#zeros
    if (passed > rank) return 0
    for (const page of pages) {
      if (page.exponent >= SIGN) break
      for (let bucket = 0; bucket < page.counts.length; bucket++) {
        passed += page.counts[bucket] as number
        if (passed > rank) return this.#valueOf(page, bucket)
      }
    }
    return this.max
  }

  /** The one value of the bucket, or its middle. */
  #valueOf({ exponent, values }: Page, bucket: number): number {
    const only = values[bucket] as number
    if (!Number.isNaN(only)) return only
    const middle = edge(exponent, bucket + 0.5, this.#bits)
    return Math.min(Math.max(middle, this.min), this.max)
  }

  /** Ascending by sign and exponent: the positive ones first. */
  #pages(): Page[] {
    const near = this.#near.filter((page) => page !== undefined)
    return [...near, ...this.#far.values()].sort((a, b) => a.exponent - b.exponent)
  }

  #page(exponent: number): Page {
    const near = exponent - NEAR_FIRST
    const isNear = near >= 0 && near < NEAR
    const known = isNear ? this.#near[near] : this.#far.get(exponent)
    if (known !== undefined) return known
    if ((exponent & 0x7ff) === 0x7ff) throw new RangeError('a histogram holds finite numbers only')
    const buckets = 2 ** this.#bits
    const page = { exponent, counts: new Uint32Array(buckets), values: new Float64Array(buckets) }
    if (isNear) this.#near[near] = page
    else this.#far.set(exponent, page)
    return page
  }
}

/** Structured-clonable. */
export interface HistogramSnapshot {
  readonly bits: number
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly zeros: number
  readonly pages: readonly Page[]
}

/** The buckets of one power of two, of one sign. */
interface Page {
  /** The sign bit and the 11 exponent bits of its doubles. */
  readonly exponent: number
  readonly counts: Uint32Array<ArrayBuffer>
  /** The only value that a bucket has seen; NaN once it has seen two. */
  readonly values: Float64Array<ArrayBuffer>
}

/** The sign bit, above the 11 bits of the exponent. */
const SIGN = 0x800
/** The exponent bits of 2^-24, and how many exponents from there on are near. */
const NEAR_FIRST = 1023 - 24
const NEAR = 64

/** A double and its two halves. */
const DOUBLE = new Float64Array(1)
const WORDS = new Uint32Array(DOUBLE.buffer)
/** Which half holds the sign and the exponent. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

function addPage(from: Page, into: Page): void {
  for (let bucket = 0; bucket < from.counts.length; bucket++) {
    const added = from.counts[bucket] as number
    if (added === 0) continue
    const value = from.values[bucket] as number
    const had = into.counts[bucket] as number
    into.counts[bucket] = had + added
    if (had === 0) into.values[bucket] = value
    else if (into.values[bucket] !== value) into.values[bucket] = Number.NaN
  }
}

/** The double that lies `buckets` buckets into the page. */
function edge(exponent: number, buckets: number, bits: number): number {
  DOUBLE[0] = 0
  WORDS[HIGH] = exponent << 20
  const start = DOUBLE[0]
  return (exponent & 0x7ff) === 0 ? start : start * (1 + buckets / 2 ** bits)
}
