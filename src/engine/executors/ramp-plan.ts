import type { RampingVus } from '../options/options.ts'
import { type SegmentIndex, WHOLE } from './segment-index.ts'

/** From `at` (ms from the start of the scenario) on, `vus` VUs loop. */
export interface VuStep {
  readonly at: number
  readonly vus: number
}

/**
 * How many VUs a ramping-vus scenario wants, step by step: each VU comes and goes at the moment at which the
 * straight line from stage to stage crosses it. The last step takes the last VU away at the end of the stages.
 * A VU that is taken away may end its iteration within `gracefulRampDown`; a segment's steps are those of the whole
 * at which its own number changes, so the segments add up to the whole at every moment.
 */
export function planRamp(scenario: RampingVus, segment: SegmentIndex = WHOLE): VuStep[] {
  const steps: VuStep[] = []
  const add = (at: number, total: number) => {
    const vus = segment.count(total)
    const last = steps.at(-1)
    if (last?.at === at) steps.pop()
    if (steps.at(-1)?.vus !== vus) steps.push({ at, vus })
  }
  let start = 0
  let from = scenario.startVUs
  add(0, from)
  for (const { duration, target } of scenario.stages) {
    const direction = Math.sign(target - from)
    if (duration === 0) add(start, target)
    else {
      for (let vus = from + direction; direction * (target - vus) >= 0 && direction !== 0; vus += direction) {
        add(start + (duration * (vus - from)) / (target - from), vus)
      }
    }
    start += duration
    from = target
  }
  add(start, 0)
  return steps
}
