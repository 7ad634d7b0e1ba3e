import type { OpenScenario } from '../options/options.ts'
import { CallbackTimer } from '../time/wheel.ts'
import type { Vu } from '../vu/vu.ts'
import { type ArrivalPlan, planArrivals } from './arrival-plan.ts'
import type { ScenarioPlan } from './plan.ts'
import { type ScenarioContext, ScenarioRun } from './scenario-run.ts'

/**
 * constant-arrival-rate and ramping-arrival-rate: an iteration starts when the plan says so, on a VU that is free.
 * When none is, the iteration is dropped, never started later; and one more VU is made, one at a time, up to
 * `maxVUs`.
 */
export class ArrivalRateRun extends ScenarioRun {
  readonly #arrivals: ArrivalPlan
  readonly #timer = new CallbackTimer((now) => this.#startDue(now))
  /** Taken from the end: the VU that was freed last has the warmest connection. */
  readonly #free: Vu[] = []
  #next = 0
  #making = false

  constructor(plan: ScenarioPlan<OpenScenario>, context: ScenarioContext) {
    super(plan, context)
    this.#arrivals = planArrivals(plan.scenario, plan.iterations)
  }

  protected override begin(): void {
    this.#free.push(...this.vus.toReversed())
    this.#startDue(this.context.services.now())
  }

  protected override ended(vu: Vu): void {
    this.#free.push(vu)
  }

  protected override finish(): void {
    const { wheel, now } = this.context.services
    wheel.disarm(this.#timer)
    // Of a run that ends as planned, those that were due between the last turn and the end.
    this.#startDue(now())
    wheel.disarm(this.#timer)
  }

  #startDue(now: number): void {
    const plan = this.#arrivals
    const { intervals, iterations } = this.context.services.measurements
    while (this.#next < plan.count) {
      const index = this.#next
      const plannedAt = this.startsAt + plan.startAt(index)
      if (plannedAt > now) break
      this.#next++
      iterations.planned++
      const t = this.context.sinceStart(plannedAt)
      intervals.count('planned', t)
      const vu = this.#free.pop()
      if (vu !== undefined) this.startIteration(vu, plan.indexInTest(index), plannedAt)
      else {
        this.drop(1, t)
        this.#makeVu()
      }
    }
    this.#arm()
  }

  #arm(): void {
    const plan = this.#arrivals
    if (this.#next >= plan.count) return
    this.context.services.wheel.armAt(this.#timer, this.startsAt + plan.startAt(this.#next))
  }

  #makeVu(): void {
    if (this.#making || this.vus.length >= this.plan.maxVus) return
    this.#making = true
    const index = this.vus.length
    this.context.newVu(index, this).then(
      (vu) => {
        this.#making = false
        this.vus[index] = vu
        if (!this.over) this.#free.push(vu)
      },
      (error: Error) => this.context.failed(error),
    )
  }
}
