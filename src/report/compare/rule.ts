/**
 * What tells noise from a regression: a figure has regressed when its median got worse by more than each of a share of
 * the baseline, an absolute amount, and the spread (largest minus smallest) of the baseline's own repeated runs. One
 * bound alone cries wolf: a share over tiny figures, an amount over large ones, both over a target that is unsteady.
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

/** @param baseline @param current a figure of each repeated run; at least one */
export function judgeFigure(
  baseline: readonly number[],
  current: readonly number[],
  rule: Rule,
): FigureChange {
  const before = median(baseline)
  const after = median(current)
  const spread = Math.max(...baseline) - Math.min(...baseline)
  const bound = Math.max(rule.relative * Math.abs(before), rule.absolute, spread)
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
