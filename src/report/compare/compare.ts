import type { LoadResult, RequestGroup } from '../../verdict/load-result.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { combineVerdicts, type Verdict } from '../../verdict/verdict.ts'
import { labelOf, measuredRequests } from '../describe.ts'
import {
  FAILURE_RULE,
  type FigureChange,
  judgeFigure,
  LATENCY_RULE,
  RATE_RULE,
  type Rule,
  samplingError,
} from './rule.ts'

interface ClauseChange {
  readonly id: string
  /** Absent: that run was not asked for the clause. */
  readonly baseline: Verdict | undefined
  readonly current: Verdict | undefined
  readonly change: 'regression' | 'improvement' | 'same' | 'no baseline' | 'gone'
}

interface LoadChange {
  readonly scenario: string
  readonly profile: string
  /** Why the figures of this scenario say nothing about each other; then there are none. */
  readonly notComparable?: string
  readonly figures: readonly (FigureChange & { readonly name: string; readonly unit: string })[]
}

export interface Comparison {
  readonly clauses: readonly ClauseChange[]
  readonly loads: readonly LoadChange[]
  /** How much of what the current run evaluated the baseline had evaluated too. */
  readonly overlap: {
    readonly clauses: number
    readonly ofClauses: number
    readonly loads: number
    readonly ofLoads: number
  }
  /** not evaluated: the two have nothing in common that could be compared, or figures that are not comparable. */
  readonly verdict: Extract<Verdict, 'held' | 'broken' | 'not evaluated'>
}

/**
 * Two runs side by side; each may be several repeats of the same run, which gives the spread.
 * @param baseline @param current at least one result each
 */
export function compareRuns(baseline: readonly RunResult[], current: readonly RunResult[]): Comparison {
  const clauses = compareClauses(verdictsOf(baseline), verdictsOf(current))
  const loads = compareLoads(baseline, current)
  const overlap = {
    clauses: clauses.filter(
      ({ baseline: before, current: after }) => isEvaluated(before) && isEvaluated(after),
    ).length,
    ofClauses: clauses.filter(({ current: after }) => isEvaluated(after)).length,
    loads: loads.filter(({ figures }) => figures.length > 0).length,
    ofLoads: loads.length,
  }
  const regressed =
    clauses.some(({ change }) => change === 'regression') ||
    loads.some(({ figures }) => figures.some(({ change }) => change === 'regression'))
  const blind =
    overlap.clauses + overlap.loads === 0 || loads.some(({ notComparable }) => notComparable !== undefined)
  return { clauses, loads, overlap, verdict: regressed ? 'broken' : blind ? 'not evaluated' : 'held' }
}

/** A clause that was broken in one of the repeats is broken. */
function verdictsOf(runs: readonly RunResult[]): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>()
  for (const { id, verdict } of runs.flatMap((run) => run.clauses)) {
    const before = verdicts.get(id)
    verdicts.set(id, before === undefined ? verdict : combineVerdicts([before, verdict]))
  }
  return verdicts
}

function compareClauses(
  before: ReadonlyMap<string, Verdict>,
  after: ReadonlyMap<string, Verdict>,
): ClauseChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((id) => {
    const baseline = before.get(id)
    const current = after.get(id)
    return { id, baseline, current, change: clauseChange(baseline, current) }
  })
}

function clauseChange(baseline: Verdict | undefined, current: Verdict | undefined): ClauseChange['change'] {
  if (current === undefined) return 'gone'
  if (current === 'broken')
    return baseline === 'broken' ? 'same' : baseline === undefined ? 'no baseline' : 'regression'
  if (baseline === undefined) return 'no baseline'
  // A clause that held and is not evaluated any more has lost its proof, whoever is to blame.
  if (baseline === 'held') return current === 'held' ? 'same' : 'regression'
  return baseline === current ? 'same' : current === 'held' ? 'improvement' : 'same'
}

function isEvaluated(verdict: Verdict | undefined): boolean {
  return verdict === 'held' || verdict === 'broken'
}

function compareLoads(baseline: readonly RunResult[], current: readonly RunResult[]): LoadChange[] {
  const groups = Map.groupBy(loadsOf(current), keyOf)
  const before = Map.groupBy(loadsOf(baseline), keyOf)
  return [...groups].map(([key, loads]) => compareLoad(before.get(key) ?? [], loads))
}

interface PlacedLoad {
  readonly load: LoadResult
  readonly run: RunResult
}

function loadsOf(runs: readonly RunResult[]): PlacedLoad[] {
  return runs.flatMap((run) => run.loads.map((load) => ({ load, run })))
}

function keyOf({ load }: PlacedLoad): string {
  return `${load.scenario} ${load.profile}`
}

