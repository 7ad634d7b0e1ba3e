import type { RunResult } from '../verdict/run-result.ts'
import {
  describeCounts,
  describeDuration,
  describeTarget,
  labelOf,
  MARK,
  measuredRequests,
} from './describe.ts'
import { oneLine } from './terminal.ts'

/** `summary.md`: what a reader of a pull request needs, and what GitHub shows as the step's summary. */
export function renderMarkdown(result: RunResult): string {
  const lines = [
    `## ${MARK[result.verdict]} auth-harness ${result.command}: ${result.interrupted ? 'interrupted' : result.verdict}`,
    '',
    `${describeCounts(result)} on ${escapeMarkdown(describeTarget(result))} in ${describeDuration(result.durationMs)}.`,
  ]
  if (result.error !== undefined)
    lines.push(
      '',
      `**${result.error.kind} ${result.error.code}**: ${escapeMarkdown(result.error.message)}`,
      ...(result.error.remedy ? ['', escapeMarkdown(result.error.remedy)] : []),
    )
  const open = result.clauses.filter((row) => row.verdict !== 'held')
  if (open.length > 0) {
    lines.push('', '| | clause | verdict | why |', '| --- | --- | --- | --- |')
    for (const row of open)
      lines.push(
        `| ${MARK[row.verdict]} | **${row.id}** ${escapeMarkdown(row.text)} | ${row.verdict}${row.knownFailure === undefined ? '' : ' (known)'} | ${escapeMarkdown(row.knownFailure ?? row.reason ?? '')} |`,
      )
  }
  const held = result.clauses.filter((row) => row.verdict === 'held')
  if (held.length > 0) {
    lines.push(
      '',
      `<details><summary>${held.length} held</summary>`,
      '',
      '| clause | checks |',
      '| --- | --- |',
    )
    for (const row of held) lines.push(`| **${row.id}** ${escapeMarkdown(row.text)} | ${row.checks.length} |`)
    lines.push('', '</details>')
  }
  if (result.loads.length > 0) {
    lines.push(
      '',
      '| load | profile | rate | requests | count | failed | p95 | p99 | p99.5 |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    )
    for (const load of result.loads) {
      const ms = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(1)} ms`)
      // By auth type: a percentile over several says nothing about any of them.
      for (const group of measuredRequests(load)) {
        const { count, failed, values } = group
        lines.push(
          `| ${escapeMarkdown(load.scenario)} | ${escapeMarkdown(load.profile)} | ${load.rate.achieved.toFixed(1)}/s | ${escapeMarkdown(labelOf(group, load))} | ${count} | ${failed} | ${ms(values['p(95)'])} | ${ms(values['p(99)'])} | ${ms(values['p(99.5)'])} |`,
        )
      }
    }
  }
  return `${lines.join('\n')}\n`
}

/** Text of a run inside a table cell: no markup of its own. */
function escapeMarkdown(text: string): string {
  // A named or numbered character of HTML would be read as one behind a backslash too.
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replace(/[\\`*_{}[\]<>|#~@!]/g, '\\$&')
}
