import type { LoadResult } from '../../verdict/load-result.ts'
import { durationOf } from '../executors/table.ts'
import type { Histogram } from '../metrics/histogram.ts'
import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import { TrendSink } from '../metrics/sink.ts'
import { type TrendStat, trendValues } from '../metrics/values.ts'
import { isOpen, type Options } from '../options/options.ts'
import type { ThresholdResult } from '../thresholds/evaluate.ts'
import { summarizeMetrics } from './data.ts'

/** What a run knows beside its measurements. */
export interface RunFacts {
  readonly scenario: string
  readonly profile: string
  readonly engine: LoadResult['engine']
  readonly engineVersion: string
  readonly startedAt: Date
  /** From the first planned start to the last end of an iteration, without `setup` and `teardown`. */
  readonly durationMs: number
  readonly interrupted: boolean
  readonly stopped?: NonNullable<LoadResult['stopped']>
  /** The most VUs that were active at once. */
  readonly maxVus: number
  readonly options: Options
  readonly thresholds: readonly ThresholdResult[]
  readonly generator: Omit<LoadResult['generator'], 'delayFromPlanP99Ms' | 'lateStarts' | 'droppedIterations'>
}

/** The result of a run, as reports and the verdict read it. */
export function toLoadResult(measurements: Measurements, facts: RunFacts): LoadResult {
  const { registry, iterations } = measurements
  const { options, durationMs, thresholds } = facts
  const openMs = openTime(options)
  const delay = trend(measurements, BUILT_IN.delayFromPlan.name)
  return {
    scenario: facts.scenario,
    profile: facts.profile,
    engine: facts.engine,
    engineVersion: facts.engineVersion,
    startedAt: facts.startedAt.toISOString(),
    durationMs,
    interrupted: facts.interrupted,
    ...(facts.stopped && { stopped: facts.stopped }),
    iterations: {
      ...(openMs !== undefined && {
        planned: iterations.planned,
        completedOfPlan: iterations.completedOfPlan,
      }),
      completed: iterations.completed,
      interrupted: iterations.interrupted,
      failed: iterations.failed,
    },
    rate: rates(measurements, durationMs, openMs),
    maxVus: facts.maxVus,
    checks: checksByName(measurements),
    thresholds: thresholds.map(({ abort: _, ...result }) => result),
    metrics: Object.fromEntries(
      Object.entries(
        summarizeMetrics(measurements, { options: withTail(options), durationMs, thresholds }),
      ).map(([name, { type, contains, values }]) => [name, { type, contains, values: { ...values } }]),
    ),
    series: measurements.intervals.points(),
    requests: requestGroups(measurements),
    curves: curves(measurements),
    samples: measurements.samples.all(),
    errors: measurements.errors(),
    exceptions: measurements.exceptions.entries().map(([message, count]) => ({ message, count })),
    generator: {
      ...facts.generator,
      ...(delay !== undefined && { delayFromPlanP99Ms: delay.percentile(99) }),
      lateStarts: iterations.late,
      droppedIterations: valueOfCounter(registry, BUILT_IN.droppedIterations.name),
    },
  }
}

/** What every trend is told by, beside what the script asks for: k6's own choice has no percentile past the 95th. */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'p(99.5)'] as const

function withTail(options: Options): Options {
  return {
    ...options,
    summaryTrendStats: [...new Set<TrendStat>([...TREND_STATS, ...options.summaryTrendStats])],
  }
}

/** Planned and achieved of the same iterations, in the same time: of the open executors, where there are any. */
function rates(
  { iterations }: Measurements,
  durationMs: number,
  openMs: number | undefined,
): LoadResult['rate'] {
  if (openMs === undefined) return { achieved: perSecond(iterations.completed, durationMs) }
  // The last iterations end after the last start: to count that time in would show a rate that was met as missed.
  const ms = Math.min(durationMs, openMs)
  return {
    planned: perSecond(iterations.planned, ms),
    achieved: perSecond(iterations.completedOfPlan, ms),
  }
}

/** How long open executors start iterations, ms; `undefined` when there are none. */
function openTime({ scenarios }: Options): number | undefined {
  const open = scenarios
    .filter(isOpen)
    .map((scenario) => ({ from: scenario.startTime, to: scenario.startTime + durationOf(scenario) }))
    .toSorted((a, b) => a.from - b.from)
  if (open.length === 0) return undefined
  let total = 0
  let until = 0
  for (const { from, to } of open) {
    total += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return total
}

function perSecond(count: number, ms: number): number {
  return ms > 0 ? count / (ms / 1000) : 0
}

/** A check that runs in several groups is one check. */
function checksByName({ checks }: Measurements): LoadResult['checks'] {
  const byName = new Map<string, LoadResult['checks'][number]>()
  for (const { name, passes, fails } of checks.checks()) {
    const sum = byName.get(name) ?? { name, passes: 0, fails: 0 }
    byName.set(name, { name, passes: sum.passes + passes, fails: sum.fails + fails })
  }
  return [...byName.values()]
}

/** By auth type and phase, in the order in which they came. */
function requestGroups({ requests, intervals }: Measurements): LoadResult['requests'] {
  const sent = requests.all().filter(({ durations }) => durations.count > 0)
  return sent.map((group) => {
    const { auth, phase, durations, failed } = group
    return {
      ...(auth !== undefined && { auth }),
      ...(phase !== undefined && { phase }),
      count: durations.count,
      failed,
      values: trendValues(durations, TREND_STATS),
      points: curve(durations),
      series: intervals.requestPoints(group),
    }
  })
}

/** Of iterations, by each selector of the thresholds. */
function curves(measurements: Measurements): LoadResult['curves'] {
  const { registry } = measurements
  return [BUILT_IN.iterationDuration, BUILT_IN.latencyFromPlan, BUILT_IN.delayFromPlan]
    .map(({ name }) => registry.get(name))
    .filter((metric) => metric !== undefined)
    .flatMap((metric) =>
      [undefined, ...metric.selectors].map((selector) => ({
        label: selector?.source ?? metric.name,
        sink: registry.total(metric, selector),
      })),
    )
    .filter(({ sink }) => sink.samples > 0)
    .map(({ label, sink }) => ({
      label,
      count: sink.samples,
      points: sink.type === 'trend' ? curve(sink.histogram) : [],
    }))
}

/** Finer towards the tail, and not beyond what so many samples can tell. */
const PERCENTILES = [
  ...Array.from({ length: 19 }, (_, index) => index * 5),
  ...Array.from({ length: 9 }, (_, index) => 91 + index),
  ...Array.from({ length: 9 }, (_, index) => (991 + index) / 10),
  99.95,
  99.99,
  99.999,
  100,
]

function curve(histogram: Histogram): [number, number][] {
  return PERCENTILES.filter((p) => p === 100 || (1 - p / 100) * histogram.count >= 1 || p < 90).map((p) => [
    p,
    histogram.percentile(p),
  ])
}

function trend({ registry }: Measurements, name: string): Histogram | undefined {
  const metric = registry.get(name)
  const sink = metric && registry.total(metric)
  return sink instanceof TrendSink && sink.samples > 0 ? sink.histogram : undefined
}

function valueOfCounter(registry: Measurements['registry'], name: string): number {
  const metric = registry.get(name)
  const sink = metric && registry.total(metric)
  return sink?.type === 'counter' ? sink.count : 0
}
