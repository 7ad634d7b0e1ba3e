import type { RequestGroup } from '../verdict/load-result.ts'
import type { RunResult } from '../verdict/run-result.ts'
import { VERDICTS, type Verdict } from '../verdict/verdict.ts'

/** The words and marks that every report uses for a verdict; a mark says it to those who see no colour. */
export const MARK: Record<Verdict, string> = {
  held: '✓',
  broken: '✗',
  'not provable here': '–',
  'not evaluated': '?',
}

/** How many clauses have each verdict, the worst first; verdicts that no clause has are left out. */
export function verdictCounts({
  clauses,
}: Pick<RunResult, 'clauses'>): { verdict: Verdict; count: number }[] {
  return VERDICTS.map((verdict) => ({
    verdict,
    count: clauses.filter((row) => row.verdict === verdict).length,
  })).filter(({ count }) => count > 0)
}

export function describeCounts(result: Pick<RunResult, 'clauses'>): string {
  return (
    verdictCounts(result)
      .map(({ verdict, count }) => `${count} ${verdict}`)
      .join(', ') || 'nothing was evaluated'
  )
}

/** `1.2 s`, `340 ms`. */
export function describeDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** What was tested, in a line. */
export function describeTarget({ target }: Pick<RunResult, 'target'>): string {
  const what = target.kind === 'embedded' ? 'the embedded reference provider' : target.baseUrl
  return `${what}, site ${target.siteId}, ${target.apiVersion}${target.defect === undefined ? '' : `, with the planted defect ${target.defect}`}`
}

/** The requests that figures are made of, the main part of the run first: those of the warm-up are none. */
export function measuredRequests<Group extends Pick<RequestGroup, 'phase'>>({
  requests,
}: {
  readonly requests: readonly Group[]
}): Group[] {
  return requests
    .filter(({ phase }) => phase !== 'warmup')
    .toSorted((a, b) => Number(b.phase === 'main') - Number(a.phase === 'main'))
}

/** What a report calls a group of requests; no two groups of a load have one name. */
export function labelOf(
  { auth, phase }: Pick<RequestGroup, 'auth' | 'phase'>,
  { requests }: { readonly requests: readonly Pick<RequestGroup, 'auth' | 'phase'>[] },
): string {
  const name = auth ?? 'all requests'
  if (phase === 'main' || (phase !== undefined && phase === auth)) return name
  if (phase !== undefined) return `${name} (${phase})`
  return requests.some((other) => other.auth === auth && other.phase === 'main') ? `${name} (no phase)` : name
}
