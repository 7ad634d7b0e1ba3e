import type { LoadResult } from '../../verdict/load-result.ts'
import { durationOf } from '../executors/table.ts'
import type { Histogram } from '../metrics/histogram.ts'
import type { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import { TrendSink } from '../metrics/sink.ts'
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
  const plans = options.scenarios.some(isOpen)
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
      ...(plans && { planned: iterations.planned }),
      completed: iterations.completed,
      interrupted: iterations.interrupted,
      failed: iterations.failed,
    },
    rate: {
      ...(openMs !== undefined && { planned: perSecond(iterations.planned, openMs) }),
      // The last iterations end after the last start: to count that time in would show a rate that was met as missed.
      achieved: perSecond(iterations.completed, Math.min(durationMs, openMs ?? durationMs)),
    },
    maxVus: facts.maxVus,
    checks: checksByName(measurements),
    thresholds: thresholds.map(({ abort: _, ...result }) => result),
    metrics: Object.fromEntries(
      Object.entries(summarizeMetrics(measurements, { options, durationMs, thresholds })).map(
        ([name, { type, contains, values }]) => [name, { type, contains, values: { ...values } }],
      ),
    ),
    series: measurements.intervals.points(),
    curves: curves(measurements),
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

/** In which open executors start iterations, ms; `undefined` when there are none, or closed ones as well. */
function openTime({ scenarios }: Options): number | undefined {
  if (scenarios.length === 0 || !scenarios.every(isOpen)) return undefined
  const starts = scenarios.map(({ startTime }) => startTime)
  const ends = scenarios.map((scenario) => scenario.startTime + durationOf(scenario))
  return Math.max(...ends) - Math.min(...starts)
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

/** Of the times that a reader looks at: requests by each selector of the thresholds, and iterations. */
function curves(measurements: Measurements): LoadResult['curves'] {
  const { registry } = measurements
  return [
    BUILT_IN.httpReqDuration,
    BUILT_IN.iterationDuration,
    BUILT_IN.latencyFromPlan,
    BUILT_IN.delayFromPlan,
  ]
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
