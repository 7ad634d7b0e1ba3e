import { dirname } from 'node:path'
import { planScenario } from '../executors/plan-scenario.ts'
import type { ScenarioContext, ScenarioRun } from '../executors/scenario-run.ts'
import { executorOf } from '../executors/table.ts'
import { Connections, type HttpTransport } from '../http/connections.ts'
import { Dialer } from '../http/dialer.ts'
import { RequestError } from '../http/errors.ts'
import { HttpRecorder } from '../http/recorder.ts'
import { Measurements } from '../metrics/measurements.ts'
import type { SampleObserver } from '../metrics/registry.ts'
import { VuGlobals } from '../modules/globals.ts'
import { moduleMember } from '../modules/modules.ts'
import type { Options } from '../options/options.ts'
import { compileScript } from '../script/compile.ts'
import type { BundledScript } from '../script/source.ts'
import { createErrorLocator } from '../script/stack.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { TurnEnd } from '../time/turn-end.ts'
import { TimerWheel } from '../time/wheel.ts'
import { CheckRecorder } from '../vu/check-recorder.ts'
import { IterationRecorder } from '../vu/iteration-recorder.ts'
import type { ScenarioState, Services } from '../vu/services.ts'
import { type ScriptEnvironment, Vu } from '../vu/vu.ts'
import { EventLoopWatch } from './saturation.ts'

const ENVIRONMENT: ScriptEnvironment = {
  moduleMember,
  newGlobals: (vu, env) => new VuGlobals(vu, env),
}

/** What a worker is given. */
export interface SegmentRunOptions {
  readonly script: BundledScript
  readonly options: Options
  readonly env: Readonly<Record<string, string>>
  /** Names of variables that `env` lacks though the shell has them. */
  readonly withheld: readonly string[]
  readonly clock: Clock
  /** This worker's place, from 0, among so many. */
  readonly worker: number
  readonly workers: number
  readonly observe?: SampleObserver
  /** In place of real connections, for tests on virtual time. */
  readonly newTransport?: (wheel: TimerWheel, now: () => number) => HttpTransport
  /** @throws HarnessError when load must not be sent to the host */
  allow(hostname: string): void
  log(line: string): void
  /** A line that is told once in a run, however many VUs have it to say. */
  notice(line: string): void
  abort(reason: Error): void
  fail(reason: string): void
}

/**
 * One worker's part of a run: its VUs, its segment of every scenario, its measurements. The run's setup and teardown
 * use one too, without scenarios.
 */
export class SegmentRun implements ScenarioContext {
  readonly services: Services
  readonly measurements: Measurements
  /** Of the run, when it is over. */
  eventLoopDelayP99Ms: number | undefined
  readonly #given: SegmentRunOptions
  readonly #wheel: TimerWheel
  #scenarios: ScenarioRun[] = []
  readonly #allowed = new Set<string>()
  #setupData: string | undefined
  #lastId = 0
  #endedAt = 0

