import type { LoadResult } from '../../verdict/load-result.ts'
import { labelOf, measuredRequests } from '../describe.ts'
import { figure, latencyBounds } from '../threshold.ts'
import { html, json, type Markup } from './html.ts'

/** Columns for uPlot; the table for those who cannot see a canvas is made of the same numbers. */
export interface Plot {
  readonly kind: 'time' | 'percentiles'
  readonly title: string
  readonly x: string
  readonly unit: string
  /** `band`: the series that ends a band which the series before it begins; `color`: series of one thing share it. */
  readonly series: readonly { readonly label: string; readonly color: number; readonly band?: boolean }[]
  readonly columns: readonly (readonly (number | null)[])[]
  /** To this second it is the warm-up, which is shaded, and out of the scale. */
  readonly warmup?: number
  readonly lines?: readonly { readonly label: string; readonly value: number; readonly color: number }[]
}

/** All plots of a scenario; those without anything to show are left out. */
export function plotsOf(load: LoadResult): Plot[] {
  return [latency(load), rate(load), errors(load), vus(load), percentiles(load)].filter(
    (plot) => plot !== undefined,
  )
}

export function figureOf(plot: Plot, id: string): Markup {
  const { title, x, series, columns } = plot
  return html`<figure class="chart"><figcaption id="${id}">${title}</figcaption>
<div class="plot" role="img" aria-labelledby="${id}" data-plot="${plot.kind}"><script type="application/json">${json(plot)}</script></div>
<details><summary>as a table</summary><div class="scroll" tabindex="0" role="region" aria-labelledby="${id}"><table><thead><tr><th scope="col">${x}</th>${series.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${columns[0]?.map((value, row) => html`<tr><th scope="row">${number(value)}</th>${series.map((_, column) => html`<td>${number(columns[column + 1]?.[row])}</td>`)}</tr>`)}</tbody></table></div></details></figure>`
}

function number(value: number | null | undefined): string {
  return value === undefined || value === null ? '' : figure(value)
}

/** Starts of all intervals, ms. */
function times({ series }: LoadResult): number[] {
  return series.map(({ t }) => t)
}

function seconds(load: LoadResult): number[] {
  return times(load).map((t) => t / 1000)
}

/** Length of an interval in seconds: counts become rates by it. */
function intervalSeconds({ series }: LoadResult): number {
  return ((series[1]?.t ?? 1000) - (series[0]?.t ?? 0)) / 1000 || 1
}

/** The end of the warm-up: where the first request that counts was answered. */
function warmup(load: LoadResult): { warmup?: number } {
  if (!load.requests.some(({ phase }) => phase === 'warmup')) return {}
  const main = load.requests.filter(({ phase }) => phase === 'main').flatMap(({ series }) => series)
  if (main.length === 0) return {}
  const first = Math.min(...main.map(({ t }) => t))
  return first > 0 ? { warmup: first / 1000 } : {}
}

/** A line of p95 and a band from p50 to p99 for each auth type; the warm-up's requests are drawn too, in their shade. */
function latency(load: LoadResult): Plot | undefined {
  // In the order of the other figures, so that an auth type has one colour.
  const ordered = [...measuredRequests(load), ...load.requests.filter(isWarmup)]
  const auths = [
    ...Map.groupBy(ordered, (group) => labelOf(isWarmup(group) ? { ...group, phase: 'main' } : group, load)),
  ]
  if (auths.length === 0 || load.series.length < 2) return undefined
  const bounds = latencyBounds(load)
  const plotted = auths.map(([auth, groups], color) => {
    // One group to an interval: where the phases meet, the warm-up's does not count.
    const points = new Map(
      groups.toReversed().flatMap(({ series }) => series.map((point) => [point.t, point] as const)),
    )
    const column = (pick: (point: { p50: number; p95: number; p99: number }) => number) =>
      times(load).map((t) => {
        const point = points.get(t)
        return point === undefined ? null : pick(point)
      })
    return {
      series: [
        { label: `${auth} p99`, color },
        { label: `${auth} p50`, color, band: true },
        { label: `${auth} p95`, color },
      ],
      columns: [column(({ p99 }) => p99), column(({ p50 }) => p50), column(({ p95 }) => p95)],
      lines: bounds
        .filter((bound) => bound.auth === undefined || bound.auth === groups[0]?.auth)
        .map(({ stat, ms }) => ({ label: `${auth} ${stat} < ${ms} ms`, value: ms, color })),
    }
  })
  return {
    kind: 'time',
    title: 'Latency of requests: p95, in a band from p50 to p99',
    x: 'seconds',
    unit: 'ms',
    series: plotted.flatMap(({ series }) => series),
    columns: [seconds(load), ...plotted.flatMap(({ columns }) => columns)],
    lines: plotted.flatMap(({ lines }) => lines),
    ...warmup(load),
  }
}

