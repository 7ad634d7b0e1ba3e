import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { HarnessError } from '../../verdict/errors.ts'
import type { LoadResult } from '../../verdict/load-result.ts'
import { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import { parseSelector } from '../metrics/selector.ts'
import { isOpen, type Options } from '../options/options.ts'
import { planArrivals } from '../schedule/arrivals.ts'
import { summarize } from '../summary/data.ts'
import { toLoadResult } from '../summary/load-result.ts'
import { summaryText } from '../summary/text.ts'
import { type ThresholdResult, Thresholds } from '../thresholds/evaluate.ts'
import { findK6 } from './binary.ts'
import { endOf, type K6End } from './exit.ts'
import { LogReader } from './log.ts'
import { inspectOptions, type K6Overrides, overrideArguments } from './options.ts'
import { openPipe } from './pipe.ts'
import { PointReader } from './points.ts'

export interface K6RunOptions {
  /** Path of the script. */
  readonly script: string
  /** Name of the scenario and of the profile, for the result. */
  readonly scenario: string
  readonly profile: string
  /** For the script's `__ENV`, over the environment of this process. Not given as arguments: those are public. */
  readonly env?: Readonly<Record<string, string>>
  readonly overrides?: K6Overrides
  /** A copy of k6's NDJSON. */
  readonly outJson?: string
  /** Finish what is under way, start nothing new. */
  readonly signal?: AbortSignal
  /** End at once with what there is. */
  readonly hardSignal?: AbortSignal
  /** Lines of k6's log, redacted. */
  readonly onLog?: (line: string) => void
  /** Once a second. */
  readonly onProgress?: (measurements: Measurements, elapsedMs: number) => void
}

export interface K6RunOutput {
  readonly result: LoadResult
  /** k6's end-of-test summary, as the embedded engine prints it. */
  readonly summary: string
}

/** Past this share of the planned iterations dropped, the load that was asked for was not applied. */
const DROPPED_BOUND = 0.01

/**
 * Runs a script with the real k6, and makes of what it measured the same result that the embedded engine gives.
 * What k6 lets pass does not pass here: iterations that threw (k6 counts them as complete), iterations that
 * gracefulStop cut off (their requests vanish), thresholds over no samples (k6 holds them).
 *
 * k6 writes neither planned starts nor its own lateness down, so there is no latency from plan, and saturation
 * shows in dropped iterations only.
 *
 * @throws {HarnessError} CONFIG when there is no k6, or the script or its options are wrong; HARNESS when k6 failed
 */
export async function runWithK6(run: K6RunOptions): Promise<K6RunOutput> {
  const k6 = await findK6()
  const env = { ...process.env, ...run.env }
  const options = await inspectOptions(k6, run.script, env, run.overrides ?? {})
  const measurements = new Measurements({ selectors: options.thresholds.map(({ metric }) => metric) })
  const points = new PointReader(measurements)
  const log = new LogReader(measurements, run.onLog ?? (() => {}))
  const startedAt = new Date()
  const exit = await execute(run, k6.path, env, points, log, measurements)
  const end = endOf(exit.code, log.lastError ?? 'it said nothing')
  if (points.unreadable > 0) {
    throw new HarnessError(
      'HARNESS',
      'K6_OUTPUT',
      `${points.unreadable} lines of k6's JSON output could not be read`,
      {
        remedy: 'Use a k6 of version 2, or --engine node.',
      },
    )
  }
  countPlanned(measurements, options, points.durationMs)
  measurements.iterations.interrupted = exit.interruptedIterations ?? 0
  const thresholds = judge(measurements, options, points.durationMs, end, log.crossed)
  const crossed = thresholds.find((threshold) => threshold.abort)
  const stopped =
    end.stopped ??
    (end.thresholdsCrossed && crossed
      ? { by: 'threshold' as const, reason: `${crossed.metric}: ${crossed.expression}` }
      : undefined)
  const facts = { options, durationMs: points.durationMs, thresholds }
  return {
    result: toLoadResult(measurements, {
      ...facts,
      scenario: run.scenario,
      profile: run.profile,
      engine: 'k6',
      engineVersion: k6.version,
      startedAt: points.startedAt === undefined ? startedAt : new Date(points.startedAt),
      interrupted: end.interrupted,
      ...(stopped && { stopped }),
      maxVus: mostVus(measurements),
      generator: { workers: 1, saturated: saturation(measurements, exit) },
    }),
    summary: summaryText(summarize(measurements, { ...facts, noColor: true }), thresholds),
  }
}

interface Exit {
  readonly code: number | null
  /** `undefined` when k6 did not say. */
  readonly interruptedIterations: number | undefined
}

async function execute(
  run: K6RunOptions,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  points: PointReader,
  log: LogReader,
  measurements: Measurements,
): Promise<Exit> {
  const copy = run.outJson === undefined ? undefined : createWriteStream(run.outJson)
  const pipe = await openPipe((line) => {
    points.read(line)
    if (line !== '') copy?.write(`${line}\n`)
  })
  try {
    const args = [
      'run',
      '--no-color',
      '--no-usage-report',
      '--log-format',
      'json',
      '--summary-mode',
      'disabled',
    ]
    const child = spawn(
      path,
      [...args, '--out', `json=${pipe.path}`, ...overrideArguments(run.overrides ?? {}), run.script],
      {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        // A process group of its own: Ctrl-C at the terminal would otherwise reach k6 beside our own signal, and a
        // second one makes k6 drop everything.
        detached: true,
      },
    )
    const interrupt = () => child.kill('SIGINT')
    const kill = () => child.kill('SIGKILL')
    run.signal?.addEventListener('abort', interrupt)
    run.hardSignal?.addEventListener('abort', kill)
    process.once('exit', kill)
    if (run.signal?.aborted) interrupt()
    const progress = setInterval(() => run.onProgress?.(measurements, points.durationMs), 1_000)
    let interruptedIterations: number | undefined
    createInterface({ input: child.stdout }).on('line', (line) => {
      const counted = /\d+ complete and (\d+) interrupted iterations/.exec(line)?.[1]
      if (counted !== undefined) interruptedIterations = Number(counted)
    })
    createInterface({ input: child.stderr }).on('line', (line) => log.read(line))
    try {
      const [code] = (await once(child, 'close')) as [number | null]
      return { code: code ?? (run.signal?.aborted ? 105 : null), interruptedIterations }
    } finally {
      clearInterval(progress)
      process.off('exit', kill)
      run.signal?.removeEventListener('abort', interrupt)
      run.hardSignal?.removeEventListener('abort', kill)
    }
  } finally {
    await pipe.close()
    copy?.end()
  }
}

/** k6 does not write its plan down, but it is known from the options. */
function countPlanned(measurements: Measurements, { scenarios }: Options, durationMs: number): void {
  const first = Math.min(...scenarios.map(({ startTime }) => startTime))
  for (const scenario of scenarios.filter(isOpen)) {
    const plan = planArrivals(scenario)
    for (let i = 0; i < plan.count; i++) {
      const t = scenario.startTime - first + plan.startAt(i)
      // Of a run that was stopped, only what was due by then.
      if (t > durationMs) break
      measurements.iterations.planned++
      measurements.intervals.count('planned', t)
    }
  }
}

/**
 * Our own evaluation, on histograms that are right to 0.1 %; where k6, which keeps more digits, found a metric's
 * thresholds crossed and we none of them, k6 is right.
 */
function judge(
  measurements: Measurements,
  { thresholds }: Options,
  durationMs: number,
  end: K6End,
  crossed: ReadonlySet<string>,
): ThresholdResult[] {
  const isSampled = ({ metric }: Options['thresholds'][number]) => {
    const selector = parseSelector(metric)
    return typeof selector !== 'string' && measurements.registry.get(selector.metric) !== undefined
  }
  // A custom metric without samples is not in k6's output at all; k6 itself has checked that the script makes it.
  const unsampled = thresholds.filter((threshold) => !isSampled(threshold))
  const results: ThresholdResult[] = [
    ...new Thresholds(measurements.registry, thresholds.filter(isSampled)).evaluate(durationMs),
    ...unsampled.flatMap(({ metric, thresholds: own }) =>
      own.map(({ expression }) => ({ metric, expression, verdict: 'not evaluated' as const, abort: false })),
    ),
  ]
  if (!end.thresholdsCrossed) return results
  return results.map((result) => {
    const ours = results.filter(({ metric }) => metric === result.metric)
    const weSawIt = ours.some(({ verdict }) => verdict === 'broken')
    return crossed.has(result.metric) && !weSawIt && result.verdict === 'held'
      ? { ...result, verdict: 'broken' }
      : result
  })
}

function mostVus({ registry }: Measurements): number {
  const metric = registry.get(BUILT_IN.vus.name)
  const sink = metric && registry.total(metric)
  return sink?.type === 'gauge' && sink.samples > 0 ? sink.max : 0
}

function saturation({ registry, iterations }: Measurements, { interruptedIterations }: Exit): string[] {
  const metric = registry.get(BUILT_IN.droppedIterations.name)
  const sink = metric && registry.total(metric)
  const dropped = sink?.type === 'counter' ? sink.count : 0
  return [
    ...(iterations.planned > 0 && dropped > iterations.planned * DROPPED_BOUND
      ? [`${dropped} of ${iterations.planned} iterations were dropped (bound: ${DROPPED_BOUND * 100} %)`]
      : []),
    ...(interruptedIterations === undefined ? ['k6 did not say how many iterations it cut off'] : []),
  ]
}
