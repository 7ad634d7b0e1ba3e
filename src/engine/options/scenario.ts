import { suggestion } from '../../verdict/suggestion.ts'
import { EXECUTORS, type ExecutorName, type Scenario, type Stage } from './options.ts'
import {
  allOf,
  duration,
  filledText,
  integer,
  isGiven,
  listOf,
  member,
  oneOf,
  type Problems,
  type Reader,
  record,
  strings,
} from './reader.ts'

/** k6 makes a scenario of this name of the shorthand options. */
export const DEFAULT_SCENARIO = 'default'

const SECOND = 1_000
const BASE_KEYS = ['executor', 'startTime', 'gracefulStop', 'exec', 'env', 'tags']
const KEYS = {
  'shared-iterations': ['vus', 'iterations', 'maxDuration'],
  'per-vu-iterations': ['vus', 'iterations', 'maxDuration'],
  'constant-vus': ['vus', 'duration'],
  'ramping-vus': ['startVUs', 'stages', 'gracefulRampDown'],
  'constant-arrival-rate': ['rate', 'timeUnit', 'duration', 'preAllocatedVUs', 'maxVUs'],
  'ramping-arrival-rate': ['startRate', 'timeUnit', 'stages', 'preAllocatedVUs', 'maxVUs'],
} as const satisfies Record<ExecutorName, readonly string[]>

/** k6 takes no shorter time for an executor. */
const atLeastASecond = duration(SECOND, 'must be at least 1s')

/** One scenario of `options.scenarios`, with k6's defaults and rules. */
export function readScenario(
  name: string,
  value: unknown,
  path: string,
  problems: Problems,
): Scenario | undefined {
  const raw = record(value, path, problems)
  if (raw === undefined) return undefined
  if (!/^[0-9a-zA-Z_-]+$/.test(name)) {
    problems.add(path, 'must have a name of digits, latin letters, underscores and dashes')
  }
  if (raw.executor === 'externally-controlled') {
    return problems.add(
      `${path}.executor`,
      'externally-controlled needs k6 and its REST API; use ramping-vus, or --engine k6',
    )
  }
  const executor = oneOf(EXECUTORS)(raw.executor, `${path}.executor`, problems)
  if (executor === undefined) return undefined
  refuseUnknown(raw, executor, path, problems)
  const field = fields(raw, path, problems)
  const base = complete({
    startTime: field('startTime', duration(), 0),
    gracefulStop: field('gracefulStop', duration(), 30 * SECOND),
    exec: field('exec', filledText, 'default'),
    env: field('env', strings, {}),
    tags: field('tags', strings, {}),
  })
  switch (executor) {
    case 'shared-iterations':
    case 'per-vu-iterations': {
      const own = complete({
        vus: field('vus', integer(1), 1),
        iterations: field('iterations', integer(1), 1),
        maxDuration: field('maxDuration', atLeastASecond, 600 * SECOND),
      })
      if (executor === 'shared-iterations' && own !== undefined && own.iterations < own.vus) {
        problems.add(`${path}.iterations`, `must be at least the number of VUs, ${own.vus}`, own.iterations)
      }
      return base && own && { name, executor, ...base, ...own }
    }
    case 'constant-vus': {
      const own = complete({
        vus: field('vus', integer(1), 1),
        duration: field('duration', atLeastASecond),
      })
      return base && own && { name, executor, ...base, ...own }
    }
    case 'ramping-vus': {
      const own = complete({
        startVUs: field('startVUs', integer(0), 1),
        stages: field('stages', stages),
        gracefulRampDown: field('gracefulRampDown', duration(), 30 * SECOND),
      })
      if (own !== undefined && Math.max(own.startVUs, ...own.stages.map(({ target }) => target)) === 0) {
        problems.add(path, 'must have startVUs, or the target of a stage, above 0')
      }
      return base && own && { name, executor, ...base, ...own }
    }
    case 'constant-arrival-rate': {
      const own = complete({
        rate: field('rate', integer(1)),
        timeUnit: field('timeUnit', timeUnit, SECOND),
        duration: field('duration', atLeastASecond),
        ...vuPool(raw, field, path, problems),
      })
      return base && own && { name, executor, ...base, ...own }
    }
    case 'ramping-arrival-rate': {
      const own = complete({
        startRate: field('startRate', integer(0), 0),
        timeUnit: field('timeUnit', timeUnit, SECOND),
        stages: field('stages', stages),
        ...vuPool(raw, field, path, problems),
      })
      if (own !== undefined && !startsSomething(own.startRate, own.stages)) {
        problems.add(path, 'plans no iteration: the rate is 0 in every stage that takes time')
      }
      return base && own && { name, executor, ...base, ...own }
    }
  }
}

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

const timeUnit = duration(1e-6, 'must be more than 0')

/** VUs of an open executor. `maxVUs` is `preAllocatedVUs` unless it is given. */
function vuPool(raw: Record<string, unknown>, field: Field, path: string, problems: Problems) {
  const preAllocatedVUs = field('preAllocatedVUs', integer(0))
  const maxVUs = isGiven(raw.maxVUs) ? field('maxVUs', integer(1)) : preAllocatedVUs
  if (preAllocatedVUs !== undefined && maxVUs !== undefined) {
    if (maxVUs < preAllocatedVUs) {
      problems.add(`${path}.maxVUs`, `must be at least preAllocatedVUs, ${preAllocatedVUs}`, maxVUs)
    } else if (maxVUs === 0) {
      problems.add(`${path}.preAllocatedVUs`, 'must be at least 1 unless maxVUs is given', preAllocatedVUs)
    }
  }
  return { preAllocatedVUs, maxVUs }
}

function startsSomething(startRate: number, all: readonly Stage[]): boolean {
  return all.some(({ duration: time, target }, index) => {
    const from = all[index - 1]?.target ?? startRate
    return time > 0 && from + target > 0
  })
}

function refuseUnknown(raw: object, executor: ExecutorName, path: string, problems: Problems): void {
  const known = [...BASE_KEYS, ...KEYS[executor]]
  for (const key of Object.keys(raw)) {
    if (known.includes(key)) continue
    if (key === 'options') {
      problems.add(`${path}.options`, 'is for browser scenarios, which only k6 runs: use --engine k6')
    } else {
      const other = EXECUTORS.filter((candidate) => (KEYS[candidate] as readonly string[]).includes(key))
      problems.add(
        `${path}${member(key)}`,
        other.length > 0
          ? `is not an option of ${executor}, but of ${other.join(', ')}`
          : `is not known${suggestion(key, known)}`,
      )
    }
  }
}

type Field = <T>(key: string, read: Reader<T>, preset?: T) => T | undefined

/** Reads members of an object; one that is not given is `preset`, or, without one, a problem. null is not given. */
function fields(raw: Readonly<Record<string, unknown>>, path: string, problems: Problems): Field {
  return (key, read, preset) => {
    const value = raw[key]
    if (isGiven(value)) return read(value, `${path}.${key}`, problems)
    return preset ?? problems.add(`${path}.${key}`, 'is needed')
  }
}

/** The object, when none of its members is missing. */
function complete<T extends Record<string, unknown>>(
  members: T,
): { [K in keyof T]: Exclude<T[K], undefined> } | undefined {
  return allOf(Object.values(members)) && (members as { [K in keyof T]: Exclude<T[K], undefined> })
}
