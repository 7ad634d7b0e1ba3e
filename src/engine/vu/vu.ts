import type { HttpTransport } from '../http/connections.ts'
import { Jar } from '../http/cookies.ts'
import { ErrorCode, RequestError } from '../http/errors.ts'
import { DEFAULT_EXPECTED, type ExpectedStatuses } from '../http/expected-statuses.ts'
import type { HttpRecorder } from '../http/recorder.ts'
import type { RequestContext, RequestOptions } from '../http/request.ts'
import type { Response } from '../http/response.ts'
import type { TagSet } from '../metrics/tag-set.ts'
import type { ScriptExports, ScriptGlobals, ScriptHost } from '../script/compile.ts'
import type { Settling } from '../time/turn-end.ts'
import type { Timer, TimerWheel } from '../time/wheel.ts'
import type { IterationSeries } from './iteration-recorder.ts'
import type { ScenarioState, Services } from './services.ts'

/** How an iteration ended. */
export interface IterationEnd {
  readonly startedAt: number
  readonly endedAt: number
  /** What the script threw, with file and line. */
  readonly error: string | undefined
}

/** The scenario that a VU works for. */
export interface Assignment {
  readonly scenario: ScenarioState
  readonly exec: string
  readonly env: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** The JSON that `setup` gave; every VU parses a copy of its own. */
  readonly setupData: string | undefined
}

/** What a script finds in a VU beside JavaScript. */
export interface ScriptEnvironment {
  /** What a name that the script imports stands for. */
  moduleMember(vu: Vu, module: string, name: string): unknown
  /** @param env of the VU's scenario, over that of the run */
  newGlobals(vu: Vu, env: Readonly<Record<string, string>>): ScriptGlobals
}

const NO_BYTES = { received: 0, sent: 0 } as const

type State = 'initialising' | 'idle' | 'running' | 'stopped'

/** A virtual user: an instance of the script, with connections and cookies of its own. */
export class Vu implements RequestContext, ScriptHost, Settling {
  /** `exec.vu.idInInstance` and `idInTest`, from 1; 0 in setup and teardown. */
  readonly idInInstance: number
  readonly idInTest: number
  readonly services: Services
  readonly scenario: ScenarioState | undefined
  // What the bundle reads as __VU and __ITER.
  vu: number
  iter = -1
  /** `exec.scenario.iterationInTest` and `iterationInInstance` of the present iteration. */
  iterationInTest = 0
  iterationInInstance = 0
  /** Its place among the VUs of its scenario. */
  index = 0
  /** Of the present iteration, on the engine's clock; an open executor's. */
  plannedAt: number | undefined
  /** Between two iterations, until `minIterationDuration` is over. */
  waiting = false
  /** k6's path of the present group: empty, or `::outer::inner`. */
  group = ''
  responseCallback: ExpectedStatuses | null = DEFAULT_EXPECTED
  jar: Jar | undefined
  /** Metadata of `exec.vu.metrics`: kept for the script, recorded nowhere. */
  readonly metadata: Record<string, unknown> = {}

  /** Of the present iteration. */
  lastRead: Response | undefined

  /** Timers that the script has set. */
  readonly timers = new Map<number, Timer>()
  nextTimerId = 1
  readonly #environment: ScriptEnvironment
  readonly #assignment: Assignment | undefined
  #exports: ScriptExports = {}
  #function: (data: unknown) => unknown = () => undefined
  #data: unknown
  #hasData = false
  #connections: HttpTransport | undefined
  #tags: TagSet
  #state: State = 'initialising'
  #startedAt = 0
  /** When the last of what it had started ended, so far. */
  #endedAt = 0
  /** Asynchronous operations under way: requests, timers, Web Crypto. */
  #pending = 0
  #mainDone = false
  #queued = false
  #error: string | undefined
  #failed = false
  #onEnd: ((vu: Vu, end: IterationEnd) => void) | undefined
  #series: IterationSeries | undefined

