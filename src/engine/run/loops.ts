import type { IterationsPerVu, ScenarioPlan, SharedIterations } from '../schedule/plan.ts'
import type { Vu } from '../vu/vu.ts'
import { type ScenarioContext, ScenarioRun } from './scenario-run.ts'

/** constant-vus: every VU starts an iteration when its last one has ended. */
export class ConstantVusRun extends ScenarioRun {
  #next = 0

  protected override begin(): void {
    for (const vu of this.vus) this.ended(vu)
  }

  protected override ended(vu: Vu): void {
    this.startIteration(vu, this.plan.iterationIndexInTest(this.#next++))
  }

  protected override finish(): void {}
}

/** per-vu-iterations: every VU does its number; what the end prevents is dropped. */
export class PerVuIterationsRun extends ScenarioRun {
  readonly #work: IterationsPerVu
  readonly #done = new Map<Vu, number>()
  #next = 0
  #left: number

  constructor(plan: ScenarioPlan, work: IterationsPerVu, context: ScenarioContext) {
    super(plan, context)
    this.#work = work
    this.#left = work.iterations * plan.initialVus
  }

  protected override begin(): void {
    for (const vu of this.vus) this.ended(vu)
  }

  protected override ended(vu: Vu): void {
    const done = this.#done.get(vu) ?? 0
    if (done < this.#work.iterations) {
      this.#done.set(vu, done + 1)
      this.#left--
      this.startIteration(vu, this.plan.iterationIndexInTest(this.#next++))
    } else if (this.#left === 0 && this.running === 0) this.end()
  }

  protected override finish(): void {
    this.drop(this.#left, this.context.sinceStart(this.context.services.now()))
  }
}

/** shared-iterations: the VUs do a number together, each as fast as it can; what the end prevents is dropped. */
export class SharedIterationsRun extends ScenarioRun {
  readonly #work: SharedIterations
  #next = 0

  constructor(plan: ScenarioPlan, work: SharedIterations, context: ScenarioContext) {
    super(plan, context)
    this.#work = work
  }

  protected override begin(): void {
    for (const vu of this.vus) this.ended(vu)
  }

  protected override ended(vu: Vu): void {
    if (this.#next < this.#work.iterations) this.startIteration(vu, this.#work.indexInTest(this.#next++))
    else if (this.running === 0) this.end()
  }

  protected override finish(): void {
    const left = this.#work.iterations - this.#next
    this.drop(left, this.context.sinceStart(this.context.services.now()))
  }
}