function compareLoad(baseline: readonly PlacedLoad[], current: readonly PlacedLoad[]): LoadChange {
  const [first] = current
  if (first === undefined) throw new RangeError('a group has at least one load')
  const { scenario, profile } = first.load
  const notComparable = whyNot(baseline, current)
  if (notComparable !== undefined) return { scenario, profile, notComparable, figures: [] }
  const figures = figuresOf(current).flatMap(({ name, unit, rule, pick, error }) => {
    const before = baseline.map(({ load }) => pick(load)).filter((value) => value !== undefined)
    const after = current.map(({ load }) => pick(load)).filter((value) => value !== undefined)
    if (before.length === 0 || after.length === 0) return []
    const sampling = Math.max(0, ...baseline.map(({ load }) => error?.(load) ?? 0))
    return [{ name, unit, ...judgeFigure(before, after, rule, sampling) }]
  })
  return { scenario, profile, figures }
}

/** Figures of other machines, engines, versions or generators out of breath are not figures of the same thing. */
function whyNot(baseline: readonly PlacedLoad[], current: readonly PlacedLoad[]): string | undefined {
  if (baseline.length === 0) return 'no baseline'
  if ([...baseline, ...current].some(({ load }) => load.generator.saturated.length > 0))
    return 'a generator was saturated'
  if ([...baseline, ...current].some(({ load }) => load.interrupted)) return 'a run was interrupted'
  const [before] = baseline
  const [after] = current
  if (before === undefined || after === undefined) return 'no baseline'
  for (const [what, describe] of SAME) {
    const values = new Set([...baseline, ...current].map(describe))
    if (values.size > 1) return `${what} differs: ${[...values].join(', ')}`
  }
  return undefined
}

const SAME: readonly (readonly [string, (placed: PlacedLoad) => string])[] = [
  ['the machine', ({ run }) => `${run.harness.platform}, ${run.harness.cpus} CPUs`],
  ['the Node version', ({ run }) => run.harness.node],
  ['the harness version', ({ run }) => run.harness.version],
  ['the engine', ({ load }) => `${load.engine} ${load.engineVersion}`],
  ['the number of workers', ({ load }) => String(load.generator.workers)],
  [
    'the planned rate',
    ({ load }) => (load.rate.planned === undefined ? 'none' : load.rate.planned.toFixed(1)),
  ],
]

interface Figure {
  readonly name: string
  readonly unit: string
  readonly rule: Rule
  pick(load: LoadResult): number | undefined
  /** By how much the figure may be wrong for the number of its samples alone. */
  error?(load: LoadResult): number
}

const RATE: Figure = { name: 'rate', unit: '/s', rule: RATE_RULE, pick: (load) => load.rate.achieved }

const FAILED_CHECKS: Figure = {
  name: 'failed checks',
  unit: '',
  rule: FAILURE_RULE,
  pick: ({ checks }) => {
    const fails = checks.reduce((sum, check) => sum + check.fails, 0)
    const passes = checks.reduce((sum, check) => sum + check.passes, 0)
    return fails + passes === 0 ? undefined : fails / (fails + passes)
  },
}

/** Of the whole, then of each auth type by itself: a login hashes a password, and a figure over both says nothing. */
function figuresOf(loads: readonly PlacedLoad[]): Figure[] {
  const groups = new Map(
    loads.flatMap(({ load }) =>
      measuredRequests(load).map((group) => [keyOfGroup(group), { group, label: labelOf(group, load) }]),
    ),
  )
  return [
    RATE,
    FAILED_CHECKS,
    ...[...groups.values()].flatMap(({ group, label }) => figuresOfGroup(group, label)),
  ]
}

function figuresOfGroup(group: RequestGroup, label: string): Figure[] {
  const find = (load: LoadResult) => load.requests.find((each) => keyOfGroup(each) === keyOfGroup(group))
  return [
    {
      name: `${label} failed`,
      unit: '',
      rule: FAILURE_RULE,
      pick: (load) => {
        const found = find(load)
        return found && found.failed / found.count
      },
    },
    ...PERCENTILES.map(
      ([stat, percentile]): Figure => ({
        name: `${label} p${percentile}`,
        unit: 'ms',
        rule: LATENCY_RULE,
        pick: (load) => find(load)?.values[stat],
        error: (load) => {
          const found = find(load)
          return found === undefined ? 0 : samplingError(found, percentile)
        },
      }),
    ),
  ]
}

const PERCENTILES = [
  ['med', 50],
  ['p(95)', 95],
  ['p(99)', 99],
  ['p(99.5)', 99.5],
] as const

function keyOfGroup({ auth, phase }: RequestGroup): string {
  return JSON.stringify([auth, phase])
}
