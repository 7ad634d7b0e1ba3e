import { painter } from '../terminal.ts'
import type { Comparison } from './compare.ts'
import { FAILURE_RULE, LATENCY_RULE, RATE_RULE } from './rule.ts'

/** A comparison for a terminal: what changed, how much of the two runs overlaps, and the rule that was applied. */
export function renderComparison(comparison: Comparison, { color }: { color: boolean }): string {
  const paint = painter(color)
  const tone = { regression: 'red', improvement: 'green' } as const
  const lines: string[] = []
  for (const { id, baseline, current, change } of comparison.clauses) {
    if (change === 'same') continue
    const text = `${id.padEnd(8)} ${baseline ?? 'not asked'} → ${current ?? 'not asked'}  ${change}`
    lines.push(change === 'regression' || change === 'improvement' ? paint(tone[change], text) : text)
  }
  if (lines.length === 0) lines.push('no clause changed')
  for (const load of comparison.loads) {
    lines.push(
      '',
      paint('bold', `${load.scenario} (${load.profile})`) +
        (load.notComparable === undefined ? '' : `: not comparable, ${load.notComparable}`),
    )
    for (const { name, unit, baseline, current, bound, spread, change } of load.figures) {
      const text = `  ${name.padEnd(20)} ${figure(baseline)} → ${figure(current)}${unit && ` ${unit}`}  ${change} (bound ${figure(bound)}, spread ${figure(spread)})`
      lines.push(change === 'noise' ? text : paint(tone[change], text))
    }
  }
  const { overlap } = comparison
  lines.push(
    '',
    `overlap: ${overlap.clauses} of ${overlap.ofClauses} clauses evaluated now, ${overlap.loads} of ${overlap.ofLoads} load scenarios`,
    `rule: worse by more than the spread of the baseline's repeats and the error of so few samples, and for latency more than ${LATENCY_RULE.relative * 100} % and ${LATENCY_RULE.absolute} ms, for rates ${RATE_RULE.relative * 100} % and ${RATE_RULE.absolute}/s, for failed requests ${FAILURE_RULE.absolute * 100} percentage points`,
    comparison.verdict === 'broken'
      ? paint('red', 'regression')
      : comparison.verdict === 'held'
        ? paint('green', 'no regression')
        : paint('magenta', 'no verdict: part of the two runs cannot be compared'),
  )
  return `${lines.join('\n')}\n`
}

function figure(value: number): string {
  return value.toPrecision(4).replace(/\.?0+$/, '')
}