  constructor(given: SegmentRunOptions) {
    this.#given = given
    const { script, options, clock } = given
    this.#wheel = new TimerWheel(clock)
    this.measurements = new Measurements({
      selectors: options.thresholds.map(({ metric }) => metric),
      ...(given.observe && { observe: given.observe }),
      warn: (message) => given.log(`WARN ${message}`),
    })
    const turnEnd = new TurnEnd()
    const dialer = new Dialer({ ...options, now: clock.now, turnEnd })
    const newTransport = given.newTransport
    this.services = {
      factory: compileScript(script),
      seedsRandom: script.seedsRandom,
      scriptFolder: dirname(script.path),
      options,
      env: given.env,
      withheldEnv: withheldEnv(given.withheld, (line) => given.notice(line)),
      measurements: this.measurements,
      recorder: new HttpRecorder(this.measurements, options.systemTags),
      checks: new CheckRecorder(this.measurements, options.systemTags),
      iterations: new IterationRecorder(this.measurements),
      locator: createErrorLocator(script),
      wheel: this.#wheel,
      turnEnd,
      now: clock.now,
      newTransport:
        newTransport === undefined
          ? () => new Connections(dialer)
          : () => newTransport(this.#wheel, clock.now),
      sharedArrays: new Map(),
      files: new Map(),
      instance: { startedAt: 0, vusInitialized: 0, vusActive: 0 },
      allow: (hostname) => this.#allow(hostname),
      log: (line) => given.log(line),
      notice: (line) => given.notice(line),
      abort: (reason) => given.abort(reason),
      fail: (reason) => given.fail(reason),
    }
  }

  /** A VU of no scenario: for the options, setup, teardown and handleSummary. */
  async newBareVu(group = ''): Promise<Vu> {
    const vu = new Vu(this.services, ENVIRONMENT, { idInInstance: 0, idInTest: 0 })
    await vu.initialise()
    if (group !== '') vu.enterGroup(group)
    return vu
  }

  /** Makes the VUs. */
  async prepare(setupData: string | undefined): Promise<void> {
    const { options, worker, workers } = this.#given
    this.#setupData = setupData
    this.#scenarios = options.scenarios
      .map((scenario) => planScenario(scenario, worker, workers))
      .filter((plan) => plan !== undefined)
      .map((plan) => executorOf(plan.scenario).newRun(plan, this))
    for (const scenario of this.#scenarios) await scenario.prepare()
  }

  /**
   * Runs all scenarios. Resolves when the last iteration has ended or was cut off, its requests counted.
   * @param startAt on the engine's clock
   */
  async run(startAt = this.services.now()): Promise<void> {
    const { instance, now } = this.services
    instance.startedAt = startAt
    this.#endedAt = startAt
    this.services.recorder.begin(startAt)
    // On virtual time the real event loop says nothing.
    const watch = this.#given.clock === systemClock ? new EventLoopWatch() : undefined
    watch?.start()
    await Promise.all(this.#scenarios.map((scenario) => scenario.start(instance.startedAt)))
    this.#endedAt = now()
    this.eventLoopDelayP99Ms = watch?.stop()
    for (const scenario of this.#scenarios) scenario.close()
    this.services.recorder.end()
  }

  /**
   * From here on a rejection that the script left alone is a failed iteration, and not the end of the process.
   * @returns ends that
   */
  catchRejections(): () => void {
    const { locator, measurements } = this.services
    // Another listener may emit the event again, as mocha's does.
    const seen = new WeakSet<Promise<unknown>>()
    const onRejection = (error: unknown, promise: Promise<unknown>): void => {
      if (seen.has(promise)) return
      seen.add(promise)
      if (!locator.isOfScript(error) && !(error instanceof RequestError)) throw error
      measurements.iterations.failed++
      measurements.exceptions.add(`unhandled rejection: ${locator.describe(error)}`)
    }
    process.on('unhandledRejection', onRejection)
    return () => process.off('unhandledRejection', onRejection)
  }

  /** No iteration starts from here on; those under way have gracefulStop. */
  end(): void {
    for (const scenario of this.#scenarios) scenario.end()
  }

  /** Ends at once. */
  cutOff(): void {
    for (const scenario of this.#scenarios) scenario.cutOff()
  }

  /** From the start to the last end of an iteration, ms. */
  get durationMs(): number {
    const { instance, now } = this.services
    if (instance.startedAt === 0) return 0
    return (this.#endedAt > instance.startedAt ? this.#endedAt : now()) - instance.startedAt
  }

  stopClock(): void {
    this.#wheel.stop()
  }

  // The scenarios' context

  async newVu(index: number, state: ScenarioState): Promise<Vu> {
    const { options } = this.#given
    const position = options.scenarios.findIndex(({ name }) => name === state.name)
    const scenario = options.scenarios[position]
    if (scenario === undefined) throw new Error(`there is no scenario ${state.name}`)
    const { worker, workers } = this.#given
    const inTest = planScenario(scenario, worker, workers)?.vus.at(index) ?? index
    const vu = new Vu(
      this.services,
      ENVIRONMENT,
      { idInInstance: ++this.#lastId, idInTest: this.#idsBefore(position) + inTest + 1 },
      {
        scenario: state,
        exec: scenario.exec,
        env: scenario.env,
        tags: scenario.tags,
        setupData: this.#setupData,
      },
    )
    vu.index = index
    await vu.initialise()
    this.services.instance.vusInitialized++
    return vu
  }

  sinceStart(time: number): number {
    return time - this.services.instance.startedAt
  }

  failed(error: Error): void {
    this.#given.abort(error)
  }

  /** Asked for every request, and answered once a host. */
  #allow(hostname: string): void {
    if (this.#allowed.has(hostname)) return
    this.#given.allow(hostname)
    this.#allowed.add(hostname)
  }

  /** VUs of the scenarios before this one have the ids before. */
  #idsBefore(position: number): number {
    let ids = 0
    for (const scenario of this.#given.options.scenarios.slice(0, position))
      ids += planScenario(scenario)?.maxVus ?? 0
    return ids
  }
}

/** What `__ENV` inherits from: says of each withheld variable, when a script reads it, how the script gets it. */
function withheldEnv(names: readonly string[], notice: (line: string) => void): object {
  const withheld = {}
  for (const name of names) {
    Object.defineProperty(withheld, name, {
      configurable: true,
      get() {
        notice(
          `WARN the script reads __ENV.${name}, which the shell has and the script does not get: give it with -e ${name}=…, or all of the shell's variables with --include-system-env-vars`,
        )
        return undefined
      },
      set(value: unknown) {
        Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true })
      },
    })
  }
  return withheld
}
