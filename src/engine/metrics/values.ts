import type { Histogram } from './histogram.ts'
import type { CounterSink, Sink } from './sink.ts'

/** `p(N)` holds a percentile from 0 to 100. */
export type TrendStat = 'avg' | 'min' | 'med' | 'max' | 'count' | `p(${number})`

/**
 * k6's values of a metric in the end-of-test summary, by name: counter `count`, `rate` (per second); gauge `value`,
 * `min`, `max`; rate `rate`, `passes`, `fails`; trend as `stats` asks. 0 where there are no samples.
 * @param elapsedMs the duration of the run, which the rate of a counter needs
 */
export function valuesOf(sink: Sink, stats: readonly TrendStat[], elapsedMs: number): Record<string, number> {
  switch (sink.type) {
    case 'counter':
      return { count: sink.count, rate: rateOf(sink, elapsedMs) }
    case 'gauge':
      return sink.samples === 0
        ? { value: 0, min: 0, max: 0 }
        : { value: sink.value, min: sink.min, max: sink.max }
    case 'rate':
      return {
        rate: sink.samples === 0 ? 0 : sink.trues / sink.samples,
        passes: sink.trues,
        fails: sink.samples - sink.trues,
      }
    case 'trend':
      return trendValues(sink.histogram, stats)
  }
}

/** One of the values of {@link valuesOf}; a percentile of any rank. `undefined` when the type has no such value. */
export function statOf(sink: Sink, stat: string, elapsedMs: number): number {
  if (sink.type !== 'trend') return valuesOf(sink, [], elapsedMs)[stat] ?? Number.NaN
  return trendValue(sink.histogram, stat)
}

/** Values of a distribution, by name. */
export function trendValues(histogram: Histogram, stats: readonly TrendStat[]): Record<string, number> {
  return Object.fromEntries(stats.map((stat) => [stat, trendValue(histogram, stat)]))
}

function trendValue(histogram: Histogram, stat: string): number {
  if (histogram.count === 0) return 0
  switch (stat) {
    case 'avg':
      return histogram.mean
    case 'min':
      return histogram.min
    case 'max':
      return histogram.max
    case 'med':
      return histogram.percentile(50)
    case 'count':
      return histogram.count
    default:
      return histogram.percentile(percentileOf(stat) ?? Number.NaN)
  }
}

/** The N of `p(N)`, 0 to 100; `undefined` when the text is not of that form. */
export function percentileOf(stat: string): number | undefined {
  const digits = /^p\(\s*(\d+(?:\.\d+)?|\.\d+)\s*\)$/.exec(stat)?.[1]
  if (digits === undefined) return undefined
  const percentile = Number(digits)
  return percentile <= 100 ? percentile : undefined
}

function rateOf({ count }: CounterSink, elapsedMs: number): number {
  return elapsedMs > 0 ? count / (elapsedMs / 1000) : 0
}
