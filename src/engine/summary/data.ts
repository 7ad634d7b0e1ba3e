import { createHash } from 'node:crypto'
import { GROUP_SEPARATOR } from '../metrics/checks.ts'
import type { Measurements } from '../metrics/measurements.ts'
import type { MetricContains, MetricType } from '../metrics/metric.ts'
import { valuesOf } from '../metrics/values.ts'
import type { Options } from '../options/options.ts'
import type { ThresholdResult } from '../thresholds/evaluate.ts'

/** What `handleSummary` gets: k6's shape, member for member. */
export interface SummaryData {
  readonly root_group: SummaryGroup
  readonly options: {
    readonly summaryTrendStats: readonly string[]
    readonly summaryTimeUnit: string
    readonly noColor: boolean
  }
  readonly state: {
    readonly isStdOutTTY: boolean
    readonly isStdErrTTY: boolean
    readonly testRunDurationMs: number
  }
  /** Submetrics under their full name. */
  readonly metrics: Readonly<Record<string, SummaryMetric>>
  /** As `setup` returned it: credentials too, as in k6. Never written by the harness itself. */
  readonly setup_data: unknown
}

export interface SummaryMetric {
  readonly type: MetricType
  readonly contains: MetricContains
  readonly values: Readonly<Record<string, number>>
  /** `ok` is false for a threshold that was not evaluated: it did not hold. */
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>
}

export interface SummaryGroup {
  readonly name: string
  readonly path: string
  readonly id: string
  readonly groups: readonly SummaryGroup[]
  readonly checks: readonly SummaryCheck[]
}

export interface SummaryCheck {
  readonly name: string
  readonly path: string
  readonly id: string
  readonly passes: number
  readonly fails: number
}

export interface SummaryFacts {
  readonly options: Options
  readonly durationMs: number
  readonly thresholds: readonly ThresholdResult[]
  readonly noColor?: boolean
  readonly isStdOutTTY?: boolean
  readonly isStdErrTTY?: boolean
  readonly setupData?: unknown
}

/** The end-of-test summary as data. */
export function summarize(measurements: Measurements, facts: SummaryFacts): SummaryData {
  const { options, durationMs } = facts
  return {
    root_group: groupTree(measurements),
    options: {
      summaryTrendStats: options.summaryTrendStats,
      summaryTimeUnit: options.summaryTimeUnit ?? '',
      noColor: facts.noColor ?? false,
    },
    state: {
      isStdOutTTY: facts.isStdOutTTY ?? false,
      isStdErrTTY: facts.isStdErrTTY ?? false,
      testRunDurationMs: durationMs,
    },
    metrics: summarizeMetrics(measurements, facts),
    setup_data: facts.setupData,
  }
}

/** Metrics with samples, and those that a threshold names; each followed by its submetrics. */
export function summarizeMetrics(
  { registry }: Measurements,
  { options, durationMs, thresholds }: Pick<SummaryFacts, 'options' | 'durationMs' | 'thresholds'>,
): Record<string, SummaryMetric> {
  const result: Record<string, SummaryMetric> = {}
  for (const metric of registry.metrics()) {
    for (const selector of [undefined, ...metric.selectors]) {
      const name = selector?.source ?? metric.name
      const own = thresholds.filter((threshold) => threshold.metric === name)
      const sink = registry.total(metric, selector)
      if (sink.samples === 0 && own.length === 0) continue
      result[name] = {
        type: metric.type,
        contains: metric.contains,
        values: valuesOf(sink, options.summaryTrendStats, durationMs),
        ...(own.length > 0 && {
          thresholds: Object.fromEntries(
            own.map(({ expression, verdict }) => [expression, { ok: verdict === 'held' }]),
          ),
        }),
      }
    }
  }
  return result
}

function groupTree({ checks }: Measurements): SummaryGroup {
  const paths = checks.groups()
  const counts = checks.checks()
  const tree = (path: string): SummaryGroup => ({
    name: path.split(GROUP_SEPARATOR).at(-1) ?? '',
    path,
    id: idOf(path),
    groups: paths
      .filter(
        (other) => other.slice(0, Math.max(0, other.lastIndexOf(GROUP_SEPARATOR))) === path && other !== path,
      )
      .map(tree),
    checks: counts
      .filter(({ group }) => group === path)
      .map(({ name, passes, fails }) => {
        const full = `${path}${GROUP_SEPARATOR}${name}`
        return { name, path: full, id: idOf(full), passes, fails }
      }),
  })
  return tree('')
}

/** k6's ids of groups and checks: the MD5 sum of the path. */
function idOf(path: string): string {
  return createHash('md5').update(path).digest('hex')
}
