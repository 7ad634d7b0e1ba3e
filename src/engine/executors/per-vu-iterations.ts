import type { PerVuIterations } from '../options/options.ts'
import type { Vu } from '../vu/vu.ts'
import type { Executor } from './executor.ts'
import type { ScenarioPlan } from './plan.ts'
import { type ScenarioContext, ScenarioRun } from './scenario-run.ts'
import { quota } from './schemas.ts'

export const perVuIterations: Executor<PerVuIterations> = {
  keys: ['vus', 'iterations', 'maxDuration'],
  read({ base, field }) {
    const own = quota(field)
    return own && { executor: 'per-vu-iterations', ...base, ...own }
  },
  durationOf: ({ maxDuration }) => maxDuration,
  vusOf: ({ vus }) => ({ initial: vus, max: vus }),
  newRun: (plan, context) => new PerVuIterationsRun(plan, context),
}

/** Every VU does its number; what the end prevents is dropped. */
class PerVuIterationsRun extends ScenarioRun {
  readonly #iterations: number
  readonly #done = new Map<Vu, number>()
  #next = 0
  #left: number

  constructor(plan: ScenarioPlan<PerVuIterations>, context: ScenarioContext) {
    super(plan, context)
    this.#iterations = plan.scenario.iterations
    this.#left = this.#iterations * plan.initialVus
  }

  protected override begin(): void {
    for (const vu of this.vus) this.ended(vu)
  }

  protected override ended(vu: Vu): void {
    const done = this.#done.get(vu) ?? 0
    if (done < this.#iterations) {
      this.#done.set(vu, done + 1)
      this.#left--
      this.startIteration(vu, this.plan.iterations.at(this.#next++))
    } else if (this.#left === 0 && this.running === 0) this.end()
  }

  protected override finish(): void {
    this.drop(this.#left, this.context.sinceStart(this.context.services.now()))
  }
}
