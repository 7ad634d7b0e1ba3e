import type { LoadResult } from '../../verdict/load-result.ts'
import { describeDuration, MARK, measuredRequests } from '../describe.ts'
import { loadAnchor } from './anchors.ts'
import { html, json, type Markup } from './html.ts'

/** A section for each load scenario: rates, latency over time and by percentile, thresholds, errors, the generator. */
export function loadSections(loads: readonly LoadResult[]): Markup | undefined {
  if (loads.length === 0) return undefined
  return html`<section aria-labelledby="load"><h2 id="load">Load</h2>${loads.map(section)}</section>`
}

function section(load: LoadResult): Markup {
  const anchor = loadAnchor(load.scenario)
  return html`<article id="${anchor}" class="load" aria-labelledby="${anchor}-title"><h3 id="${anchor}-title">${load.scenario} <small>${load.profile}, ${load.engine} engine, ${describeDuration(load.durationMs)}</small></h3>
${facts(load)}
${chart(`${anchor}-rate`, 'Iterations per second', 'rate', load)}
${chart(`${anchor}-latency`, 'Latency over time', 'latency', load)}
${chart(`${anchor}-percentiles`, 'Latency by percentile', 'percentiles', load)}
${thresholds(load)}
${loadCheckTable(load)}
${errors(load)}
${generator(load)}
</article>`
}

