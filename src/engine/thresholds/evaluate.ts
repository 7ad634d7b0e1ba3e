import { HarnessError } from '../../verdict/errors.ts'
import { suggestion } from '../../verdict/suggestion.ts'
import type { Verdict } from '../../verdict/verdict.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import { isBuiltIn, type Metric, type MetricRegistry } from '../metrics/registry.ts'
import { parseSelector, type Selector } from '../metrics/selector.ts'
import { statOf } from '../metrics/values.ts'
import type { MetricThresholds, Threshold } from '../options/options.ts'
import { member } from '../options/reader.ts'
import {
  AGGREGATIONS,
  compare,
  parseThreshold,
  type ThresholdExpression,
} from '../options/threshold-expression.ts'

export interface ThresholdResult {
  /** With its tag selector, as the script wrote it. */
  readonly metric: string
  readonly expression: string
  readonly verdict: Extract<Verdict, 'held' | 'broken' | 'not evaluated'>
  /** The value that was compared; absent when there was none. */
  readonly actual?: number
  /** Broken, with `abortOnFail`, and `delayAbortEval` is over: the run must stop. */
  readonly abort: boolean
}

/** The thresholds of a run, bound to its metrics. */
export class Thresholds {
  readonly #registry: MetricRegistry
  readonly #bound: readonly Bound[]

  /**
   * Call when the script's own metrics are known.
   * @throws {HarnessError} CONFIG SCRIPT_THRESHOLDS with everything that is wrong: an unknown metric, a value that
   *   the metric's type does not have, a malformed selector or expression
   */
  constructor(registry: MetricRegistry, thresholds: readonly MetricThresholds[]) {
    this.#registry = registry
    const results = thresholds.flatMap(({ metric, thresholds: own }) =>
      own.map((threshold) => bind(registry, metric, threshold)),
    )
    const errors = results.filter((result) => typeof result === 'string')
    if (errors.length > 0) {
      throw new HarnessError('CONFIG', 'SCRIPT_THRESHOLDS', [...new Set(errors)].join('\n'), {
        remedy: 'Correct options.thresholds in the script.',
      })
    }
    this.#bound = results.filter((result) => typeof result !== 'string')
  }

  /**
   * On all samples since the start. A threshold over no samples is not evaluated, since a typo in a tag would
   * otherwise hold for ever. A counter that the engine itself keeps is the exception: that nothing was dropped is
   * known without a sample, and so is that no request had a status, once requests have been tagged with theirs.
   * @param elapsedMs since the start of the test
   */
  evaluate(elapsedMs: number): ThresholdResult[] {
    return this.#bound.map(({ metric, selector, threshold, expression }) => {
      const sink = this.#registry.total(metric, selector.tags.size === 0 ? undefined : selector)
      const named = { metric: selector.source, expression: threshold.expression }
      if (sink.samples === 0 && !isKnownZero(metric, selector, this.#registry)) {
        return { ...named, verdict: 'not evaluated', abort: false }
      }
      const actual = statOf(sink, expression.aggregation, elapsedMs)
      const held = compare(actual, expression.operator, expression.value)
      return {
        ...named,
        verdict: held ? 'held' : 'broken',
        actual,
        abort: !held && threshold.abortOnFail && elapsedMs >= threshold.delayAbortEval,
      }
    })
  }
}

interface Bound {
  readonly metric: Metric
  readonly selector: Selector
  readonly threshold: Threshold
  readonly expression: ThresholdExpression
}

function bind(registry: MetricRegistry, source: string, threshold: Threshold): Bound | string {
  const named = `options.thresholds${member(source)}`
  const selector = parseSelector(source)
  if (typeof selector === 'string') return `${named}: ${selector}`
  const metric = registry.get(selector.metric)
  if (metric === undefined) {
    const names = registry.metrics().map(({ name }) => name)
    return `${named}: there is no metric ${selector.metric}${suggestion(selector.metric, names)}`
  }
  const expression = parseThreshold(threshold.expression)
  if (typeof expression === 'string') {
    return `${named}: the threshold ${JSON.stringify(threshold.expression)} is malformed: ${expression}`
  }
  const isPercentile = expression.aggregation.startsWith('p(')
  const aggregations: readonly string[] = AGGREGATIONS[metric.type]
  if (isPercentile ? metric.type !== 'trend' : !aggregations.includes(expression.aggregation)) {
    return (
      `${named}: ${metric.name} is a ${metric.type}, which has no ${expression.aggregation}; it has ` +
      [...aggregations, ...(metric.type === 'trend' ? ['p(N)'] : [])].join(', ')
    )
  }
  return { metric, selector, threshold, expression }
}

/**
 * Is the count of the engine's own counter 0 as a fact, without a sample that says so? That nothing was dropped is
 * the usual case, of any part of the run; of other counters the samples must show that they are tagged so at all.
 */
function isKnownZero(metric: Metric, selector: Selector, registry: MetricRegistry): boolean {
  if (metric.type !== 'counter' || !isBuiltIn(metric)) return false
  if (selector.tags.size === 0) return true
  if (registry.total(metric).samples === 0) return metric.name === BUILT_IN.droppedIterations.name
  return [...selector.tags.keys()].every((key) => metric.tagKeys.has(key))
}
