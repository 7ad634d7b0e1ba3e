import { suggestion } from '../../verdict/suggestion.ts'
import { EXECUTORS, executorOf } from '../executors/table.ts'
import { EXECUTOR_NAMES, type ExecutorName, type Scenario } from '../options/options.ts'
import {
  complete,
  duration,
  fields,
  filledText,
  member,
  oneOf,
  type Problems,
  record,
  strings,
} from '../options/reader.ts'

/** k6 makes a scenario of this name of the shorthand options. */
export const DEFAULT_SCENARIO = 'default'

const BASE_KEYS = ['executor', 'startTime', 'gracefulStop', 'exec', 'env', 'tags']

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
  const executor = oneOf(EXECUTOR_NAMES)(raw.executor, `${path}.executor`, problems)
  if (executor === undefined) return undefined
  refuseUnknown(raw, executor, path, problems)
  const field = fields(raw, path, problems)
  const base = complete({
    startTime: field('startTime', duration(), 0),
    gracefulStop: field('gracefulStop', duration(), 30_000),
    exec: field('exec', filledText, 'default'),
    env: field('env', strings, {}),
    tags: field('tags', strings, {}),
  })
  // Read even when the base is wrong: all problems are told at once.
  const scenario = executorOf({ executor }).read({
    base: { name, ...(base ?? NO_BASE) },
    raw,
    field,
    path,
    problems,
  })
  return base && scenario
}

const NO_BASE = { startTime: 0, gracefulStop: 0, exec: '', env: {}, tags: {} }

function refuseUnknown(raw: object, executor: ExecutorName, path: string, problems: Problems): void {
  const known = [...BASE_KEYS, ...executorOf({ executor }).keys]
  for (const key of Object.keys(raw)) {
    if (known.includes(key)) continue
    if (key === 'options') {
      problems.add(`${path}.options`, 'is for browser scenarios, which only k6 runs: use --engine k6')
    } else {
      const other = EXECUTOR_NAMES.filter((candidate) => EXECUTORS[candidate].keys.includes(key))
      problems.add(
        `${path}${member(key)}`,
        other.length > 0
          ? `is not an option of ${executor}, but of ${other.join(', ')}`
          : `is not known${suggestion(key, known)}`,
      )
    }
  }
}
