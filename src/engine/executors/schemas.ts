import { suggestion } from '../../verdict/suggestion.ts'
import type { Stage } from '../options/options.ts'
import {
  complete,
  duration,
  type Field,
  fields,
  integer,
  isGiven,
  listOf,
  member,
  type Problems,
  type Reader,
  record,
} from '../options/reader.ts'

const SECOND = 1_000

/** k6 takes no shorter time for an executor. */
export const atLeastASecond = duration(SECOND, 'must be at least 1s')

/** `[{ duration, target }]`, at least one. */
export const stages: Reader<Stage[]> = (value, path, problems) => {
  if (Array.isArray(value) && value.length === 0) return problems.add(path, 'must have at least one stage')
  return listOf<Stage>((item, at, found) => {
    const raw = record(item, at, found)
    if (raw === undefined) return undefined
    for (const key of Object.keys(raw)) {
      if (key !== 'duration' && key !== 'target') {
        found.add(`${at}${member(key)}`, `is not known${suggestion(key, ['duration', 'target'])}`)
      }
    }
    const field = fields(raw, at, found)
    return complete({ duration: field('duration', duration()), target: field('target', integer(0)) })
  })(value, path, problems)
}

/** How long stages take together, ms. */
export function stagesDuration(all: readonly Stage[]): number {
  return all.reduce((sum, stage) => sum + stage.duration, 0)
}

/** Options of the executors that do a number of iterations. */
export function quota(field: Field) {
  return complete({
    vus: field('vus', integer(1), 1),
    iterations: field('iterations', integer(1), 1),
    maxDuration: field('maxDuration', atLeastASecond, 600 * SECOND),
  })
}

const timeUnit = duration(1e-6, 'must be more than 0')

/** Options of both arrival-rate executors. `maxVUs` is `preAllocatedVUs` unless it is given. */
export function openOptions(
  raw: Readonly<Record<string, unknown>>,
  field: Field,
  path: string,
  problems: Problems,
) {
  const unit = field('timeUnit', timeUnit, SECOND)
  const preAllocatedVUs = field('preAllocatedVUs', integer(0))
  const maxVUs = isGiven(raw.maxVUs) ? field('maxVUs', integer(1)) : preAllocatedVUs
  if (preAllocatedVUs !== undefined && maxVUs !== undefined) {
    if (maxVUs < preAllocatedVUs) {
      problems.add(`${path}.maxVUs`, `must be at least preAllocatedVUs, ${preAllocatedVUs}`, maxVUs)
    } else if (maxVUs === 0) {
      problems.add(`${path}.preAllocatedVUs`, 'must be at least 1 unless maxVUs is given', preAllocatedVUs)
    }
  }
  return { timeUnit: unit, preAllocatedVUs, maxVUs }
}