  constructor(
    services: Services,
    environment: ScriptEnvironment,
    ids: { idInInstance: number; idInTest: number },
    assignment?: Assignment,
  ) {
    this.services = services
    this.#environment = environment
    this.idInInstance = ids.idInInstance
    this.idInTest = ids.idInTest
    this.vu = ids.idInInstance
    this.#assignment = assignment
    this.scenario = assignment?.scenario
    let tags = services.measurements.registry.tagSet(services.options.tags)
    if (assignment !== undefined) {
      if (services.options.systemTags.includes('scenario'))
        tags = tags.with('scenario', assignment.scenario.name)
      tags = tags.withAll(assignment.tags)
    }
    this.#tags = this.#withGroup(tags)
  }

  /** Runs the init context. Rejects with what it throws. */
  async initialise(): Promise<void> {
    this.#exports = await this.services.factory(
      this,
      this.#environment.newGlobals(this, this.#assignment?.env ?? {}),
    )
    const exported = this.#exports[this.#assignment?.exec ?? 'default']
    if (typeof exported === 'function') this.#function = exported as (data: unknown) => unknown
    this.#state = 'idle'
  }

  get exports(): ScriptExports {
    return this.#exports
  }

  get initialising(): boolean {
    return this.#state === 'initialising'
  }

  get running(): boolean {
    return this.#state === 'running'
  }

  get stopped(): boolean {
    return this.#state === 'stopped'
  }

  /** What an import of the script stands for. */
  readonly get = (module: string, name: string): unknown => this.#environment.moduleMember(this, module, name)

  // The iteration

  /**
   * Starts an iteration of the scenario's function; the VU must be idle.
   * @param startedAt now, on the engine's clock: its duration is measured from here
   */
  start(startedAt: number, onEnd: (vu: Vu, end: IterationEnd) => void): void {
    if (!this.#hasData) {
      this.#hasData = true
      const json = this.#assignment?.setupData
      this.#data = json === undefined ? undefined : JSON.parse(json)
    }
    this.#startedAt = startedAt
    this.#run(this.#function, this.#data, onEnd)
  }

  /**
   * Runs an exported function, such as `setup`, as an iteration of its own. Rejects with what it throws.
   * @returns what the function gave, when all that it started has ended
   */
  call(name: string, data: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let result: unknown
      const exported = this.#exports[name] as (data: unknown) => unknown
      this.#startedAt = this.services.now()
      this.#run(
        exported,
        data,
        (_vu, { error }) => (error === undefined ? resolve(result) : reject(new Error(error))),
        (given) => {
          result = given
        },
      )
    })
  }

  /** An iteration ends when all that it started has ended. */
  #run(
    call: (data: unknown) => unknown,
    data: unknown,
    onEnd: (vu: Vu, end: IterationEnd) => void,
    onResult?: (result: unknown) => void,
  ): void {
    if (this.#state !== 'idle') throw new Error(`VU ${this.idInInstance} is ${this.#state}, not idle`)
    this.#state = 'running'
    this.iter++
    this.#onEnd = onEnd
    this.#mainDone = false
    this.#failed = false
    this.#error = undefined
    if (!this.services.options.noCookiesReset) this.jar = undefined
    let result: unknown
    try {
      result = call(data)
    } catch (error) {
      this.#fail(error)
      this.#endMain()
      return
    }
    if (isThenable(result)) {
      result.then(
        onResult === undefined
          ? this.#onFulfilled
          : (value) => {
              onResult(value)
              this.#endMain()
            },
        this.#onRejected,
      )
      // Nothing under way: it has ended when the promise jobs have run, or it never will.
      if (this.#pending === 0) this.#queue()
    } else {
      onResult?.(result)
      this.#endMain()
    }
  }

  readonly #onFulfilled = (): void => this.#endMain()

  readonly #onRejected = (error: unknown): void => {
    this.#fail(error)
    this.#endMain()
  }

  #endMain(): void {
    this.#mainDone = true
    this.#endedAt = this.services.now()
    if (this.#pending === 0) this.#queue()
  }

  /** An exception of the iteration; the first one is the iteration's. */
  #fail(error: unknown): void {
    if (this.#failed || this.#state !== 'running') return
    this.#failed = true
    this.#error = this.services.locator.describe(error)
  }

  /** A timer's callback, whose exception is the iteration's. */
  callback(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Lets the iteration wait for a promise that is none of the engine's. */
  track<T>(promise: Promise<T>): Promise<T> {
    this.begin()
    promise.then(this.#onTracked, this.#onTracked)
    return promise
  }

  readonly #onTracked = (): void => this.end()

  begin(): void {
    this.#pending++
  }

  end(): void {
    this.#pending--
    if (this.#pending > 0 || this.#state !== 'running') return
    // After the function itself has ended: the iteration waited for this.
    if (this.#mainDone) this.#endedAt = this.services.now()
    this.#queue()
  }

  #queue(): void {
    if (this.#queued) return
    this.#queued = true
    this.services.turnEnd.settle(this)
  }

  settle(): void {
    this.#queued = false
    if (this.#state !== 'running' || this.#pending > 0) return
    if (!this.#mainDone) {
      this.#fail(new Error('the iteration waits for a promise that nothing will settle'))
      this.#endedAt = this.services.now()
    }
    this.#state = 'idle'
    const endedAt = this.#endedAt
    const onEnd = this.#onEnd
    this.group = ''
    this.lastRead = undefined
    this.#recordData()
    if (this.services.options.noVUConnectionReuse) this.#connections?.closeIdle()
    onEnd?.(this, {
      startedAt: this.#startedAt,
      endedAt,
      error: this.#failed ? (this.#error ?? '') : undefined,
    })
  }

  /** The series of this VU's iterations, with its present tags. */
  get series(): IterationSeries {
    this.#series ??= this.services.iterations.of(this.#tags)
    return this.#series
  }

  /** Once an iteration, as k6: with 0 where it sent nothing. */
  #recordData(): void {
    const { received, sent } = this.#connections?.takeBytes() ?? NO_BYTES
    this.series.dataSent.record(sent)
    this.series.dataReceived.record(received)
  }

  /**
   * Cuts off what runs, and closes the connections: requests under way are counted as failed, and the script hears
   * no more. The VU is of no further use.
   */
  stop(): void {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    for (const timer of this.timers.values()) this.services.wheel.disarm(timer)
    this.timers.clear()
    if (this.#connections === undefined) return
    this.#connections.destroy(new RequestError(ErrorCode.generic, 'cut off: the iteration had no more time'))
    const { received, sent } = this.#connections.takeBytes()
    if (sent > 0) this.series.dataSent.record(sent)
    if (received > 0) this.series.dataReceived.record(received)
  }

  // The request context

  get options(): RequestOptions {
    return this.services.options
  }

  get connections(): HttpTransport {
    this.#connections ??= this.services.newTransport()
    return this.#connections
  }

  get recorder(): HttpRecorder {
    return this.services.recorder
  }

  get wheel(): TimerWheel {
    return this.services.wheel
  }

  get now(): () => number {
    return this.services.now
  }

  makeJar(): Jar {
    this.jar ??= new Jar()
    return this.jar
  }

  tags(): TagSet {
    return this.#tags
  }

  allow(hostname: string): void {
    this.services.allow(hostname)
  }

  warn(message: string): void {
    this.services.log(`WARN ${message}`)
  }

  // Chance

  #random: () => number = Math.random

  /** `Math.random` of a script that imports `randomSeed`. */
  random(): number {
    return this.#random()
  }

  /** Mulberry32: the same sequence for the same seed. */
  seedRandom(seed: number): void {
    let state = Math.trunc(seed) | 0
    this.#random = () => {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    }
  }

  // Tags

  /** Changes the tags of the samples that follow. */
  setTags(tags: TagSet): void {
    this.#tags = tags
    this.#series = undefined
  }

  /** Enters a group; the result leaves it. */
  enterGroup(name: string): () => void {
    const outer = this.group
    this.group = `${outer}::${name}`
    this.setTags(this.#withGroup(this.#tags))
    return () => {
      this.group = outer
      this.setTags(this.#withGroup(this.#tags))
    }
  }

  #withGroup(tags: TagSet): TagSet {
    return this.services.options.systemTags.includes('group') ? tags.with('group', this.group) : tags
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
