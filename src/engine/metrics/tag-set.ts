/**
 * The tags of a sample. Interned: equal tags are one object, whatever the order they were added in, so a tag set is
 * a key of a map, and adding a tag that was added before is two look-ups and no allocation.
 */
export class TagSet {
  /** Sorted by key. */
  readonly tags: ReadonlyMap<string, string>
  readonly #interner: TagInterner
  readonly #children = new Map<string, Map<string, TagSet>>()

  constructor(interner: TagInterner, tags: ReadonlyMap<string, string>) {
    this.#interner = interner
    this.tags = tags
  }

  get(key: string): string | undefined {
    return this.tags.get(key)
  }

  /** These tags and one more, or with another value of it. */
  with(key: string, value: string): TagSet {
    const known = this.#children.get(key)?.get(value)
    if (known !== undefined) return known
    const admitted = this.#interner.admit(key, value)
    const child = this.#interner.intern(new Map(this.tags).set(key, admitted))
    // A value that was not admitted is not remembered either: there may be no end of them.
    if (admitted === value) {
      const children = this.#children.get(key) ?? new Map<string, TagSet>()
      this.#children.set(key, children.set(value, child))
    }
    return child
  }

  withAll(tags: Readonly<Record<string, string>>): TagSet {
    let result: TagSet = this
    for (const key in tags) result = result.with(key, tags[key] as string)
    return result
  }

  without(key: string): TagSet {
    const tags = new Map(this.tags)
    return tags.delete(key) ? this.#interner.intern(tags) : this
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.tags)
  }
}

/** Stands for the values of a tag past the bound. */
export const OTHER = '(other)'

/** How many values a tag may take, and how many tag sets there may be. */
export interface TagLimits {
  readonly valuesPerTag: number
  readonly tagSets: number
}

export const TAG_LIMITS: TagLimits = { valuesPerTag: 1_000, tagSets: 20_000 }

/**
 * Makes the tag sets of one run, and bounds their number: past `valuesPerTag` values of a tag, or `tagSets` sets,
 * further values become {@link OTHER}, with one warning a tag. Values that a threshold names are always admitted.
 * k6 has no such bound, and its users are told to set the `name` tag: so are ours, by the warning.
 */
export class TagInterner {
  readonly root: TagSet
  readonly #limits: TagLimits
  readonly #warn: (message: string) => void
  readonly #sets = new Map<string, TagSet>()
  readonly #values = new Map<string, Set<string>>()
  readonly #named = new Map<string, Set<string>>()
  readonly #warned = new Set<string>()

  constructor(limits: TagLimits, warn: (message: string) => void) {
    this.#limits = limits
    this.#warn = warn
    this.root = this.intern(new Map())
  }

  /** Values that a selector names. */
  reserve(key: string, value: string): void {
    const values = this.#named.get(key) ?? new Set()
    this.#named.set(key, values.add(value))
  }

  /** The value, or what stands for it past the bound. */
  admit(key: string, value: string): string {
    if (this.#named.get(key)?.has(value) === true) return value
    const values = this.#values.get(key) ?? new Set()
    if (this.#sets.size < this.#limits.tagSets) {
      if (values.has(value)) return value
      if (values.size < this.#limits.valuesPerTag) {
        this.#values.set(key, values.add(value))
        return value
      }
    }
    if (!this.#warned.has(key)) {
      this.#warned.add(key)
      const advice =
        key === 'url' || key === 'name'
          ? 'give the request a name: { tags: { name: … } }'
          : 'use fewer values'
      this.#warn(
        `The tag ${key} has more than ${values.size} values; further ones count as ${OTHER}: ${advice}`,
      )
    }
    return OTHER
  }

  intern(tags: ReadonlyMap<string, string>): TagSet {
    const sorted = [...tags].sort(([a], [b]) => (a < b ? -1 : 1))
    const id = JSON.stringify(sorted)
    const known = this.#sets.get(id)
    if (known !== undefined) return known
    const set = new TagSet(this, new Map(sorted))
    this.#sets.set(id, set)
    return set
  }
}
