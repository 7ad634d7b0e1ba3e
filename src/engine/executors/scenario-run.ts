import { BUILT_IN } from '../metrics/metric.ts'
import type { Series } from '../metrics/registry.ts'
import { CallbackTimer } from '../time/wheel.ts'
import type { ScenarioState, Services } from '../vu/services.ts'
import type { IterationEnd, Vu } from '../vu/vu.ts'
import type { ScenarioPlan } from './plan.ts'

/** What a scenario's run needs of the run as a whole. */
export interface ScenarioContext {
  readonly services: Services
  /** Makes and initialises VU number `index` of the scenario. */
  newVu(index: number, state: ScenarioState): Promise<Vu>
  /** ms since the start of the test, for a time on the engine's clock. */
  sinceStart(time: number): number
  /** A VU that could not be made during the run. */
  failed(error: Error): void
}

/** A start later than this (ms) after its plan counts as late. */
export const LATE_START_MS = 100

/**
 * One worker's share of a scenario while it runs: what all executors have in common. The executors, a file each,
 * decide when an iteration starts.
 */
export abstract class ScenarioRun implements ScenarioState {
  readonly name: string
  readonly executor: string
  startTime = 0
  protected readonly plan: ScenarioPlan
  protected readonly context: ScenarioContext
  /** All VUs that were made, by their index; one that was cut off is replaced when it is needed again. */
  protected readonly vus: Vu[] = []
  /** On the engine's clock. */
  protected startsAt = 0
  #endsAt = 0
  #over = false
  #started = false
  #running = 0
  #iterations = 0
  readonly #endTimer = new CallbackTimer(() => this.end())
  readonly #hardEndTimer = new CallbackTimer(() => this.cutOff())
  readonly #done = Promise.withResolvers<void>()
  #dropped: Series | undefined

  constructor(plan: ScenarioPlan, context: ScenarioContext) {
    this.plan = plan
    this.context = context
    this.name = plan.scenario.name
    this.executor = plan.scenario.executor
  }

  /** Makes the VUs that must be there at the start. */
  async prepare(): Promise<void> {
    for (let index = 0; index < this.plan.initialVus; index++) {
      this.vus[index] = await this.context.newVu(index, this)
    }
  }

