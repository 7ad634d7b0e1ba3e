import { describeDuration, MARK } from '../describe.ts'
import { clauseAnchor } from '../html/anchors.ts'
import { document } from '../html/document.ts'
import { html, type Markup } from '../html/html.ts'
import { figure } from '../threshold.ts'
import { type ScenarioHistory, scenarioHistories, type Trend, targetOf, verdictChanges } from './history.ts'
import type { PastRuns } from './read.ts'

/** `index.html` of a folder of runs: one file that needs nothing but itself; its links lead to the runs' own reports. */
export function renderIndex(past: PastRuns): string {
  const histories = scenarioHistories(past)
  return document({
    title: `auth-harness: ${past.runs.length} runs`,
    styles: [],
    body: html`<main>
<header class="banner"><h1>Runs</h1><p>${past.runs.length} in this folder</p></header>
${past.unreadable.length === 0 ? undefined : html`<p role="alert">Not read: ${past.unreadable.join(', ')}</p>`}
${runTable(past)}
${changeTable(past)}
${histories.length === 0 ? undefined : html`<section aria-labelledby="trends"><h2 id="trends">Load over runs</h2>${histories.map(scenario)}</section>`}
</main>`,
    scripts: [],
  })
}

/** So many runs are shown before the earlier ones are folded. */
const SHOWN = 20

function runTable({ runs }: PastRuns): Markup {
  const newest = runs.toReversed()
  const earlier = newest.slice(SHOWN)
  return html`<section aria-labelledby="runs"><h2 id="runs">All runs</h2>${table(newest.slice(0, SHOWN), 'Runs')}${
    earlier.length === 0
      ? undefined
      : html`<details class="more"><summary>${earlier.length} earlier</summary>${table(earlier, 'Earlier runs')}</details>`
  }</section>`
}

function table(runs: PastRuns['runs'], label: string): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="figures"><thead><tr><th scope="col">when</th><th scope="col">verdict</th><th scope="col">command</th><th scope="col">target</th><th scope="col">version</th><th scope="col">duration</th></tr></thead><tbody>
${runs.map((run) => {
  const silent = run.interrupted || run.error !== undefined
  const word = run.interrupted ? 'interrupted' : run.error === undefined ? run.verdict : 'no verdict'
  const verdict = silent ? 'not evaluated' : run.verdict
  return html`<tr data-verdict="${verdict}"><th scope="row"><a href="${link(run.folder)}">${when(run.startedAt)}</a></th><td><span class="verdict">${MARK[verdict]} ${word}</span></td><td>${run.command}</td><td>${targetOf(run)}</td><td>${run.harness.version}</td><td>${describeDuration(run.durationMs)}</td></tr>`
})}
</tbody></table></div>`
}

function changeTable(past: PastRuns): Markup | undefined {
  const changes = verdictChanges(past)
  if (changes.length === 0) return undefined
  return html`<section aria-labelledby="changes"><h2 id="changes">Which clause changed when</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="changes"><table class="figures"><thead><tr><th scope="col">when</th><th scope="col">clause</th><th scope="col">before</th><th scope="col">after</th><th scope="col">target</th></tr></thead><tbody>
${changes.map(({ run, clause, before, after }) => html`<tr data-verdict="${after}"><th scope="row"><a href="${link(run.folder)}#${clauseAnchor(clause)}">${when(run.startedAt)}</a></th><td>${clause}</td><td>${before}</td><td><span class="verdict">${MARK[after]} ${after}</span></td><td>${targetOf(run)}</td></tr>`)}
</tbody></table></div></section>`
}

function scenario({ scenario: name, profile, where, trends }: ScenarioHistory): Markup {
  return html`<details class="load"${trends.some(({ points }) => points.length > 1) ? html` open` : undefined}><summary><span class="verdict">${name}</span> <span class="sentence">${profile} · ${where}</span> <span class="count">${trends[0]?.points.length ?? 0} runs</span></summary><div class="trends">${trends.map(trend)}</div></details>`
}

const WIDTH = 240
const HEIGHT = 48

/** A figure over runs: evenly spaced, from 0, the last value beside it. */
function trend({ name, unit, points }: Trend): Markup {
  const most = Math.max(Number.MIN_VALUE, ...points.map(({ value }) => value))
  const x = (index: number) =>
    points.length === 1 ? WIDTH / 2 : 4 + (index / (points.length - 1)) * (WIDTH - 8)
  const y = (value: number) => HEIGHT - 4 - (value / most) * (HEIGHT - 8)
  const path = points.map(({ value }, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`)
  const last = points.at(-1)?.value ?? 0
  return html`<figure class="trend"><figcaption>${name} <b>${figure(last)} ${unit}</b></figcaption><svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${name}: ${points.map(({ value }) => figure(value)).join(', ')} ${unit}"><polyline class="line-0" points="${path.join(' ')}"/>${points.map(({ run, value }, index) => html`<circle class="line-0" cx="${x(index).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2.5"><title>${when(run.startedAt)}: ${figure(value)} ${unit}</title></circle>`)}</svg></figure>`
}

function link(folder: string): string {
  return `${encodeURIComponent(folder)}/report.html`
}

function when(startedAt: string): string {
  return startedAt.replace('T', ' ').slice(0, 16)
}
