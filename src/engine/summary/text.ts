import { stripVTControlCharacters, styleText } from 'node:util'
import { BUILT_IN } from '../metrics/metric.ts'
import type { ThresholdResult } from '../thresholds/evaluate.ts'
import type { SummaryCheck, SummaryData, SummaryGroup, SummaryMetric } from './data.ts'
import { humanize } from './humanize.ts'

/**
 * k6's compact end-of-test summary: THRESHOLDS, then TOTAL RESULTS with the checks and CUSTOM, HTTP, EXECUTION and
 * NETWORK metrics. One mark more than k6 has: `?` for a threshold that had no samples, which k6 passes.
 * @param thresholds for the values that were compared, which the summary's statistics may lack
 * @returns lines, without one at the end
 */
export function summaryText(
  data: SummaryData,
  thresholds: readonly ThresholdResult[],
  options: { readonly colour?: boolean } = {},
): string {
  const style: Style = options.colour === true ? styled : (_, text) => text
  const sections = [
    ...(thresholds.length > 0 ? [title('THRESHOLDS', style), thresholdLines(data, thresholds, style)] : []),
    title('TOTAL RESULTS', style),
    checkLines(data, style),
    ...blocks(data, style),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

type Look = 'bold' | 'green' | 'red' | 'yellow' | 'cyan' | 'dim'
type Style = (look: Look, text: string) => string
type TimeUnit = 's' | 'ms' | 'us' | undefined

const styled: Style = (look, text) => styleText(look, text, { validateStream: false })

/** What k6's compact mode leaves out: sub-timings of requests, and what it shows as checks. */
const HIDDEN = new Set<string>(
  [
    BUILT_IN.checks,
    BUILT_IN.groupDuration,
    BUILT_IN.httpReqBlocked,
    BUILT_IN.httpReqConnecting,
    BUILT_IN.httpReqTlsHandshaking,
    BUILT_IN.httpReqSending,
    BUILT_IN.httpReqWaiting,
    BUILT_IN.httpReqReceiving,
  ].map(({ name }) => name),
)
const HTTP = new Set<string>(
  [BUILT_IN.httpReqs, BUILT_IN.httpReqFailed, BUILT_IN.httpReqDuration].map(({ name }) => name),
)
const EXECUTION = new Set<string>(
  [
    BUILT_IN.vus,
    BUILT_IN.vusMax,
    BUILT_IN.iterations,
    BUILT_IN.iterationDuration,
    BUILT_IN.droppedIterations,
    BUILT_IN.delayFromPlan,
    BUILT_IN.latencyFromPlan,
  ].map(({ name }) => name),
)
const NETWORK = new Set<string>([BUILT_IN.dataSent, BUILT_IN.dataReceived].map(({ name }) => name))

function title(text: string, style: Style): string[] {
  return [`  █ ${style('bold', text)}`]
}

function thresholdLines(data: SummaryData, thresholds: readonly ThresholdResult[], style: Style): string[] {
  const names = [...new Set(thresholds.map(({ metric }) => metric))].sort(byMetric)
  return names
    .map((name) => {
      const parent = parentOf(name)
      const isBelow = name !== parent && names.includes(parent)
      const indent = isBelow ? '      ' : '    '
      const lines = thresholds
        .filter(({ metric }) => metric === name)
        .map((threshold) => `${indent}${thresholdLine(data, threshold, style)}`)
      return [`${indent}${isBelow ? name.slice(parent.length) : name}`, ...lines].join('\n')
    })
    .flatMap((block, index) => (index === 0 ? [block] : ['', block]))
    .concat('')
}

function thresholdLine(
  data: SummaryData,
  { metric, expression, verdict, actual }: ThresholdResult,
  style: Style,
): string {
  const rule = `'${expression}'`
  const of = data.metrics[metric]
  if (verdict === 'not evaluated' || actual === undefined || of === undefined) {
    return `${style('yellow', '?')} ${rule} not evaluated: no samples`
  }
  const aggregation = expression.split(/[=<>!]/, 1)[0]?.trim() ?? ''
  const isPlain = aggregation === 'count' || (of.type === 'counter' && aggregation === 'rate')
  const value = isPlain
    ? humanize(actual, {
        type: 'counter',
        contains: aggregation === 'count' && of.type === 'trend' ? 'default' : of.contains,
      }) + (aggregation === 'rate' ? '/s' : '')
    : humanize(actual, of, unitOf(data))
  return `${verdict === 'held' ? style('green', '✓') : style('red', '✗')} ${rule} ${aggregation}=${style('cyan', value)}`
}

function checkLines(data: SummaryData, style: Style): string[] {
  const checks = allChecks(data.root_group)
  const passes = checks.reduce((sum, check) => sum + check.passes, 0)
  const fails = checks.reduce((sum, check) => sum + check.fails, 0)
  const total = passes + fails
  if (total === 0) return []
  const rate = (count: number): SummaryMetric => ({
    type: 'rate',
    contains: 'default',
    values: { rate: count / total, passes: count, fails: total - count },
  })
  const perSecond = data.state.testRunDurationMs > 0 ? total / (data.state.testRunDurationMs / 1000) : 0
  const table = new Table(
    {
      checks_total: { type: 'counter', contains: 'default', values: { count: total, rate: perSecond } },
      checks_succeeded: rate(passes),
      checks_failed: rate(fails),
    },
    data,
  )
  return [
    ...table.lines(['checks_total', 'checks_succeeded', 'checks_failed'], style),
    '',
    ...checks.flatMap((check) => checkLine(check, style)),
  ]
}

function checkLine({ name, passes, fails }: SummaryCheck, style: Style): string[] {
  if (fails === 0) return [`    ${style('green', `✓ ${name}`)}`]
  const percent = Math.floor((100 * passes) / (passes + fails))
  return [
    `    ${style('red', `✗ ${name}`)}`,
    `      ${style('red', `↳  ${percent}% — ✓ ${passes} / ✗ ${fails}`)}`,
  ]
}

function allChecks(group: SummaryGroup): SummaryCheck[] {
  return [...group.checks, ...group.groups.flatMap(allChecks)]
}

function blocks(data: SummaryData, style: Style): string[][] {
  // A counter that never counted is shown only where a threshold asks for it, as in k6, which has no sample of it.
  const shown = Object.entries(data.metrics).filter(
    ([name, { type, values, thresholds }]) =>
      !HIDDEN.has(parentOf(name)) && (type !== 'counter' || values.count !== 0 || thresholds !== undefined),
  )
  const table = new Table(Object.fromEntries(shown), data)
  const names = shown.map(([name]) => name).sort(byMetric)
  const known = (name: string) => [HTTP, EXECUTION, NETWORK].some((block) => block.has(parentOf(name)))
  return [
    { name: 'CUSTOM', names: names.filter((name) => !known(name)) },
    { name: 'HTTP', names: names.filter((name) => HTTP.has(parentOf(name))) },
    { name: 'EXECUTION', names: names.filter((name) => EXECUTION.has(parentOf(name))) },
    { name: 'NETWORK', names: names.filter((name) => NETWORK.has(parentOf(name))) },
  ]
    .filter((block) => block.names.length > 0)
    .map((block) => [`    ${style('bold', block.name)}`, ...table.lines(block.names, style)])
}

/** Metrics in aligned columns: name and dots, then the statistics of a trend, or a value and its details. */
class Table {
  readonly #rows: ReadonlyMap<string, readonly string[]>
  readonly #metrics: Readonly<Record<string, SummaryMetric>>
  readonly #stats: readonly string[]
  readonly #nameWidth: number
  readonly #trendWidths: number[] = []
  readonly #plainWidths: number[] = []

  constructor(metrics: Readonly<Record<string, SummaryMetric>>, data: SummaryData) {
    this.#metrics = metrics
    this.#stats = data.options.summaryTrendStats
    this.#rows = new Map(
      Object.entries(metrics).map(([name, metric]) => [name, cells(metric, this.#stats, unitOf(data))]),
    )
    this.#nameWidth = Math.max(0, ...Object.keys(metrics).map((name) => width(label(name)))) + 3
    for (const [name, row] of this.#rows) {
      const widths = metrics[name]?.type === 'trend' ? this.#trendWidths : this.#plainWidths
      row.forEach((cell, column) => {
        widths[column] = Math.max(widths[column] ?? 0, width(cell))
      })
    }
  }

  lines(names: readonly string[], style: Style): string[] {
    return names.map((name) => {
      const text = label(name)
      const dots = style('dim', `${'.'.repeat(this.#nameWidth - width(text))}:`)
      return `    ${text}${dots} ${this.#values(name, style)}`
    })
  }

  #values(name: string, style: Style): string {
    const row = this.#rows.get(name) ?? []
    if (this.#metrics[name]?.type === 'trend') {
      return row
        .map(
          (cell, column) =>
            `${this.#stats[column]}=${style('cyan', cell)}${pad(cell, this.#trendWidths[column])}`,
        )
        .join(' ')
    }
    const [value = '', ...details] = row
    const rest = details.map((cell, index) => {
      const padding = details.length > 1 ? pad(cell, this.#plainWidths[index + 1]) : ''
      return `${style('dim', cell)}${padding}`
    })
    return [`${style('cyan', value)}${pad(value, this.#plainWidths[0])}`, ...rest].join(' ')
  }
}

function cells(metric: SummaryMetric, stats: readonly string[], unit: TimeUnit): string[] {
  const { type, values } = metric
  const value = (name: string) => values[name] ?? 0
  const shown = (name: string) => humanize(value(name), metric, unit)
  switch (type) {
    case 'trend':
      return stats.map((stat) => (stat === 'count' ? String(value(stat)) : shown(stat)))
    case 'counter':
      return [shown('count'), `${shown('rate')}/s`]
    case 'gauge':
      return [shown('value'), `min=${shown('min')}`, `max=${shown('max')}`]
    case 'rate':
      return [shown('rate'), `${value('passes')} out of ${value('passes') + value('fails')}`]
  }
}

/** A submetric stands below its metric, by its tags alone. */
function label(name: string): string {
  const parent = parentOf(name)
  return parent === name ? name : `  { ${name.slice(parent.length + 1, -1)} }`
}

function parentOf(name: string): string {
  const brace = name.indexOf('{')
  return brace === -1 ? name : name.slice(0, brace)
}

/** By name, submetrics right after their metric. */
function byMetric(a: string, b: string): number {
  return (
    parentOf(a).localeCompare(parentOf(b)) ||
    a.slice(parentOf(a).length).localeCompare(b.slice(parentOf(b).length))
  )
}

function unitOf(data: SummaryData): TimeUnit {
  const unit = data.options.summaryTimeUnit
  return unit === 's' || unit === 'ms' || unit === 'us' ? unit : undefined
}

function width(text: string): number {
  return [...stripVTControlCharacters(text).normalize('NFKC')].length
}

function pad(cell: string, to = 0): string {
  return ' '.repeat(Math.max(0, to - width(cell)))
}
