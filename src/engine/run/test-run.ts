import { createWriteStream } from 'node:fs'
import { HarnessError } from '../../verdict/errors.ts'
import type { LoadResult } from '../../verdict/load-result.ts'
import { packageVersion } from '../../verdict/package-root.ts'
import { bundleScript } from '../bundle/bundle.ts'
import { commandLineLayer, configFileLayer, environmentLayer, scriptLayer } from '../config/layers.ts'
import { parseOptions } from '../config/parse.ts'
import type { Options } from '../options/options.ts'
import { NdjsonEncoder } from '../output/ndjson.ts'
import { NdjsonWriter } from '../output/writer.ts'
import type { BundledScript } from '../script/source.ts'
import { summarize } from '../summary/data.ts'
import { toLoadResult } from '../summary/load-result.ts'
import { summaryText } from '../summary/text.ts'
import { Thresholds } from '../thresholds/evaluate.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { CallbackTimer } from '../time/wheel.ts'
import type { Vu } from '../vu/vu.ts'
import { saturation } from '../workers/saturation.ts'
import { SegmentRun, type SegmentRunOptions } from '../workers/segment-run.ts'
import { WorkerThreads } from '../workers/threads.ts'
import { MainThread, type Workers } from '../workers/workers.ts'
import { tuneHeap } from './heap.ts'
import type { Progress } from './progress.ts'
import { abortsOnFail, Ticks } from './ticks.ts'

export interface RunOptions {
  /** Absolute path of a k6 script in TypeScript or JavaScript. */
  readonly script: string
  /** `__ENV`; its `K6_…` variables set options too, as under k6. */
  readonly env: Readonly<Record<string, string>>
  /** Labels of the result. */
  readonly scenario: string
  readonly profile: string
  /** Options that stand below the script's: k6's configuration file. */
  readonly k6Config?: { readonly file: string; readonly values: Readonly<Record<string, unknown>> }
  /** The shell's `K6_…` variables, which set options without being in `__ENV`; those of `env` win. */
  readonly optionVariables?: Readonly<Record<string, string>>
  /** Names of variables that `__ENV` lacks though the shell has them: the script's reading one is told, once. */
  readonly withheld?: readonly string[]
  /** Options of k6's command line, by k6's names; they win over the script's and over `K6_…` variables. */
  readonly overrides?: Readonly<Record<string, unknown>>
  /** Threads among which the VUs are divided; 1, the default, is the calling thread. */
  readonly workers?: number
  /** Absolute path: every sample, in k6's NDJSON. */
  readonly outJson?: string
  /** A request to a host for which this is false ends the run with a CONFIG error before anything is sent. */
  readonly allowHost?: (hostname: string) => boolean
  /** Aborted: no iteration starts from here on; those under way have gracefulStop, and teardown runs. */
  readonly signal?: AbortSignal
  /** Aborted: all ends at once, with what there is. */
  readonly hardSignal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** A line that the script wrote to `console`, or a warning of the engine. */
  readonly log?: (line: string) => void
}

export interface RunOutput {
  readonly result: LoadResult
  /** k6's end-of-test text, or what `handleSummary` gave for `stdout`. */
  readonly summary: string
  /** Whether the summary is what `handleSummary` gave. */
  readonly custom: boolean
  /** What `handleSummary` gave for `stderr`. */
  readonly stderr: string
  /** What `handleSummary` gave for files, by path. Nothing is written. */
  readonly files: Readonly<Record<string, string | Uint8Array>>
}

/** For tests: time and the network. */
export interface RunSeams {
  readonly clock?: Clock
  readonly newTransport?: SegmentRunOptions['newTransport']
}

/** How often VUs are counted and progress is told, ms. */
const TICK_MS = 1_000

/** One run of a script, from its bundling to its result. */
export class TestRun {
  readonly #given: RunOptions
  readonly #clock: Clock
  readonly #newTransport: SegmentRunOptions['newTransport']
  #workers: Workers | undefined
  #ending: 'no' | 'gracefully' | 'at once' = 'no'
  #stopped: LoadResult['stopped']
  /** An error that leaves no result, such as a request to a host that may not be loaded. */
  #fatal: HarnessError | undefined
  readonly #noticed = new Set<string>()

  constructor(given: RunOptions, seams: RunSeams = {}) {
    this.#given = given
    this.#clock = seams.clock ?? systemClock
    this.#newTransport = seams.newTransport
  }

