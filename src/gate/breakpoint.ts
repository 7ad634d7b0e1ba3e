/** What a run at one rate came to; `not evaluated`: the generator itself could not keep up, or nothing was measured. */
export type RateVerdict = 'held' | 'broken' | 'not evaluated'

export interface BreakpointOptions {
  /** Iterations per second of the first run, a whole number of at least 1. */
  readonly startRate: number
  /** No run is faster, iterations per second. */
  readonly maxRate: number
  /** How often the search is repeated, to see the spread; at least 1. */
  readonly trials: number
  /** The search ends when the bounds are this close, as a part of the lower one; default 0.05. */
  readonly resolution?: number
  /** Runs the load at a rate and says whether all thresholds held. */
  readonly holds: (rate: number) => Promise<RateVerdict>
}

interface Trial {
  /** The highest rate that held; 0: none did. */
  readonly rate: number
  /** What ended the search: the target broke a threshold, the generator was at its end, or the limit was reached. */
  readonly endedBy: 'target' | 'generator' | 'maxRate'
  /** Every run of the trial, in order. */
  readonly runs: readonly { readonly rate: number; readonly verdict: RateVerdict }[]
}

export interface Breakpoint {
  /** The median of the trials (the lower one of two): whole iterations per second. */
  readonly rate: number
  /** The spread of the trials. */
  readonly lowest: number
  readonly highest: number
  readonly trials: readonly Trial[]
}

/**
 * Searches the highest rate that holds: doubles until a run does not hold, then halves the interval between the last
 * rate that held and the first that did not. Where the first rate does not hold, it halves until one does.
 *
 * A target near its limit holds by chance, so the search is repeated; a later trial begins at half of the last result.
 * @throws {RangeError} an option is out of its range
 */
export async function searchBreakpoint(options: BreakpointOptions): Promise<Breakpoint> {
  check(options)
  const trials: Trial[] = []
  let startRate = options.startRate
  for (let trial = 0; trial < options.trials; trial++) {
    const found = await searchOnce({ ...options, startRate })
    trials.push(found)
    startRate = Math.min(options.maxRate, Math.max(1, Math.floor(found.rate / 2)))
  }
  const rates = trials.map(({ rate }) => rate).sort((a, b) => a - b)
  const [lowest = 0] = rates
  return {
    rate: rates[(rates.length - 1) >> 1] ?? lowest,
    lowest,
    highest: rates.at(-1) ?? lowest,
    trials,
  }
}

async function searchOnce({
  startRate,
  maxRate,
  resolution = 0.05,
  holds,
}: BreakpointOptions): Promise<Trial> {
  const runs: Trial['runs'][number][] = []
  /** The highest rate that held, and the lowest that did not. */
  let held = 0
  let failed: Trial['runs'][number] | undefined
  let rate = startRate
  while (true) {
    const verdict = await holds(rate)
    runs.push({ rate, verdict })
    if (verdict === 'held') held = rate
    else failed = { rate, verdict }
    if (failed === undefined) {
      if (held === maxRate) return { rate: held, endedBy: 'maxRate', runs }
      rate = Math.min(maxRate, held * 2)
      continue
    }
    if (failed.rate - held <= Math.max(1, held * resolution)) {
      return { rate: held, endedBy: failed.verdict === 'broken' ? 'target' : 'generator', runs }
    }
    rate = Math.floor((held + failed.rate) / 2)
  }
}

function check({ startRate, maxRate, trials, resolution = 0.05 }: BreakpointOptions): void {
  const rules: [string, boolean, unknown][] = [
    [
      'startRate must be a whole number of at least 1',
      Number.isInteger(startRate) && startRate >= 1,
      startRate,
    ],
    [
      'maxRate must be a whole number of at least startRate',
      Number.isInteger(maxRate) && maxRate >= startRate,
      maxRate,
    ],
    ['trials must be a whole number of at least 1', Number.isInteger(trials) && trials >= 1, trials],
    ['resolution must be above 0 and below 1', resolution > 0 && resolution < 1, resolution],
  ]
  for (const [rule, holds, value] of rules) {
    if (!holds) throw new RangeError(`${rule}; it is ${String(value)}`)
  }
}
