/** What `http.expectedStatuses` makes: which statuses are no failure. */
export class ExpectedStatuses {
  readonly #ranges: readonly (readonly [number, number])[]

  constructor(ranges: readonly (readonly [number, number])[]) {
    this.#ranges = ranges
  }

  /** @param status 0 when no response came */
  matches(status: number): boolean {
    for (const [min, max] of this.#ranges) if (status >= min && status <= max) return true
    return false
  }
}

/** k6's default: 200 to 399. */
export const DEFAULT_EXPECTED = new ExpectedStatuses([[200, 399]])

/** @throws TypeError on an argument that is neither a whole number nor `{min, max}` */
export function expectedStatuses(...statuses: unknown[]): ExpectedStatuses {
  if (statuses.length === 0) throw new TypeError('no arguments')
  return new ExpectedStatuses(
    statuses.map((status, index) => {
      if (Number.isInteger(status)) return [status as number, status as number]
      if (typeof status === 'object' && status !== null && 'min' in status && 'max' in status) {
        const { min, max } = status
        if (Number.isInteger(min) && Number.isInteger(max)) return [min as number, max as number]
        throw new TypeError('both min and max need to be integers')
      }
      throw new TypeError(
        `argument number ${index + 1} to expectedStatuses was neither an integer nor an object like {min:100, max:329}`,
      )
    }),
  )
}
