import type { MetricType } from '../metrics/metric.ts'
import { percentileOf } from '../metrics/values.ts'

/** `p(95)<500`, taken apart. */
export interface ThresholdExpression {
  /** `p(95)`, `avg`, `count` … as k6 names the value; percentiles without spaces. */
  readonly aggregation: string
  readonly operator: Operator
  readonly value: number
}

/** Longer ones first: the first that is found in a text is the one that is meant. */
const OPERATORS = ['<=', '<', '>=', '>', '===', '==', '!='] as const
export type Operator = (typeof OPERATORS)[number]

/** What can be asked of each type of metric; a trend also has `p(N)`. */
export const AGGREGATIONS = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'max', 'med'],
} as const satisfies Record<MetricType, readonly string[]>

const NAMES = new Set<string>(Object.values(AGGREGATIONS).flat())

/**
 * Reads a threshold by k6's grammar: aggregation, operator, number, with spaces where one likes.
 * @returns the expression, or what is wrong with it
 */
export function parseThreshold(source: string): ThresholdExpression | string {
  const operator = OPERATORS.find((candidate) => source.includes(candidate))
  if (operator === undefined) return `it needs one of the operators ${OPERATORS.join(' ')}`
  const [left = '', ...right] = source.split(operator)
  const name = left.trim()
  const number = right.join(operator).trim()
  const percentile = percentileOf(name)
  if (percentile === undefined && !NAMES.has(name)) {
    return name.startsWith('p(')
      ? `${name} is not a percentile from p(0) to p(100)`
      : `${JSON.stringify(name)} is none of count, rate, value, avg, min, max, med, p(N)`
  }
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(number)) {
    return `${JSON.stringify(number)} is not a number`
  }
  return {
    aggregation: percentile === undefined ? name : `p(${percentile})`,
    operator,
    value: Number(number),
  }
}

export function compare(left: number, operator: Operator, right: number): boolean {
  switch (operator) {
    case '<=':
      return left <= right
    case '<':
      return left < right
    case '>=':
      return left >= right
    case '>':
      return left > right
    case '===':
    case '==':
      return left === right
    case '!=':
      return left !== right
  }
}
