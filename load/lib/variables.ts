/** The environment as k6 gives it: `__ENV`. */
export type Environment = Readonly<Record<string, string | undefined>>

interface Bounds {
  readonly min?: number
  readonly max?: number
}

/**
 * Reads environment variables and remembers every one that is missing or wrong; `done` throws them all at once.
 * A variable that is set to nothing counts as not set. Until `done` was called, a wrong variable has its default.
 */
export class Variables {
  readonly #environment: Environment
  readonly #problems: string[] = []

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** @throws {Error} naming each wrong variable, its rule and its value */
  done(): void {
    if (this.#problems.length > 0) throw new Error(`wrong settings:\n  ${this.#problems.join('\n  ')}`)
  }

  /** Notes a problem that only the script can see, such as two variables that exclude each other. */
  problem(text: string): void {
    this.#problems.push(text)
  }

  text(name: string): string | undefined {
    const value = this.#environment[name]
    return value === undefined || value === '' ? undefined : value
  }

  required(name: string, what: string): string {
    const value = this.text(name)
    if (value === undefined) this.problem(`${name} must be set: ${what}`)
    return value ?? ''
  }

  number(name: string, bounds: Bounds = {}): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
    if (within(value, bounds)) return value
    this.#refuse(name, `be a number${phrase(bounds)}`, text)
    return undefined
  }

  integer(name: string, bounds: Bounds = {}): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
    if (within(value, bounds)) return value
    this.#refuse(name, `be a whole number${phrase(bounds)}`, text)
    return undefined
  }

  /** A part of the whole, from 0 to 1. */
  share(name: string): number | undefined {
    return this.number(name, { min: 0, max: 1 })
  }

  /**
   * k6's way to write a time, such as `30s`, `1m30s` or `250ms`.
   * @returns ms
   */
  duration(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = parseDuration(text)
    if (value === undefined) this.#refuse(name, 'be a time such as 30s, 1m30s or 250ms', text)
    return value
  }

  /** How long a k6 scenario lasts, ms: k6 takes none of less than a second. `zero` allows for none at all. */
  length(name: string, zero: 'zero' | 'never zero'): number | undefined {
    const value = this.duration(name)
    if (value === undefined || value >= 1000 || (value === 0 && zero === 'zero')) return value
    this.#refuse(name, zero === 'zero' ? 'be 0s or at least 1s' : 'be at least 1s', this.text(name) ?? '')
    return undefined
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = choices.find((choice) => choice === text)
    if (value === undefined) this.#refuse(name, `be one of ${choices.join(', ')}`, text)
    return value
  }

  flag(name: string): boolean {
    return this.choice(name, ['true', 'false']) === 'true'
  }

  /** @param reader gives the value, or throws an Error whose message ends the sentence "NAME must …" */
  json<Value>(name: string, reader: (value: unknown) => Value): Value | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      this.#refuse(name, 'be JSON', text)
      return undefined
    }
    try {
      return reader(value)
    } catch (error) {
      this.#refuse(name, error instanceof Error ? error.message : String(error), text)
      return undefined
    }
  }

  #refuse(name: string, rule: string, value: string): void {
    this.problem(`${name} must ${rule}; it is "${value}"`)
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60000, h: 3600000 }

/** @returns ms; undefined for anything that is not a time */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN)
  }
  return total
}

function within(value: number, { min = -Infinity, max = Infinity }: Bounds): boolean {
  return value >= min && value <= max
}

function phrase({ min, max }: Bounds): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of at least ${min}`
  return max === undefined ? '' : ` of at most ${max}`
}
