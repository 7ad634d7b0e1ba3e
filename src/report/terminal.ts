import { styleText } from 'node:util'
import type { CheckResult } from '../verdict/check.ts'
import type { ClauseRow, RunResult } from '../verdict/run-result.ts'
import type { Verdict } from '../verdict/verdict.ts'
import { curlCommand, targetRemains } from './curl.ts'
import { describeDuration, describeTarget, MARK, verdictCounts } from './describe.ts'

export interface TerminalStyle {
  readonly color: boolean
  /** Columns of the terminal; a clause's line is cut to it. */
  readonly width: number
}

type Format = Parameters<typeof styleText>[0]
export type Paint = (format: Format, text: string) => string

const VERDICT_FORMAT: Record<Verdict, Format> = {
  held: 'green',
  broken: 'red',
  'not provable here': 'yellow',
  'not evaluated': 'magenta',
}

/** Paints whatever the stream: whether there are to be colours was decided by the caller. */
export function painter(color: boolean): Paint {
  return (format, text) => (color ? styleText(format, text, { validateStream: false }) : text)
}

/** The result of a run for a person: the clause table, what is broken and why, and the verdict last, where the eye ends up. */
export function renderTerminal(result: RunResult, { color, width }: TerminalStyle): string {
  const paint = painter(color)
  const broken = result.checks.filter((check) => check.verdict === 'broken')
  const lines = [
    ...result.clauses.map((row) => clauseLine(row, width, paint)),
    ...result.loads.flatMap(({ scenario, foreign = [] }) =>
      foreign.map(({ kind, count }) => `${scenario}: no document of the API: ${kind}: ${count}`),
    ),
    ...result.loads.flatMap(breakpointLines),
    ...broken.flatMap((check) => ['', ...failureLines(check, paint, targetRemains(result))]),
    ...silentLines(result.checks, paint),
    '',
    verdictLine(result, paint),
    ...(result.error?.remedy === undefined ? [] : [`  ${result.error.remedy}`]),
  ]
  return `${lines.join('\n')}\n`
}

function clauseLine(row: ClauseRow, width: number, paint: Paint): string {
  const format = VERDICT_FORMAT[row.verdict]
  const head = `${MARK[row.verdict]} ${row.id.padEnd(8)} `
  const note = oneLine(clauseNote(row))
  const room = Math.max(20, width - head.length)
  // The note tells more than the rest of a sentence that the reader can look up.
  const text = cut(row.text, Math.max(16, room - note.length - 2, Math.floor(room / 2)))
  return `${paint(format, head)}${text}${paint(row.verdict === 'held' ? 'dim' : format, cut(`  ${note}`, Math.max(0, room - text.length)))}`
}

function clauseNote(row: ClauseRow): string {
  if (row.verdict === 'held' && row.knownFailure === undefined)
    return `${row.checks.length} ${row.checks.length === 1 ? 'check' : 'checks'}`
  if (row.verdict === 'held') return `held, and listed as a known failure: ${row.knownFailure}`
  if (row.knownFailure !== undefined) return `${row.verdict}, known: ${row.knownFailure}`
  return row.reason === undefined ? row.verdict : `${row.verdict}: ${row.reason}`
}

/** A target's words must not move the cursor or colour the terminal. Line ends stay. */
export function printable(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, '\uFFFD')
}

/** As {@link printable}, for a place that has one line only. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim())
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`
}

function breakpointLines({ scenario, breakpoint }: RunResult['loads'][number]): string[] {
  if (breakpoint === undefined) return []
  const { rate, lowest, highest, endedBy, runs } = breakpoint
  return [
    '',
    `breakpoint of ${scenario}: ${rate} iterations/s hold every threshold (trials from ${lowest} to ${highest}, ${runs} runs; ended by the ${[...new Set(endedBy)].join(', ')})`,
  ]
}

function failureLines(check: CheckResult, paint: Paint, withCurl: boolean): string[] {
  const lines = [
    `${paint('red', MARK.broken)} ${paint('bold', check.id)} (${check.clauses.join(', ') || 'no clause'}): ${check.title}`,
  ]
  for (const { message, expected, actual } of check.failures) {
    lines.push(`    ${printable(message)}`)
    if (expected !== undefined) lines.push(`      expected  ${printable(expected)}`)
    if (actual !== undefined) lines.push(`      actual    ${printable(actual)}`)
  }
  const last = check.exchanges.at(-1)
  if (last !== undefined) {
    const answer =
      last.response === undefined ? (last.error?.code ?? 'no answer') : `HTTP ${last.response.status}`
    const request = withCurl ? curlCommand(last) : `${last.request.method} ${last.request.url}`
    lines.push(
      paint('dim', `    ${printable(request).replaceAll('\n', '\n    ')}`),
      paint('dim', `    → ${answer}`),
    )
  }
  return lines
}

/** Why checks that were run could not speak: each reason once and whole, since the table has no room for it. */
function silentLines(checks: readonly CheckResult[], paint: Paint): string[] {
  const silent = checks.filter((check) => check.verdict === 'not evaluated' && check.reason !== undefined)
  return [...Map.groupBy(silent, ({ reason }) => reason)].flatMap(([reason, members]) => {
    const clauses = [...new Set(members.flatMap((check) => check.clauses))].join(', ')
    return [
      '',
      `${paint(VERDICT_FORMAT['not evaluated'], MARK['not evaluated'])} ${clauses}`,
      `    ${printable(reason ?? '')}`,
    ]
  })
}

function verdictLine(result: RunResult, paint: Paint): string {
  const counts =
    verdictCounts(result)
      .map(({ verdict, count }) => paint(VERDICT_FORMAT[verdict], `${count} ${verdict}`))
      .join(', ') || 'nothing was evaluated'
  const end = `${counts}; ${describeTarget(result)}; ${describeDuration(result.durationMs)}`
  if (result.interrupted) return `${paint('yellow', 'interrupted')}: ${end}`
  if (result.error !== undefined)
    return `${paint('red', `no verdict: ${result.error.kind} ${result.error.code}`)}: ${printable(result.error.message)}`
  return `${paint(VERDICT_FORMAT[result.verdict], `${MARK[result.verdict]} ${result.verdict}`)}: ${end}`
}
