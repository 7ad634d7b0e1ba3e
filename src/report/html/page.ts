import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { packageRoot } from '../../verdict/package-root.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { describeDuration, describeTarget, MARK, verdictCounts } from '../describe.ts'
import { checkList, failedChecks } from './checks.ts'
import { clauseTable } from './clauses.ts'
import { html, type Markup, trusted } from './html.ts'
import { killMatrixSection } from './kill-matrix.ts'
import { loadSections } from './load.ts'

/**
 * `report.html`: one file that needs nothing but itself, so that it works from a disk and as a CI artifact.
 * Its policy lets it load nothing, whatever a run brought.
 */
export function renderHtml(result: RunResult): string {
  const charts = result.loads.length > 0
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${MARK[result.verdict]} ${result.verdict} · auth-harness ${result.command}</title>
<style>${charts ? trusted(uplot('uPlot.min.css')) : undefined}${trusted(asset('report.css'))}</style>
</head>
<body>
<a class="skip" href="#clauses">Skip to the clauses</a>
${banner(result)}
<main>
${stages(result)}
${failedChecks(result)}
${clauseTable(result)}
${loadSections(result.loads)}
${killMatrixSection(result.killMatrix)}
${checkList(result)}
</main>
<footer>auth-harness ${result.harness.version} · Node ${result.harness.node} · ${result.harness.platform}, ${result.harness.cpus} CPUs · run <code>${result.id}</code></footer>
${charts ? html`<script>${trusted(uplot('uPlot.iife.min.js'))}</script>` : undefined}
<script>${trusted(asset('report.js'))}</script>
</body>
</html>
`
  return page.text
}

function banner(result: RunResult): Markup {
  const word = result.interrupted ? 'interrupted' : result.error === undefined ? result.verdict : 'no verdict'
  const verdict = result.interrupted || result.error !== undefined ? 'not evaluated' : result.verdict
  return html`<header class="banner" data-verdict="${verdict}">
<h1><span class="mark" aria-hidden="true">${MARK[verdict]}</span> ${word}</h1>
<p class="what"><strong>${result.command}</strong> of ${describeTarget(result)}</p>
<p><time datetime="${result.startedAt}">${result.startedAt.replace('T', ' ').slice(0, 19)} UTC</time>, ${describeDuration(result.durationMs)}</p>
<ul class="counts" aria-label="Clauses by verdict">${verdictCounts(result).map(({ verdict: each, count }) => html`<li data-verdict="${each}"><b>${count}</b> ${each}</li>`)}</ul>
${
  result.error &&
  html`<p class="error" role="alert"><b>${result.error.kind} ${result.error.code}</b>: ${result.error.message}${result.error.remedy === undefined ? undefined : html`<br>${result.error.remedy}`}</p>`
}
</header>`
}

function stages(result: RunResult): Markup | undefined {
  if (result.stages.length === 0) return undefined
  return html`<section aria-labelledby="stages"><h2 id="stages">Stages</h2><ol class="stages">
${result.stages.map(
  (stage) =>
    html`<li data-verdict="${stage.verdict}"><b>${stage.name}</b> <span class="verdict">${MARK[stage.verdict]} ${stage.verdict}</span> <span class="time">${describeDuration(stage.durationMs)}</span>${stage.reason === undefined ? undefined : html`<br>${stage.reason}`}</li>`,
)}
</ol></section>`
}

function asset(name: string): string {
  return readFileSync(join(packageRoot, 'src', 'report', 'assets', name), 'utf8')
}

function uplot(name: string): string {
  const folder = dirname(createRequire(import.meta.url).resolve('uplot/package.json'))
  return readFileSync(join(folder, 'dist', name), 'utf8')
}
