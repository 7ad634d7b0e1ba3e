import type { ConstantVus } from '../options/options.ts'
import { complete, integer } from '../options/reader.ts'
import type { Vu } from '../vu/vu.ts'
import type { Executor } from './executor.ts'
import { ScenarioRun } from './scenario-run.ts'
import { atLeastASecond } from './schemas.ts'

export const constantVus: Executor<ConstantVus> = {
  keys: ['vus', 'duration'],
  read({ base, field }) {
    const own = complete({ vus: field('vus', integer(1), 1), duration: field('duration', atLeastASecond) })
    return own && { executor: 'constant-vus', ...base, ...own }
  },
  durationOf: ({ duration }) => duration,
  vusOf: ({ vus }) => ({ initial: vus, max: vus }),
  newRun: (plan, context) => new ConstantVusRun(plan, context),
}

/** Every VU starts an iteration when its last one has ended. */
class ConstantVusRun extends ScenarioRun {
  #next = 0

  protected override begin(): void {
    for (const vu of this.vus) this.ended(vu)
  }

  protected override ended(vu: Vu): void {
    this.startIteration(vu, this.plan.iterations.at(this.#next++))
  }

  protected override finish(): void {}
}
