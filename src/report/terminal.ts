import { styleText } from 'node:util'
import type { CheckResult } from '../verdict/check.ts'
import type { ClauseRow, RunResult } from '../verdict/run-result.ts'
import type { Verdict } from '../verdict/verdict.ts'

export interface TerminalStyle {
  readonly color: boolean
  /** Columns; lines are cut to it, not wrapped. */
  readonly width: number
}

type Format = Parameters<typeof styleText>[0]

const LOOK: Record<Verdict, { mark: string; format: Format }> = {
  held: { mark: '✓', format: 'green' },
  broken: { mark: '✗', format: 'red' },
  'not provable here': { mark: '–', format: 'yellow' },
  'not evaluated': { mark: '?', format: 'magenta' },
}

/** The result of a run for a person: the clause table, what is broken and why, and the verdict last, where the eye ends up. */
export function renderTerminal(result: RunResult, style: TerminalStyle): string {
  const paint = (format: Format, text: string) =>
    style.color ? styleText(format, text, { validateStream: false }) : text
  const lines: string[] = []
  if (result.clauses.length > 0)
    lines.push('', ...result.clauses.map((row) => clauseLine(row, style.width, paint)))
  const broken = result.checks.filter((check) => check.verdict === 'broken')
  for (const check of broken) lines.push('', ...failureLines(check, paint))
  lines.push('', verdictLine(result, paint))
  if (result.error?.remedy !== undefined) lines.push(`  ${result.error.remedy}`)
  return `${lines.join('\n')}\n`
}

type Paint = (format: Format, text: string) => string

function clauseLine(row: ClauseRow, width: number, paint: Paint): string {
  const { mark, format } = LOOK[row.verdict]
  const proof =
    row.verdict === 'held'
      ? `${row.checks.length} ${row.checks.length === 1 ? 'check' : 'checks'}`
      : row.verdict
  const known = row.knownFailure === undefined ? '' : ` (known: ${row.knownFailure})`
  const note = row.verdict === 'held' || row.reason === undefined ? '' : `: ${row.reason}`
  const head = `${row.id.padEnd(8)} `
  const tail = `  ${proof}${known}${note}`
  const room = Math.max(24, width - head.length - 2 - Math.min(tail.length, Math.floor(width / 3)))
  const text = row.text.length > room ? `${row.text.slice(0, room - 1)}…` : row.text
  const end =
    tail.length > width - head.length - 2 - text.length
      ? `${tail.slice(0, Math.max(0, width - head.length - 3 - text.length))}…`
      : tail
  return `${paint(format, mark)} ${paint('bold', head)}${text}${paint(row.verdict === 'held' ? 'dim' : format, end)}`
}

function failureLines(check: CheckResult, paint: Paint): string[] {
  const lines = [
    `${paint('red', '✗')} ${paint('bold', check.id)} (${check.clauses.join(', ')}): ${check.title}`,
  ]
  for (const failure of check.failures) {
    lines.push(`    ${failure.message}`)
    if (failure.expected !== undefined) lines.push(`      expected  ${failure.expected}`)
    if (failure.actual !== undefined) lines.push(`      actual    ${failure.actual}`)
  }
  return lines
}

function verdictLine(result: RunResult, paint: Paint): string {
  const counts = (['held', 'broken', 'not provable here', 'not evaluated'] as const)
    .map((verdict) => ({ verdict, count: result.clauses.filter((row) => row.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => paint(LOOK[verdict].format, `${count} ${verdict}`))
    .join(', ')
  const seconds = `${(result.durationMs / 1000).toFixed(1)} s`
  if (result.interrupted)
    return `${paint('yellow', 'interrupted')}: ${counts || 'nothing was evaluated'} (${seconds})`
  if (result.error !== undefined)
    return `${paint('red', `no verdict: ${result.error.kind}`)} ${result.error.message}`
  const { mark, format } = LOOK[result.verdict]
  return `${paint(format, `${mark} ${result.verdict}`)}: ${counts || 'nothing was evaluated'} (${seconds})`
}