  /**
   * Starts by the plan; resolves when the last iteration has ended or was cut off.
   * @param testStart on the engine's clock
   */
  start(testStart: number): Promise<void> {
    const { wheel, now } = this.context.services
    this.startsAt = testStart + this.plan.scenario.startTime
    this.#endsAt = this.startsAt + this.plan.end
    this.startTime = Date.now() + (this.startsAt - now())
    wheel.armAt(this.#endTimer, this.#endsAt)
    wheel.armAt(this.#hardEndTimer, this.startsAt + this.plan.hardEnd)
    // The wheel's next tick would be late for a start that is now.
    if (this.startsAt <= now()) this.#begin()
    else wheel.armAt(new CallbackTimer(() => this.#begin()), this.startsAt)
    return this.#done.promise
  }

  #begin(): void {
    if (this.#over) return
    this.#started = true
    this.begin()
  }

  /** 0 to 1 */
  progress(): number {
    const { now } = this.context.services
    if (!this.#started || this.plan.end === 0) return 0
    return Math.min(1, Math.max(0, (now() - this.startsAt) / this.plan.end))
  }

  get over(): boolean {
    return this.#over
  }

  /** Iterations under way. */
  get running(): number {
    return this.#running
  }

  /** No iteration starts from here on; those under way may end within `gracefulStop`. */
  end(): void {
    if (this.#over) return
    this.#over = true
    const { wheel, now } = this.context.services
    wheel.disarm(this.#endTimer)
    // Earlier than planned when the run is being stopped.
    wheel.armAt(this.#hardEndTimer, Math.min(this.#endsAt, now()) + this.plan.scenario.gracefulStop)
    if (this.#started) this.finish()
    this.#checkDone()
  }

  /** Nothing runs from here on. */
  cutOff(): void {
    this.end()
    for (const vu of this.vus) if (vu.running) this.cutOffVu(vu)
  }

  /** Closes all connections: the run is over. */
  close(): void {
    for (const vu of this.vus) vu.stop()
  }

  /** The executor starts its first iterations. */
  protected abstract begin(): void
  /** The executor starts no more, and counts what it could not start. */
  protected abstract finish(): void
  /** A VU has ended its iteration, and waits `minIterationDuration` out. */
  protected abstract ended(vu: Vu): void

  /**
   * Starts an iteration.
   * @param index of this worker's share of the scenario's iterations, in the order of their starts
   * @param plannedAt on the engine's clock, of an open executor
   */
  protected startIteration(vu: Vu, index: number, plannedAt?: number): void {
    const { services } = this.context
    const { intervals, iterations } = services.measurements
    const startedAt = services.now()
    const t = this.context.sinceStart(startedAt)
    const { instance } = services
    this.#running++
    instance.vusActive++
    intervals.count('started', t)
    intervals.vus(t, instance.vusActive)
    vu.iterationInInstance = this.#iterations++
    vu.iterationInTest = index
    if (plannedAt !== undefined) {
      const delay = startedAt - plannedAt
      if (delay > LATE_START_MS) iterations.late++
      vu.series.delayFromPlan.record(delay)
    }
    vu.plannedAt = plannedAt
    vu.start(startedAt, this.#onEnd)
  }

  readonly #onEnd = (vu: Vu, { startedAt, endedAt, error }: IterationEnd): void => {
    const { services } = this.context
    const { measurements } = services
    const { intervals, iterations, exceptions } = measurements
    this.#running--
    services.instance.vusActive--
    const duration = endedAt - startedAt
    const t = this.context.sinceStart(endedAt)
    iterations.completed++
    intervals.count('completed', t)
    if (error !== undefined) {
      iterations.failed++
      exceptions.add(error)
      intervals.count('failed', t)
    }
    vu.series.iterations.record(1)
    vu.series.duration.record(duration)
    const { plannedAt } = vu
    if (plannedAt !== undefined) {
      // The identity: delay from plan + service time = latency from plan, on every iteration.
      const fromPlan = startedAt - plannedAt + duration
      vu.series.latencyFromPlan.record(fromPlan)
      intervals.fromPlan(t, fromPlan)
      iterations.completedOfPlan++
      intervals.count('completedOfPlan', t)
    }
    const rest = services.options.minIterationDuration - duration
    if (rest > 0 && !this.#over) {
      vu.waiting = true
      services.wheel.armAt(new CallbackTimer(() => this.#release(vu)), endedAt + rest)
    } else this.#release(vu)
  }

  #release(vu: Vu): void {
    vu.waiting = false
    if (!this.#over) this.ended(vu)
    this.#checkDone()
  }

  /** Cuts an iteration off, and counts it. */
  protected cutOffVu(vu: Vu): void {
    const { instance, measurements } = this.context.services
    this.#running--
    instance.vusActive--
    measurements.iterations.interrupted++
    vu.stop()
    this.#checkDone()
  }

  /** Iterations that should have started and did not. */
  protected drop(count: number, t: number): void {
    if (count === 0) return
    const { services } = this.context
    const { registry, intervals } = services.measurements
    this.#dropped ??= registry.series(
      BUILT_IN.droppedIterations,
      registry.tagSet({ ...services.options.tags, scenario: this.name, ...this.plan.scenario.tags }),
    )
    this.#dropped.record(count)
    intervals.count('dropped', t, count)
  }

  #checkDone(): void {
    if (!this.#over || this.#running > 0) return
    this.context.services.wheel.disarm(this.#endTimer)
    this.context.services.wheel.disarm(this.#hardEndTimer)
    this.#done.resolve()
  }
}