  async run(): Promise<RunOutput> {
    const script = await bundleScript(this.#given.script)
    const options = await this.#readOptions(script)
    const output = this.#given.outJson === undefined ? undefined : openOutput(this.#given.outJson, options)
    const segment = this.#newSegmentRun(script, options, output?.encoder)
    const workers = this.#newWorkers(segment, script, options, output)
    this.#workers = workers
    const unlisten = this.#listen()
    const uncatch = segment.catchRejections()
    try {
      const vu = await this.#initialise(segment)
      // Says what is wrong with a threshold before anything is sent.
      if (!options.noThresholds) new Thresholds(segment.measurements.registry, options.thresholds)
      tuneHeap()
      const setupData = await this.#setup(vu, options)
      const startedAt = new Date()
      const cpuBefore = process.cpuUsage()
      await this.#runScenarios(segment, workers, options, setupData)
      const { user, system } = process.cpuUsage(cpuBefore)
      if (this.#ending !== 'at once') await this.#teardown(segment, options, setupData)
      if (this.#fatal !== undefined) throw this.#fatal
      output?.encoder.flush()
      await output?.writer.close()
      return await this.#report(segment, workers, options, setupData, startedAt, (user + system) / 1e6)
    } finally {
      unlisten()
      uncatch()
      segment.stopClock()
      await workers.close()
    }
  }

  /** The script's options with those of the command line over them; found by running its init context once. */
  async #readOptions(script: BundledScript): Promise<Options> {
    const probe = this.#newSegmentRun(script, parseOptions([]))
    const { exports } = await this.#initialise(probe)
    const { env, optionVariables, k6Config, overrides = {} } = this.#given
    const warn = (message: string) => this.#log(`WARN ${message}`)
    const options = parseOptions(
      [
        configFileLayer(k6Config?.values ?? {}),
        scriptLayer(exports.options),
        environmentLayer({ ...optionVariables, ...env }, warn),
        commandLineLayer(overrides),
      ],
      warn,
    )
    for (const { name, exec } of options.scenarios) {
      if (typeof exports[exec] === 'function') continue
      throw new HarnessError(
        'CONFIG',
        'SCRIPT_EXEC',
        `the scenario ${name} runs the function ${exec}, which ${script.path} does not export`,
        { remedy: `it exports ${Object.keys(exports).join(', ') || 'nothing'}` },
      )
    }
    return options
  }

  #newSegmentRun(script: BundledScript, options: Options, encoder?: NdjsonEncoder): SegmentRun {
    return new SegmentRun({
      script,
      options,
      env: this.#given.env,
      withheld: this.#given.withheld ?? [],
      clock: this.#clock,
      worker: 0,
      workers: 1,
      ...(encoder && { observe: encoder.observe }),
      ...(this.#newTransport && { newTransport: this.#newTransport }),
      allow: (hostname) => this.#allow(hostname),
      log: (line) => this.#log(line),
      notice: (line) => this.#notice(line),
      abort: (reason) => this.#abort(reason),
      fail: (reason) => this.#fail(reason),
    })
  }

  #newWorkers(
    segment: SegmentRun,
    script: BundledScript,
    options: Options,
    output: Output | undefined,
  ): Workers {
    const { workers = 1, env, withheld = [], onProgress } = this.#given
    if (workers === 1) return new MainThread(segment)
    return new WorkerThreads(
      workers,
      segment,
      {
        script,
        options,
        env,
        withheld,
        outJson: output !== undefined,
        reports: onProgress !== undefined || options.thresholds.some(abortsOnFail),
      },
      {
        mayLoad: (hostname) => {
          try {
            this.#allow(hostname)
            return true
          } catch {
            return false
          }
        },
        log: (line) => this.#log(line),
        notice: (line) => this.#notice(line),
        abort: (reason) => this.#abort(reason),
        fail: (reason) => this.#fail(reason),
        samples: (chunk) => output?.writer.write(chunk),
      },
    )
  }

  async #initialise(segment: SegmentRun): Promise<Vu> {
    try {
      return await segment.newBareVu()
    } catch (error) {
      throw scriptError(error, segment, 'SCRIPT_INIT', 'Correct the init context of the script.')
    }
  }

