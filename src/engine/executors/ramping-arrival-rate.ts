import type { RampingArrivalRate, Stage } from '../options/options.ts'
import { complete, integer } from '../options/reader.ts'
import { ArrivalRateRun } from './arrival-rate-run.ts'
import type { Executor } from './executor.ts'
import { openOptions, stages, stagesDuration } from './schemas.ts'

export const rampingArrivalRate: Executor<RampingArrivalRate> = {
  keys: ['startRate', 'timeUnit', 'stages', 'preAllocatedVUs', 'maxVUs'],
  read({ base, raw, field, path, problems }) {
    const own = complete({
      startRate: field('startRate', integer(0), 0),
      stages: field('stages', stages),
      ...openOptions(raw, field, path, problems),
    })
    if (own !== undefined && !startsSomething(own.startRate, own.stages)) {
      problems.add(path, 'plans no iteration: the rate is 0 in every stage that takes time')
    }
    return own && { executor: 'ramping-arrival-rate', ...base, ...own }
  },
  durationOf: ({ stages: all }) => stagesDuration(all),
  vusOf: ({ preAllocatedVUs, maxVUs }) => ({ initial: preAllocatedVUs, max: maxVUs }),
  newRun: (plan, context) => new ArrivalRateRun(plan, context),
}

function startsSomething(startRate: number, all: readonly Stage[]): boolean {
  return all.some(({ duration, target }, index) => {
    const from = all[index - 1]?.target ?? startRate
    return duration > 0 && from + target > 0
  })
}
