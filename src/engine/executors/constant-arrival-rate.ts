import type { ConstantArrivalRate } from '../options/options.ts'
import { complete, integer } from '../options/reader.ts'
import { ArrivalRateRun } from './arrival-rate-run.ts'
import type { Executor } from './executor.ts'
import { atLeastASecond, openOptions } from './schemas.ts'

export const constantArrivalRate: Executor<ConstantArrivalRate> = {
  keys: ['rate', 'timeUnit', 'duration', 'preAllocatedVUs', 'maxVUs'],
  read({ base, raw, field, path, problems }) {
    const own = complete({
      rate: field('rate', integer(1)),
      duration: field('duration', atLeastASecond),
      ...openOptions(raw, field, path, problems),
    })
    return own && { executor: 'constant-arrival-rate', ...base, ...own }
  },
  durationOf: ({ duration }) => duration,
  vusOf: ({ preAllocatedVUs, maxVUs }) => ({ initial: preAllocatedVUs, max: maxVUs }),
  newRun: (plan, context) => new ArrivalRateRun(plan, context),
}
