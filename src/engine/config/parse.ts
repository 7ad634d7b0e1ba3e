import { HarnessError } from '../../verdict/errors.ts'
import { suggestion } from '../../verdict/suggestion.ts'
import { stages } from '../executors/schemas.ts'
import { parseSelector } from '../metrics/selector.ts'
import type { MetricThresholds, Options, Scenario, Threshold } from '../options/options.ts'
import {
  boolean,
  duration,
  integer,
  isGiven,
  listOf,
  member,
  oneOf,
  Problems,
  type Reader,
  record,
} from '../options/reader.ts'
import { K6_OPTIONS, PLAIN_OPTIONS } from '../options/table.ts'
import { parseThreshold } from '../options/threshold-expression.ts'
import type { OptionsLayer } from './layers.ts'
import { DEFAULT_SCENARIO, readScenario } from './scenario.ts'

/** An option where it was set last. */
interface Given {
  readonly value: unknown
  readonly path: string
  readonly explicit: boolean
}

/** Options that say what runs. Setting one replaces all that lower layers said of it, as in k6. */
const EXECUTION = ['duration', 'iterations', 'stages', 'scenarios'] as const

/**
 * The options of a run. k6's order of precedence: a later layer wins over an earlier one; the usual order is
 * configuration file, script, environment, command line.
 * @param warn is told of options that have no effect
 * @throws {HarnessError} CONFIG SCRIPT_OPTIONS with every problem at once: the option as the user wrote it, the
 *   rule and the value
 */
export function parseOptions(
  layers: readonly OptionsLayer[],
  warn: (message: string) => void = () => {},
): Options {
  const problems = new Problems()
  const given = merge(layers, problems, warn)
  const scenarios = readScenarios(given, problems, warn)
  const thresholds = read(given, 'thresholds', readThresholds, problems) ?? []
  const summaryTimeUnit = read(given, 'summaryTimeUnit', oneOf(['s', 'ms', 'us']), problems)
  const plain = Object.fromEntries(
    Object.entries(PLAIN_OPTIONS).map(([option, { read: reader, preset }]) => [
      option,
      read<unknown>(given, option, reader, problems) ?? preset,
    ]),
  ) as { [K in keyof typeof PLAIN_OPTIONS]: (typeof PLAIN_OPTIONS)[K]['preset'] }
  if (problems.list.length > 0) {
    throw new HarnessError('CONFIG', 'SCRIPT_OPTIONS', problems.list.join('\n'), {
      remedy: 'Correct these options; docs/engine-options.md lists what the engine supports.',
    })
  }
  return { scenarios, thresholds, ...(summaryTimeUnit === undefined ? {} : { summaryTimeUnit }), ...plain }
}

function merge(
  layers: readonly OptionsLayer[],
  problems: Problems,
  warn: (message: string) => void,
): Map<string, Given> {
  const given = new Map<string, Given>()
  for (const { values, nameOf, explicit } of layers) {
    const own = Object.entries(values).filter(([, value]) => isGiven(value))
    if (own.some(([option]) => (EXECUTION as readonly string[]).includes(option))) {
      for (const option of EXECUTION) given.delete(option)
    }
    for (const [option, value] of own) {
      const path = nameOf(option)
      const rule = Object.hasOwn(K6_OPTIONS, option) ? K6_OPTIONS[option] : undefined
      if (rule === undefined) {
        problems.add(path, `is not known${suggestion(option, Object.keys(K6_OPTIONS))}`)
      } else if (rule.is === 'refused') {
        problems.add(path, `is not supported: ${rule.why}`)
      } else if (rule.is === 'ignored') {
        warn(`${path} has no effect: ${rule.why}`)
      } else given.set(option, { value, path, explicit })
    }
  }
  return given
}

/** The scenarios, or the one that k6 makes of the shorthand options. */
function readScenarios(
  given: ReadonlyMap<string, Given>,
  problems: Problems,
  warn: (message: string) => void,
): Scenario[] {
  const set = EXECUTION.filter((option) => given.has(option))
  const withDuration = set.length === 2 && set.includes('duration') && set.includes('iterations')
  if (set.length > 1 && !withDuration) {
    problems.add(
      set.map((option) => given.get(option)?.path).join(', '),
      'cannot be used together: choose one',
    )
    return []
  }
  const vus = given.get('vus')
  const scenarios = given.get('scenarios')
  if (scenarios !== undefined) {
    if (vus?.explicit === true) {
      problems.add(vus.path, 'has no effect on a script with scenarios: each has its own VUs', vus.value)
    } else if (vus !== undefined)
      warn(`${vus.path} has no effect beside ${scenarios.path}, which have their own VUs`)
    return scenariosOf(scenarios, problems)
  }
  const scenario = shorthand(given, problems)
  return scenario === undefined ? [] : [scenario]
}

