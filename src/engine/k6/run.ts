import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { HarnessError } from '../../verdict/errors.ts'
import { planArrivals, plannedRate } from '../executors/arrival-plan.ts'
import { remaining } from '../executors/table.ts'
import { Measurements } from '../metrics/measurements.ts'
import { BUILT_IN } from '../metrics/metric.ts'
import { parseSelector } from '../metrics/selector.ts'
import { isOpen, type Options } from '../options/options.ts'
import type { Progress } from '../run/progress.ts'
import type { RunOptions, RunOutput } from '../run/test-run.ts'
import { summarize } from '../summary/data.ts'
import { toLoadResult } from '../summary/load-result.ts'
import { summaryText } from '../summary/text.ts'
import { type ThresholdResult, Thresholds } from '../thresholds/evaluate.ts'
import { saturation } from '../workers/saturation.ts'
import { findK6 } from './binary.ts'
import { endOf, type K6End } from './exit.ts'
import { LogReader } from './log.ts'
import { inspectOptions, overrideArguments } from './options.ts'
import { openPipe } from './pipe.ts'
import { PointReader } from './points.ts'

/**
 * Runs a script with the real k6, and makes of what it measured the same result that the embedded engine gives.
 * What k6 lets pass does not pass here: iterations that threw (k6 counts them as complete), iterations that
 * gracefulStop cut off (their requests vanish), thresholds over no samples (k6 holds them).
 *
 * k6 writes neither planned starts nor its own lateness down, so there is no latency from plan, and saturation
 * shows in dropped iterations only. `env` is given as the environment of the process, since arguments are public;
 * `allowHost` and `workers` are not k6's: the caller sees to the first. k6 calls `handleSummary`, and writes its files.
 *
 * @throws {HarnessError} CONFIG when there is no k6, or the script or its options are wrong; HARNESS when k6 failed
 */
export async function runWithK6(run: RunOptions): Promise<RunOutput> {
  const k6 = await findK6()
  const env = { ...process.env, K6_NO_USAGE_REPORT: 'true', ...run.env }
  const options = await inspectOptions(k6, run.script, env, run.overrides ?? {}, run.k6Config?.file)
  const measurements = new Measurements({ selectors: options.thresholds.map(({ metric }) => metric) })
  const points = new PointReader(
    measurements,
    new Set(options.scenarios.filter(isOpen).map(({ name }) => name)),
  )
  const log = new LogReader(measurements, run.log ?? (() => {}))
  const startedAt = new Date()
  const exit = await execute(run, k6.path, env, points, log, () =>
    run.onProgress?.(progressOf(measurements, points, options)),
  )
  const ran = measurements.iterations.completed > 0
  const end = endOf(exit.code, log.lastError ?? 'it said nothing', ran)
  // Killed, k6 leaves a line half written.
  if (points.unreadable > 0 && run.hardSignal?.aborted !== true) {
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
      generator: {
        workers: 1,
        saturated: [
          ...saturation(measurements, undefined),
          ...(exit.interruptedIterations === undefined
            ? ['k6 did not say how many iterations it cut off']
            : []),
        ],
      },
    }),
    summary: exit.summary ?? summaryText(summarize(measurements, { ...facts, noColor: true }), thresholds),
    custom: exit.summary !== undefined,
    stderr: '',
    files: {},
  }
}

interface Exit {
  readonly code: number | null
  /** `undefined` when k6 did not say. */
  readonly interruptedIterations: number | undefined
  /** What the script's `handleSummary` gave for standard output; k6 has written its files. */
  readonly summary: string | undefined
}

async function execute(
  run: RunOptions,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  points: PointReader,
  log: LogReader,
  tick: () => void,
): Promise<Exit> {
  const copy = run.outJson === undefined ? undefined : createWriteStream(run.outJson)
  const pipe = await openPipe((line) => {
    points.read(line)
    if (line !== '') copy?.write(`${line}\n`)
  })
  try {
    const ownSummary = mayHandleSummary(run.script)
    // Where the summary is disabled, k6 does not call handleSummary.
    const mode = ownSummary ? 'compact' : 'disabled'
    const args = ['run', '--no-color', '--log-format', 'json', '--summary-mode', mode]
    const child = spawn(
      path,
      [
        ...args,
        '--out',
        `json=${pipe.path}`,
        ...(run.k6Config ? ['--config', run.k6Config.file] : []),
        ...overrideArguments(run.overrides ?? {}),
        run.script,
      ],
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
    const progress = setInterval(tick, 1_000)
    let interruptedIterations: number | undefined
    let behind: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => {
      const counted = /\d+ complete and (\d+) interrupted iterations/.exec(line)?.[1]
      if (counted !== undefined) {
        interruptedIterations = Number(counted)
        behind = []
      } else if (!PROGRESS_BAR.test(line)) behind.push(line)
    })
    createInterface({ input: child.stderr }).on('line', (line) => log.read(line))
    try {
      const [code] = (await once(child, 'close')) as [number | null]
      return {
        code: code ?? (run.signal?.aborted || run.hardSignal?.aborted ? 105 : null),
        interruptedIterations,
        summary: ownSummary ? `${behind.join('\n').replace(/^\n+/, '')}\n` : undefined,
      }
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

/** `default   [ 100% ] 2 VUs  2s`: k6 draws its progress on standard output, before what the script prints there. */
const PROGRESS_BAR = /^\S+\s+(?:\S )?\[.*\d+% ?\S*\s*\]/

/** Whether the script may export `handleSummary`; only k6 loads it, so its text has to say. */
function mayHandleSummary(script: string): boolean {
  try {
    return /\bhandleSummary\b|\bexport\s*\*/.test(readFileSync(script, 'utf8'))
  } catch {
    return false
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

/** The progress of a run, from what k6 has written so far. */
function progressOf(measurements: Measurements, points: PointReader, options: Options): Progress {
  const { registry, intervals, iterations } = measurements
  const elapsedMs = points.durationMs
  const { scenarios } = options
  const remainingMs = remaining(scenarios, elapsedMs)
  const last = intervals.points().at(-2)
  const durations = registry.total(registry.metric(BUILT_IN.httpReqDuration))
  const failed = registry.total(registry.metric(BUILT_IN.httpReqFailed))
  const open = scenarios.filter(isOpen)
  return {
    elapsedMs,
    ...(remainingMs !== undefined && { remainingMs }),
    vus: last?.vus ?? 0,
    achievedRate: ((last?.completed ?? 0) * 1_000) / intervals.length,
    ...(open.length > 0 && {
      plannedRate: open.reduce(
        (sum, scenario) => sum + plannedRate(scenario, elapsedMs - scenario.startTime),
        0,
      ),
    }),
    errors: iterations.failed + (failed.type === 'rate' ? failed.trues : 0),
    ...(durations.type === 'trend' && durations.samples > 0 && { p95Ms: durations.histogram.percentile(95) }),
  }
}
