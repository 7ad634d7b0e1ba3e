import type { RequestGroup } from '../../verdict/load-result.ts'

/**
 * What tells noise from a regression: a figure has regressed when its median got worse by more than each of a share of
 * the baseline, an absolute amount, the spread (largest minus smallest) of the baseline's own repeated runs, and what
 * the number of its samples leaves open. One bound alone cries wolf: a share over tiny figures, an amount over large
 * ones, both over a target that is unsteady, and all of them over the two slowest of four hundred requests.
 */
export interface Rule {
  /** Share of the baseline, 0.2 for a fifth. */
  readonly relative: number
  /** In the figure's unit. */
  readonly absolute: number
  readonly better: 'lower' | 'higher'
}

export const LATENCY_RULE: Rule = { relative: 0.2, absolute: 2, better: 'lower' }
export const RATE_RULE: Rule = { relative: 0.05, absolute: 0.5, better: 'higher' }
export const FAILURE_RULE: Rule = { relative: 0, absolute: 0.005, better: 'lower' }

type Change = 'regression' | 'improvement' | 'noise'

export interface FigureChange {
  readonly baseline: number
  readonly current: number
  /** Of the baseline's repeats; 0 where it ran once. */
  readonly spread: number
  /** What the change had to pass, in the figure's unit. */
  readonly bound: number
  readonly change: Change
}

/**
 * @param baseline @param current a figure of each repeated run; at least one
 * @param sampling by how much the baseline's figure may be wrong for the number of its samples, in the figure's unit
 */
export function judgeFigure(
  baseline: readonly number[],
  current: readonly number[],
  rule: Rule,
  sampling = 0,
): FigureChange {
  const before = median(baseline)
  const after = median(current)
  const spread = Math.max(...baseline) - Math.min(...baseline)
  const bound = Math.max(rule.relative * Math.abs(before), rule.absolute, spread, sampling)
  const worse = rule.better === 'lower' ? after - before : before - after
  return {
    baseline: before,
    current: after,
    spread,
    bound,
    change: worse > bound ? 'regression' : -worse > bound ? 'improvement' : 'noise',
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Two standard errors: in 19 of 20 samples of the same target the percentile lies within. */
const STANDARD_ERRORS = 2

/**
 * How far above itself a percentile of so many samples may lie by chance, in ms: the value at the percentile that lies
 * two standard errors of its rank higher. Of 450 requests the 99.5th percentile may be any of the slowest six.
 * @param percentile 0 to 100
 */
export function samplingError(
  { count, points }: Pick<RequestGroup, 'count' | 'points'>,
  percentile: number,
): number {
  if (count === 0) return 0
  const share = percentile / 100
  const error = STANDARD_ERRORS * Math.sqrt((share * (1 - share)) / count)
  return Math.max(0, valueAt(points, Math.min(100, percentile + error * 100)) - valueAt(points, percentile))
}

/** Of a curve, linear between its points; past the last but one, the slowest of all. */
function valueAt(points: RequestGroup['points'], percentile: number): number {
  const above = points.findIndex(([each]) => each >= percentile)
  const [highPercentile, high] = points[above] ?? points.at(-1) ?? [100, 0]
  const [lowPercentile, low] = points[above - 1] ?? [highPercentile, high]
  if (highPercentile === lowPercentile) return high
  return low + ((high - low) * (percentile - lowPercentile)) / (highPercentile - lowPercentile)
}