function isWarmup({ phase }: LoadResult['requests'][number]): boolean {
  return phase === 'warmup'
}

function rate(load: LoadResult): Plot | undefined {
  if (load.series.length < 2) return undefined
  const perSecond = (pick: (point: LoadResult['series'][number]) => number) =>
    load.series.map((point) => pick(point) / intervalSeconds(load))
  const plans = load.rate.planned !== undefined
  return {
    kind: 'time',
    title: plans ? 'Iterations planned, and achieved of these' : 'Iterations',
    x: 'seconds',
    unit: '/s',
    series: plans
      ? [
          { label: 'planned', color: 3 },
          { label: 'achieved', color: 1 },
        ]
      : [{ label: 'completed', color: 1 }],
    columns: plans
      ? [
          seconds(load),
          perSecond(({ planned }) => planned),
          perSecond(({ completedOfPlan }) => completedOfPlan),
        ]
      : [seconds(load), perSecond(({ completed }) => completed)],
    ...warmup(load),
  }
}

/** So many kinds of errors have a line; the table below has them all. */
const ERROR_LINES = 5

function errors(load: LoadResult): Plot | undefined {
  const kinds = load.errors.filter(({ series }) => series !== undefined).slice(0, ERROR_LINES)
  if (kinds.length === 0 || load.series.length < 2) return undefined
  return {
    kind: 'time',
    title: 'Failed requests, by kind',
    x: 'seconds',
    unit: '/s',
    series: kinds.map(({ code, message }, color) => ({ label: `${code} ${message}`, color })),
    columns: [
      seconds(load),
      ...kinds.map(({ series }) => {
        const counts = new Map(series)
        return times(load).map((t) => (counts.get(t) ?? 0) / intervalSeconds(load))
      }),
    ],
    ...warmup(load),
  }
}

function vus(load: LoadResult): Plot | undefined {
  if (load.series.length < 2) return undefined
  return {
    kind: 'time',
    title: 'Virtual users at work',
    x: 'seconds',
    unit: 'VUs',
    series: [{ label: 'VUs', color: 0 }],
    columns: [seconds(load), load.series.map((point) => point.vus)],
    ...warmup(load),
  }
}

function percentiles(load: LoadResult): Plot | undefined {
  // By auth type: a login hashes a password, and no percentile mixes the two.
  const present = measuredRequests(load)
  const ranks = [
    ...new Set(present.flatMap(({ points }) => points.map(([percentile]) => percentile))),
  ].toSorted((a, b) => a - b)
  if (present.length === 0 || ranks.length < 2) return undefined
  return {
    kind: 'percentiles',
    title: 'Latency by percentile',
    x: 'percentile',
    unit: 'ms',
    series: present.map((group, color) => ({ label: `${labelOf(group, load)} (${group.count})`, color })),
    columns: [
      ranks,
      ...present.map(({ points }) => {
        const byRank = new Map(points)
        return ranks.map((rank) => byRank.get(rank) ?? null)
      }),
    ],
  }
}
