/** A provider state was asked for with a wrong parameter; the message names the parameter, the rule and the value. */
export class ParameterError extends Error {
  /** As the sender wrote it: `state`, `params.count`. */
  readonly parameter: string

  constructor(parameter: string, rule: string, value: unknown) {
    super(`${parameter} ${rule}; got ${shown(value)}`)
    this.name = 'ParameterError'
    this.parameter = parameter
  }
}

/** A value as JSON, of bounded length. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing'
  return json.length > 100 ? `${json.slice(0, 100)}…` : json
}

/** Reads the parameters of one state; every one that the state does not read is a mistake. */
export class Parameters {
  readonly #given: Record<string, unknown>

  /** @throws {ParameterError} a parameter that is not among `known` */
  constructor(given: Record<string, unknown>, known: readonly string[]) {
    for (const [name, value] of Object.entries(given)) {
      if (!known.includes(name)) {
        const rule =
          known.length === 0
            ? 'is unknown: this state takes no parameters'
            : `is unknown: this state takes ${known.join(', ')}`
        throw new ParameterError(`params.${name}`, rule, value)
      }
    }
    this.#given = given
  }

  /** @throws {ParameterError} */
  whole(name: string, least: number, most: number, absent?: number): number {
    const value = this.#given[name] ?? absent
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw new ParameterError(`params.${name}`, `must be a whole number from ${least} to ${most}`, value)
    }
    return value
  }

  /** @throws {ParameterError} */
  number(name: string, least: number, most: number): number {
    const value = this.#given[name]
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      throw new ParameterError(`params.${name}`, `must be a number from ${least} to ${most}`, value)
    }
    return value
  }

  /** @throws {ParameterError} */
  customerKind(): 'guest' | 'registered' {
    const value = this.#given.customer
    if (value !== 'guest' && value !== 'registered') {
      throw new ParameterError('params.customer', 'must be "guest" or "registered"', value)
    }
    return value
  }
}
