import type { SharedIterations } from '../options/options.ts'
import type { Vu } from '../vu/vu.ts'
import type { Executor } from './executor.ts'
import type { ScenarioPlan } from './plan.ts'
import { type ScenarioContext, ScenarioRun } from './scenario-run.ts'
import { quota } from './schemas.ts'

export const sharedIterations: Executor<SharedIterations> = {
  keys: ['vus', 'iterations', 'maxDuration'],
  read({ base, field, path, problems }) {
    const own = quota(field)
    if (own !== undefined && own.iterations < own.vus) {
      problems.add(`${path}.iterations`, `must be at least the number of VUs, ${own.vus}`, own.iterations)
    }
    return own && { executor: 'shared-iterations', ...base, ...own }
  },
  durationOf: ({ maxDuration }) => maxDuration,
  vusOf: ({ vus }) => ({ initial: vus, max: vus }),
  newRun: (plan, context) => new SharedIterationsRun(plan, context),
}

/** The VUs do a number together, each as fast as it can; what the end prevents is dropped. */
class SharedIterationsRun extends ScenarioRun {
  readonly #iterations: number
  #next = 0

  constructor(plan: ScenarioPlan<SharedIterations>, context: ScenarioContext) {
    super(plan, context)
    this.#iterations = plan.iterations.count(plan.scenario.iterations)
  }

  protected override begin(): void {
    for (const vu of this.vus) this.ended(vu)
  }

  protected override ended(vu: Vu): void {
    if (this.#next < this.#iterations) this.startIteration(vu, this.plan.iterations.at(this.#next++))
    else if (this.running === 0) this.end()
  }

  protected override finish(): void {
    const left = this.#iterations - this.#next
    this.drop(left, this.context.sinceStart(this.context.services.now()))
  }
}
