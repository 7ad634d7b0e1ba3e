import type { LoadResult } from '../../verdict/load-result.ts'

type Sample = LoadResult['samples'][number]

/** So many exchanges are kept of each kind of failure. */
const PER_KIND = 3

/**
 * The first exchanges of each kind of failure: of a check by its name, of a request by its error. Bounded. An exchange
 * is made, and redacted, only where it is {@link wants | wanted}.
 */
export class FailureSamples {
  readonly #byKind = new Map<string, Sample[]>()
  readonly #kinds: number

  /** @param kinds how many kinds are sampled; further ones are not */
  constructor(kinds = 100) {
    this.#kinds = kinds
  }

  wants(of: Sample['of'], name: string): boolean {
    const known = this.#byKind.get(keyOf({ of, name }))
    return known === undefined ? this.#byKind.size < this.#kinds : known.length < PER_KIND
  }

  add(sample: Sample): void {
    if (!this.wants(sample.of, sample.name)) return
    const key = keyOf(sample)
    const known = this.#byKind.get(key)
    if (known === undefined) this.#byKind.set(key, [sample])
    else known.push(sample)
  }

  all(): Sample[] {
    return [...this.#byKind.values()].flat()
  }

  /** Adds those of another worker: the earliest stay. */
  merge(samples: readonly Sample[]): void {
    const earliest = [...this.all(), ...samples].toSorted((a, b) => atMs(a) - atMs(b))
    this.#byKind.clear()
    for (const sample of earliest) this.add(sample)
  }
}

function keyOf({ of, name }: Pick<Sample, 'of' | 'name'>): string {
  return `${of} ${name}`
}

function atMs({ exchange }: Sample): number {
  return exchange.load?.atMs ?? 0
}
