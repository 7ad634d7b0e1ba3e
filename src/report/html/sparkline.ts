import type { RequestGroup } from '../../verdict/load-result.ts'
import { html, type Markup } from './html.ts'

const WIDTH = 120
const HEIGHT = 22

/** p95 over time, a line for each group: how it went, not how much. A reader who sees no picture has the figures beside it. */
export function sparkline(groups: readonly RequestGroup[]): Markup {
  const points = groups.flatMap(({ series }) => series)
  const last = Math.max(1, ...points.map(({ t }) => t))
  const first = Math.min(last, ...points.map(({ t }) => t))
  const most = Math.max(Number.MIN_VALUE, ...points.map(({ p95 }) => p95))
  const x = (t: number) => (last === first ? WIDTH / 2 : ((t - first) / (last - first)) * (WIDTH - 4) + 2)
  const y = (p95: number) => HEIGHT - 2 - (p95 / most) * (HEIGHT - 4)
  const lines = groups.map(({ series }, index) => {
    const path = series.map(({ t, p95 }) => `${x(t).toFixed(1)},${y(p95).toFixed(1)}`)
    return path.length === 1
      ? html`<circle class="line-${index % 5}" cx="${path[0]?.split(',')[0]}" cy="${path[0]?.split(',')[1]}" r="2"/>`
      : html`<polyline class="line-${index % 5}" points="${path.join(' ')}"/>`
  })
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true">${lines}</svg>`
}
