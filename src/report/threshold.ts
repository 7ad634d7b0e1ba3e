import type { LoadResult } from '../verdict/load-result.ts'

type Threshold = LoadResult['thresholds'][number]

/** A threshold as a reader sees it. */
export interface ThresholdFigures {
  /** `p(95) < 800 ms` */
  readonly rule: string
  /** `12.3 ms`; absent where there were no samples. */
  readonly actual?: string
  /** How much of the bound is left, as a share of it; below 0 where it was crossed. Absent where the bound is 0 or met exactly. */
  readonly margin?: number
}

const EXPRESSION = /^\s*([\w.()]+)\s*(<=|>=|<|>|===?|!==?)\s*(-?[\d.]+)\s*$/

/** The parts of k6's expression; `undefined` for one that is none of ours, which is then shown as it is. */
function parse(expression: string): { stat: string; operator: string; bound: number } | undefined {
  const [, stat, operator, bound] = EXPRESSION.exec(expression) ?? []
  return stat === undefined || operator === undefined || bound === undefined
    ? undefined
    : { stat, operator, bound: Number(bound) }
}

export function thresholdFigures(
  { metric, expression, actual }: Threshold,
  { metrics }: Pick<LoadResult, 'metrics'>,
): ThresholdFigures {
  const parsed = parse(expression)
  if (parsed === undefined)
    return { rule: expression, ...(actual !== undefined && { actual: String(actual) }) }
  const { stat, operator, bound } = parsed
  const kind = metrics[metric] ?? metrics[metric.replace(/\{.*/s, '')]
  const show = (value: number) => withUnit(value, stat, kind)
  const upper = operator.startsWith('<')
  const margin =
    // Counts are met or not: how many more there were says nothing of the target.
    actual === undefined || bound === 0 || kind?.type === 'counter' || !/^[<>]/.test(operator)
      ? undefined
      : (upper ? bound - actual : actual - bound) / Math.abs(bound)
  return {
    rule: `${stat} ${operator} ${show(bound)}`,
    ...(actual !== undefined && { actual: show(actual) }),
    ...(margin !== undefined && { margin }),
  }
}

function withUnit(value: number, stat: string, kind: LoadResult['metrics'][string] | undefined): string {
  if (kind?.type === 'rate') return `${figure(value * 100)} %`
  if (kind?.type === 'counter' && stat === 'rate') return `${figure(value)}/s`
  if (kind?.contains === 'time') return `${figure(value)} ms`
  return kind?.contains === 'data' ? `${figure(value)} B` : figure(value)
}

/** The tightest of the scenario's bounds on times and rates, and whether one was crossed. */
export function tightest(load: LoadResult): { threshold: Threshold; margin: number } | undefined {
  return load.thresholds
    .flatMap((threshold) => {
      const { margin } = thresholdFigures(threshold, load)
      return margin === undefined ? [] : [{ threshold, margin }]
    })
    .toSorted((a, b) => a.margin - b.margin)[0]
}

/** The bounds in ms on a percentile of an auth type's requests. */
export function latencyBounds({ thresholds }: Pick<LoadResult, 'thresholds'>): {
  auth: string | undefined
  stat: string
  ms: number
}[] {
  return thresholds.flatMap(({ metric, expression }) => {
    const parsed = parse(expression)
    if (parsed === undefined || !metric.startsWith('http_req_duration')) return []
    if (!parsed.operator.startsWith('<')) return []
    const auth = /[{,]\s*auth:([^,}]+)/.exec(metric)?.[1]
    return [{ auth, stat: parsed.stat, ms: parsed.bound }]
  })
}

/** At most four digits that say something. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return String(value)
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}