  /** @returns what `setup` gave, as JSON */
  async #setup(vu: Vu, options: Options): Promise<string | undefined> {
    if (options.noSetup || typeof vu.exports.setup !== 'function') return undefined
    vu.enterGroup('setup')
    const data = await this.#callWithin(vu, 'setup', undefined, options.setupTimeout)
    return JSON.stringify(data)
  }

  async #teardown(segment: SegmentRun, options: Options, setupData: string | undefined): Promise<void> {
    const vu = await segment.newBareVu('teardown')
    if (options.noTeardown || typeof vu.exports.teardown !== 'function') return
    try {
      const data: unknown = setupData === undefined ? undefined : JSON.parse(setupData)
      await this.#callWithin(vu, 'teardown', data, options.teardownTimeout)
    } catch (error) {
      // What was measured is not lost by it.
      this.#stopped ??= { by: 'teardown', reason: messageOf(error) }
      this.#log(`ERROR ${messageOf(error)}`)
    }
  }

  async #callWithin(vu: Vu, name: string, data: unknown, timeoutMs: number): Promise<unknown> {
    const { wheel, now } = vu.services
    const { promise: timeout, reject } = Promise.withResolvers<never>()
    const timer = new CallbackTimer(() =>
      reject(
        new HarnessError(
          'TARGET',
          'SCRIPT_TIMEOUT',
          `${name}() did not end within ${name}Timeout, ${timeoutMs} ms`,
          { remedy: `See why it takes so long, or raise options.${name}Timeout.` },
        ),
      ),
    )
    wheel.armAt(timer, now() + timeoutMs)
    try {
      return await Promise.race([vu.call(name, data), timeout])
    } catch (error) {
      if (this.#fatal !== undefined) throw this.#fatal
      if (error instanceof HarnessError) throw error
      throw new HarnessError('CONFIG', 'SCRIPT_EXCEPTION', `${name}() threw ${messageOf(error)}`, {
        remedy: `Correct ${name}() in the script, or what it asks for.`,
      })
    } finally {
      wheel.disarm(timer)
      vu.stop()
    }
  }

  async #runScenarios(
    segment: SegmentRun,
    workers: Workers,
    options: Options,
    setupData: string | undefined,
  ): Promise<void> {
    if (this.#ending !== 'no') return
    await workers.prepare(setupData)
    const startedAt = this.#clock.now()
    const ticks = new Ticks(segment, workers, options, this.#given.onProgress)
    const { wheel } = segment.services
    const tick = new CallbackTimer((now) => {
      wheel.armAt(tick, now + TICK_MS)
      ticks.tick(now - startedAt)
      const broken = ticks.brokenThreshold(now - startedAt)
      if (broken !== undefined) {
        this.#stopped ??= { by: 'threshold', reason: `${broken.metric}: ${broken.expression}` }
        workers.cutOff()
      }
    })
    wheel.armAt(tick, startedAt + TICK_MS)
    const running = workers.run()
    // An abort that came while VUs were made.
    this.#applyEnding()
    await running
    wheel.disarm(tick)
    ticks.tick(this.#clock.now() - startedAt)
  }

  async #report(
    segment: SegmentRun,
    workers: Workers,
    options: Options,
    setupData: string | undefined,
    startedAt: Date,
    cpuSeconds: number,
  ): Promise<RunOutput> {
    const measurements = workers.measurements()
    const { durationMs } = workers
    const thresholds = options.noThresholds
      ? []
      : new Thresholds(measurements.registry, options.thresholds).evaluate(durationMs)
    const result = toLoadResult(measurements, {
      scenario: this.#given.scenario,
      profile: this.#given.profile,
      engine: 'node',
      engineVersion: packageVersion,
      startedAt,
      durationMs,
      interrupted: this.#ending !== 'no',
      ...(this.#stopped && { stopped: this.#stopped }),
      maxVus: Math.max(0, ...measurements.intervals.points().map(({ vus }) => vus)),
      options,
      thresholds,
      generator: {
        workers: workers.workers,
        ...(workers.eventLoopDelayP99Ms !== undefined && {
          eventLoopDelayP99Ms: workers.eventLoopDelayP99Ms,
        }),
        cpuSeconds,
        peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
        saturated: saturation(measurements, workers.eventLoopDelayP99Ms),
      },
    })
    const facts = {
      options,
      durationMs,
      thresholds,
      noColor: true,
      setupData: setupData === undefined ? undefined : (JSON.parse(setupData) as unknown),
    }
    const data = summarize(measurements, facts)
    const own = options.noSummary ? undefined : await this.#handleSummary(segment, data)
    if (own !== undefined) return { result, ...own }
    return {
      result,
      summary: options.noSummary ? '' : summaryText(data, thresholds),
      custom: false,
      stderr: '',
      files: {},
    }
  }

  /** @returns `undefined` when the script has no handleSummary, or it failed: then the usual text is shown */
  async #handleSummary(segment: SegmentRun, data: unknown): Promise<Omit<RunOutput, 'result'> | undefined> {
    const vu = await segment.newBareVu()
    if (typeof vu.exports.handleSummary !== 'function') return undefined
    try {
      const given = await vu.call('handleSummary', data)
      if (typeof given !== 'object' || given === null) {
        throw new TypeError('handleSummary must return an object of texts by file name')
      }
      const {
        stdout = '',
        stderr = '',
        ...files
      } = Object.fromEntries(
        Object.entries(given).map(([name, content]: [string, unknown]) => [name, contentOf(name, content)]),
      )
      return { summary: textOf(stdout), custom: true, stderr: textOf(stderr), files }
    } catch (error) {
      this.#log(`ERROR handleSummary() failed: ${messageOf(error)}`)
      return undefined
    }
  }

  // What ends a run early

  #listen(): () => void {
    const { signal, hardSignal } = this.#given
    const gracefully = () => this.#end('gracefully')
    const atOnce = () => this.#end('at once')
    signal?.addEventListener('abort', gracefully)
    hardSignal?.addEventListener('abort', atOnce)
    if (signal?.aborted) gracefully()
    if (hardSignal?.aborted) atOnce()
    return () => {
      signal?.removeEventListener('abort', gracefully)
      hardSignal?.removeEventListener('abort', atOnce)
    }
  }

  #end(how: 'gracefully' | 'at once'): void {
    if (this.#ending === 'at once') return
    this.#ending = how
    this.#applyEnding()
  }

  #applyEnding(): void {
    if (this.#ending === 'gracefully') this.#workers?.end()
    if (this.#ending === 'at once' || this.#fatal !== undefined || this.#stopped?.by === 'abort') {
      this.#workers?.cutOff()
    }
  }

  #abort(reason: Error): void {
    if (reason instanceof HarnessError) this.#fatal ??= reason
    else this.#stopped ??= { by: 'abort', reason: reason.message }
    this.#applyEnding()
  }

  #fail(reason: string): void {
    this.#stopped ??= { by: 'fail', reason }
  }

  #allow(hostname: string): void {
    if (this.#given.allowHost?.(hostname) ?? true) return
    const error = new HarnessError('CONFIG', 'LOAD_NOT_ALLOWED', `load is not sent to ${hostname}`, {
      remedy: `if you own ${hostname} and may load it, add "${hostname}" to target.loadAllowedHosts in the configuration`,
    })
    this.#abort(error)
    throw error
  }

  #log(line: string): void {
    this.#given.log?.(line)
  }

  /** What holds for all VUs of all workers is told once. */
  #notice(line: string): void {
    if (this.#noticed.has(line)) return
    this.#noticed.add(line)
    this.#log(line)
  }
}

interface Output {
  readonly encoder: NdjsonEncoder
  readonly writer: NdjsonWriter
}

function openOutput(path: string, options: Options): Output {
  const writer = new NdjsonWriter(createWriteStream(path))
  return { writer, encoder: new NdjsonEncoder((chunk) => writer.write(chunk), Date.now, options.thresholds) }
}

function scriptError(error: unknown, segment: SegmentRun, code: string, remedy: string): HarnessError {
  const place = segment.services.locator.describe(error)
  return error instanceof HarnessError
    ? new HarnessError(error.kind, error.code, place, { remedy: error.remedy ?? remedy, cause: error })
    : new HarnessError('CONFIG', code, place, { remedy, cause: error })
}

function contentOf(name: string, content: unknown): string | Uint8Array {
  if (typeof content === 'string') return content
  if (content instanceof ArrayBuffer) return new Uint8Array(content)
  throw new TypeError(`handleSummary must return a string or an ArrayBuffer for ${JSON.stringify(name)}`)
}

function textOf(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : Buffer.from(content).toString('utf8')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
