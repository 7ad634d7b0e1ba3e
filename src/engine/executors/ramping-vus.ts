import type { RampingVus } from '../options/options.ts'
import { complete, duration, integer } from '../options/reader.ts'
import { CallbackTimer } from '../time/wheel.ts'
import type { Vu } from '../vu/vu.ts'
import type { Executor } from './executor.ts'
import type { ScenarioPlan } from './plan.ts'
import { planRamp, type VuStep } from './ramp-plan.ts'
import { type ScenarioContext, ScenarioRun } from './scenario-run.ts'
import { stages, stagesDuration } from './schemas.ts'

export const rampingVus: Executor<RampingVus> = {
  keys: ['startVUs', 'stages', 'gracefulRampDown'],
  read({ base, field, path, problems }) {
    const own = complete({
      startVUs: field('startVUs', integer(0), 1),
      stages: field('stages', stages),
      gracefulRampDown: field('gracefulRampDown', duration(), 30_000),
    })
    if (own !== undefined && mostVus(own) === 0) {
      problems.add(path, 'must have startVUs, or the target of a stage, above 0')
    }
    return own && { executor: 'ramping-vus', ...base, ...own }
  },
  durationOf: ({ stages: all }) => stagesDuration(all),
  vusOf: (scenario) => ({ initial: mostVus(scenario), max: mostVus(scenario) }),
  newRun: (plan, context) => new RampingVusRun(plan, context),
}

function mostVus({ startVUs, stages: all }: Pick<RampingVus, 'startVUs' | 'stages'>): number {
  return Math.max(startVUs, ...all.map(({ target }) => target))
}

/**
 * VUs loop while the plan wants them. The last to come is the first to go; a VU that goes may end its
 * iteration within `gracefulRampDown`, and stays when it is wanted again before.
 */
class RampingVusRun extends ScenarioRun {
  readonly #steps: readonly VuStep[]
  readonly #gracefulRampDown: number
  readonly #timer = new CallbackTimer((now) => this.#step(now))
  readonly #cutOffs = new Map<number, CallbackTimer>()
  #nextStep = 0
  #wanted = 0
  #next = 0

  constructor(plan: ScenarioPlan<RampingVus>, context: ScenarioContext) {
    super(plan, context)
    this.#steps = planRamp(plan.scenario, plan.vus)
    this.#gracefulRampDown = plan.scenario.gracefulRampDown
  }

  protected override begin(): void {
    this.#step(this.context.services.now())
  }

  protected override ended(vu: Vu): void {
    const { index } = vu
    if (index < this.#wanted) this.startIteration(vu, this.plan.iterations.at(this.#next++))
    else this.#keep(index)
  }

  protected override finish(): void {
    this.context.services.wheel.disarm(this.#timer)
    // What still runs has gracefulStop and, where it was taken away, gracefulRampDown: the earlier of the two.
    this.#want(0, this.startsAt + this.plan.end)
  }

  #step(now: number): void {
    const steps = this.#steps
    for (let step = steps[this.#nextStep]; step !== undefined; step = steps[this.#nextStep]) {
      const at = this.startsAt + step.at
      if (at > now) {
        this.context.services.wheel.armAt(this.#timer, at)
        return
      }
      this.#nextStep++
      this.#want(step.vus, at)
    }
  }

  #want(vus: number, at: number): void {
    const before = this.#wanted
    this.#wanted = vus
    for (let index = before; index < vus; index++) this.#bring(index)
    for (let index = before - 1; index >= vus; index--) this.#takeAway(index, at)
  }

  #bring(index: number): void {
    this.#keep(index)
    const vu = this.vus[index]
    if (vu === undefined || vu.stopped) this.#replace(index)
    else if (!vu.running && !vu.waiting) this.ended(vu)
  }

  #takeAway(index: number, at: number): void {
    const vu = this.vus[index]
    if (vu === undefined || !vu.running) return
    const timer = new CallbackTimer(() => {
      this.#cutOffs.delete(index)
      if (vu.running) this.cutOffVu(vu)
    })
    this.#cutOffs.set(index, timer)
    this.context.services.wheel.armAt(timer, at + this.#gracefulRampDown)
  }

  /** The VU is wanted again, or has ended: nothing is to be cut off. */
  #keep(index: number): void {
    const timer = this.#cutOffs.get(index)
    if (timer === undefined) return
    this.#cutOffs.delete(index)
    this.context.services.wheel.disarm(timer)
  }

  #replace(index: number): void {
    this.context.newVu(index, this).then(
      (vu) => {
        this.vus[index] = vu
        if (!this.over) this.ended(vu)
      },
      (error: Error) => this.context.failed(error),
    )
  }
}