function scenariosOf({ value, path }: Given, problems: Problems): Scenario[] {
  const byName = record(value, path, problems)
  if (byName === undefined) return []
  if (Object.keys(byName).length === 0) problems.add(path, 'must have at least one scenario')
  return Object.entries(byName)
    .map(([name, raw]) => readScenario(name, raw, `${path}${member(name)}`, problems))
    .filter((scenario) => scenario !== undefined)
}

/** k6: iterations are shared among the VUs; a duration is constant VUs; stages ramp; nothing is one iteration. */
function shorthand(given: ReadonlyMap<string, Given>, problems: Problems): Scenario | undefined {
  const before = problems.list.length
  const vus = read(given, 'vus', integer(1), problems)
  const iterations = read(given, 'iterations', integer(1), problems)
  const time = read(given, 'duration', duration(1_000, 'must be at least 1s'), problems)
  const ramp = read(given, 'stages', stages, problems)
  if (problems.list.length > before) return undefined
  const base = {
    name: DEFAULT_SCENARIO,
    startTime: 0,
    gracefulStop: 30_000,
    exec: 'default',
    env: {},
    tags: {},
  }
  if (ramp !== undefined) {
    const startVUs = vus ?? 1
    return { ...base, executor: 'ramping-vus', startVUs, stages: ramp, gracefulRampDown: 30_000 }
  }
  if (iterations === undefined && time !== undefined) {
    return { ...base, executor: 'constant-vus', vus: vus ?? 1, duration: time }
  }
  if (iterations === undefined && vus === undefined) {
    return { ...base, executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: 600_000 }
  }
  if (iterations !== undefined && iterations < (vus ?? 1)) {
    const path = given.get('iterations')?.path ?? 'iterations'
    return problems.add(path, `must be at least the number of VUs, ${vus}`, iterations)
  }
  return {
    ...base,
    executor: 'shared-iterations',
    vus: vus ?? 1,
    iterations: iterations ?? vus ?? 1,
    maxDuration: time ?? 600_000,
  }
}

const readThresholds: Reader<MetricThresholds[]> = (value, path, problems) => {
  const byMetric = record(value, path, problems)
  return (
    byMetric &&
    Object.entries(byMetric).map(([metric, raw]) => {
      const at = `${path}${member(metric)}`
      const selector = parseSelector(metric)
      if (typeof selector === 'string') problems.add(at, `is not a metric: ${selector}`)
      return { metric, thresholds: listOf(readThreshold)(raw, at, problems) ?? [] }
    })
  )
}

const readThreshold: Reader<Threshold> = (value, path, problems) => {
  const raw = typeof value === 'string' ? { threshold: value } : record(value, path, problems)
  if (raw === undefined) return undefined
  const { threshold, abortOnFail = false, delayAbortEval = 0, ...unknown }: Record<string, unknown> = raw
  for (const key of Object.keys(unknown)) {
    problems.add(
      `${path}.${key}`,
      `is not known${suggestion(key, ['threshold', 'abortOnFail', 'delayAbortEval'])}`,
    )
  }
  if (typeof threshold !== 'string') return problems.add(`${path}.threshold`, 'must be a string', threshold)
  const expression = parseThreshold(threshold)
  if (typeof expression === 'string') return problems.add(path, `is malformed: ${expression}`, threshold)
  return {
    expression: threshold,
    abortOnFail: boolean(abortOnFail, `${path}.abortOnFail`, problems) ?? false,
    delayAbortEval: duration()(delayAbortEval ?? 0, `${path}.delayAbortEval`, problems) ?? 0,
  }
}

function read<T>(
  given: ReadonlyMap<string, Given>,
  option: string,
  reader: Reader<T>,
  problems: Problems,
): T | undefined {
  const found = given.get(option)
  return found && reader(found.value, found.path, problems)
}