function facts(load: LoadResult): Markup {
  const { iterations, rate } = load
  const rows: [string, string][] = [
    [
      'Iterations',
      `${iterations.completed} completed${iterations.planned === undefined ? '' : ` of ${iterations.planned} planned`}`,
    ],
    ['Failed', `${iterations.failed} by an exception, ${iterations.interrupted} cut off`],
    [
      'Rate',
      `${rate.achieved.toFixed(1)}/s achieved${rate.planned === undefined ? '' : ` of ${rate.planned.toFixed(1)}/s planned`}`,
    ],
    ['Virtual users', `${load.maxVus} at the most`],
  ]
  if (load.breakpoint !== undefined) {
    const { rate: highestHeld, lowest, highest, endedBy } = load.breakpoint
    rows.push([
      'Breakpoint',
      `${highestHeld}/s hold every threshold (trials from ${lowest} to ${highest}; ended by the ${[...new Set(endedBy)].join(', ')})`,
    ])
  }
  for (const [metric, label] of [
    ['http_req_duration', 'Service time'],
    ['latency_from_plan', 'Latency from plan'],
  ] as const) {
    const values = load.metrics[metric]?.values
    if (values !== undefined)
      rows.push([
        label,
        ['med', 'p(95)', 'p(99)', 'max']
          .flatMap((name) => (values[name] === undefined ? [] : [`${name} ${milliseconds(values[name])}`]))
          .join(', '),
      ])
  }
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** The data of a chart: columns for uPlot, and a table for those who cannot see a canvas, from the same numbers. */
function chart(
  id: string,
  title: string,
  kind: 'rate' | 'latency' | 'percentiles',
  load: LoadResult,
): Markup | undefined {
  const data = chartData(kind, load)
  if (data === undefined) return undefined
  return html`<figure class="chart"><figcaption id="${id}">${title}</figcaption>
<div class="plot" role="img" aria-labelledby="${id}" data-plot="${kind}"><script type="application/json">${json(data)}</script></div>
<details><summary>as a table</summary><div class="scroll" tabindex="0" role="region" aria-labelledby="${id}"><table><thead><tr><th scope="col">${data.x}</th>${data.series.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${data.columns[0]?.map((x, row) => html`<tr><th scope="row">${number(x)}</th>${data.series.map((_, column) => html`<td>${number(data.columns[column + 1]?.[row])}</td>`)}</tr>`)}</tbody></table></div></details></figure>`
}

interface ChartData {
  readonly x: string
  readonly unit: string
  readonly series: readonly { readonly label: string }[]
  readonly columns: readonly (readonly (number | null)[])[]
}

function chartData(kind: 'rate' | 'latency' | 'percentiles', load: LoadResult): ChartData | undefined {
  if (kind === 'percentiles') return percentileData(load)
  const { series } = load
  if (series.length < 2) return undefined
  const column = (pick: (point: LoadResult['series'][number]) => number | undefined) =>
    series.map((point) => pick(point) ?? null)
  const seconds = column((point) => point.t / 1000)
  // Counts become rates by the length of the interval, which need not be a second.
  const interval = ((series[1]?.t ?? 1000) - (series[0]?.t ?? 0)) / 1000 || 1
  if (kind === 'rate') {
    return {
      x: 'seconds',
      unit: '/s',
      series: [{ label: 'planned' }, { label: 'completed' }, { label: 'failed' }],
      columns: [
        seconds,
        column((point) => point.planned / interval),
        column((point) => point.completed / interval),
        column((point) => point.failed / interval),
      ],
    }
  }
  const lines: [string, (point: LoadResult['series'][number]) => number | undefined][] = [
    ['iteration from plan p99', (point) => point.fromPlanP99],
    ['iteration from plan p95', (point) => point.fromPlanP95],
  ]
  const present = lines.filter(([, pick]) => series.some((point) => pick(point) !== undefined))
  if (present.length === 0) return undefined
  return {
    x: 'seconds',
    unit: 'ms',
    series: present.map(([label]) => ({ label })),
    columns: [seconds, ...present.map(([, pick]) => column(pick))],
  }
}

function percentileData(load: LoadResult): ChartData | undefined {
  // By auth type: a login hashes a password, and no percentile mixes the two.
  const present = measuredRequests(load)
  const percentiles = [
    ...new Set(present.flatMap(({ points }) => points.map(([percentile]) => percentile))),
  ].toSorted((a, b) => a - b)
  if (present.length === 0 || percentiles.length < 2) return undefined
  return {
    x: 'percentile',
    unit: 'ms',
    series: present.map(({ auth = 'all requests', count }) => ({ label: `${auth} (${count})` })),
    columns: [
      percentiles,
      ...present.map(({ points }) =>
        percentiles.map((percentile) => points.find(([each]) => each === percentile)?.[1] ?? null),
      ),
    ],
  }
}

function thresholds(load: LoadResult): Markup | undefined {
  if (load.thresholds.length === 0) return undefined
  return html`<h4>Thresholds</h4><div class="scroll" tabindex="0" role="region" aria-label="Thresholds of ${load.scenario}"><table><thead><tr><th scope="col">Metric</th><th scope="col">Rule</th><th scope="col">Actual</th><th scope="col">Verdict</th></tr></thead><tbody>
${load.thresholds.map(({ metric, expression, verdict, actual }) => html`<tr data-verdict="${verdict}"><th scope="row"><code>${metric}</code></th><td><code>${expression}</code></td><td>${number(actual)}</td><td><span class="verdict">${MARK[verdict]} ${verdict}</span></td></tr>`)}
</tbody></table></div>`
}

function loadCheckTable(load: LoadResult): Markup | undefined {
  if (load.checks.length === 0) return undefined
  return html`<h4>Checks</h4><div class="scroll" tabindex="0" role="region" aria-label="Checks of ${load.scenario}"><table><thead><tr><th scope="col">Check</th><th scope="col">Passed</th><th scope="col">Failed</th></tr></thead><tbody>
${load.checks.map(({ name, passes, fails }) => html`<tr data-verdict="${fails > 0 ? 'broken' : passes > 0 ? 'held' : 'not evaluated'}"><th scope="row">${name}</th><td>${passes}</td><td>${fails}</td></tr>`)}
</tbody></table></div>`
}

function errors(load: LoadResult): Markup | undefined {
  const rows = [
    ...load.errors.map(({ code, message, count }) => [String(code), message, count] as const),
    ...load.exceptions.map(({ message, count }) => ['exception', message, count] as const),
  ]
  if (rows.length === 0) return undefined
  return html`<h4>Errors</h4><div class="scroll" tabindex="0" role="region" aria-label="Errors of ${load.scenario}"><table><thead><tr><th scope="col">Code</th><th scope="col">Message</th><th scope="col">Count</th></tr></thead><tbody>
${rows.map(([code, text, count]) => html`<tr><th scope="row">${code}</th><td>${text}</td><td>${count}</td></tr>`)}
</tbody></table></div>`
}

function generator({ generator: health, scenario }: LoadResult): Markup {
  const rows: [string, string][] = [
    ['Workers', String(health.workers)],
    ['Delay from plan p99', milliseconds(health.delayFromPlanP99Ms)],
    ['Event-loop delay p99', milliseconds(health.eventLoopDelayP99Ms)],
    ['Late starts', String(health.lateStarts)],
    ['Dropped iterations', String(health.droppedIterations)],
    ['CPU', health.cpuSeconds === undefined ? '' : `${health.cpuSeconds.toFixed(1)} s`],
    [
      'Peak memory',
      health.peakMemoryBytes === undefined ? '' : `${(health.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB`,
    ],
  ]
  return html`<h4>The generator</h4>${health.saturated.length > 0 ? html`<p role="alert" data-verdict="not evaluated"><b>Saturated, so this run has no verdict:</b> ${health.saturated.join('; ')}</p>` : undefined}
<dl class="facts" aria-label="Health of the generator in ${scenario}">${rows.filter(([, value]) => value !== '').map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '' : `${number(value)} ms`
}

function number(value: number | null | undefined): string {
  if (value === undefined || value === null) return ''
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1)
}
