import type { Verdict } from '../../verdict/verdict.ts'
import { labelOf, measuredRequests } from '../describe.ts'
import type { PastRun, PastRuns } from './read.ts'

type Run = PastRuns['runs'][number]

interface TrendPoint {
  readonly run: Run
  readonly value: number
}

/** One figure of one auth type over runs that can be compared. */
export interface Trend {
  readonly name: string
  readonly unit: string
  readonly points: readonly TrendPoint[]
}

/** A scenario under one profile, on one machine, engine and target. */
export interface ScenarioHistory {
  readonly scenario: string
  readonly profile: string
  /** What its runs have in common, in words. */
  readonly where: string
  readonly trends: readonly Trend[]
}

/** A clause whose verdict is another than in the run before that evaluated it. */
export interface VerdictChange {
  readonly run: Run
  readonly clause: string
  readonly before: Verdict
  readonly after: Verdict
}

/** The trends of all load scenarios: runs of other machines, engines, targets or rates are kept apart. */
export function scenarioHistories({ runs }: Pick<PastRuns, 'runs'>): ScenarioHistory[] {
  const placed = runs.flatMap((run) =>
    run.loads
      // Figures of a generator out of breath, or of a part of a run, are not figures of the target.
      .filter(({ generator, interrupted }) => generator.saturated.length === 0 && !interrupted)
      .map((load) => ({ run, load })),
  )
  const groups = Map.groupBy(placed, ({ run, load }) =>
    JSON.stringify([load.scenario, load.profile, environmentOf(run, load)]),
  )
  return [...groups.values()].flatMap((members) => {
    const [first] = members
    if (first === undefined) return []
    const { scenario, profile } = first.load
    return { scenario, profile, where: environmentOf(first.run, first.load), trends: trendsOf(members) }
  })
}

function trendsOf(members: readonly { run: Run; load: PastRun['loads'][number] }[]): Trend[] {
  const rate = members.map(({ run, load }) => ({ run, value: load.rate.achieved }))
  const requests = members.flatMap(({ run, load }) =>
    measuredRequests(load).map((group) => ({ run, group, label: labelOf(group, load) })),
  )
  const byGroup = Map.groupBy(requests, ({ label }) => label)
  const latencies = [...byGroup].flatMap(([label, own]) =>
    (['p(95)', 'p(99)'] as const).map((stat) => ({
      name: `${label} ${stat.replace(/[()]/g, '')}`,
      unit: 'ms',
      points: own.flatMap(({ run, group }) => {
        const value = group.values[stat]
        return value === undefined ? [] : [{ run, value }]
      }),
    })),
  )
  return [...latencies, { name: 'rate', unit: '/s', points: rate }].filter(({ points }) => points.length > 0)
}

function environmentOf(run: Run, { engine, generator, rate }: PastRun['loads'][number]): string {
  const planned =
    rate.planned === undefined ? 'no planned rate' : `${Number(rate.planned.toFixed(1))}/s planned`
  const workers = generator.workers === 1 ? '1 worker' : `${generator.workers} workers`
  return [
    targetOf(run),
    `${run.harness.platform}, ${run.harness.cpus} CPUs`,
    `engine ${engine}`,
    workers,
    planned,
  ].join(' · ')
}

/** The embedded provider has another port each time, and is the same target. */
export function targetOf({ target }: Pick<Run, 'target'>): string {
  const { kind, baseUrl, siteId, apiVersion, defect } = target
  const where = kind === 'embedded' ? 'embedded provider' : baseUrl
  return `${where}, ${siteId}, ${apiVersion}${defect === undefined ? '' : `, defect ${defect}`}`
}

/** Which clause changed when, the newest first; each target by itself. */
export function verdictChanges({ runs }: Pick<PastRuns, 'runs'>): VerdictChange[] {
  const last = new Map<string, Verdict>()
  const changes: VerdictChange[] = []
  for (const run of runs) {
    for (const { id, verdict } of run.clauses) {
      const key = JSON.stringify([targetOf(run), id])
      const before = last.get(key)
      last.set(key, verdict)
      if (before !== undefined && before !== verdict)
        changes.push({ run, clause: id, before, after: verdict })
    }
  }
  return changes.toReversed()
}
