import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { packageRoot } from '../../verdict/package-root.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { MARK } from '../describe.ts'
import { loadAnchor } from './anchors.ts'
import { clauseList } from './clauses.ts'
import { html, type Markup, trusted } from './html.ts'
import { killMatrixSection } from './kill-matrix.ts'
import { loadSections } from './load.ts'
import { overview } from './overview.ts'

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
<div class="layout">
${navigation(result)}
<main>
${overview(result)}
${clauseList(result)}
${loadSections(result)}
${killMatrixSection(result)}
</main>
</div>
<footer>auth-harness ${result.harness.version} · Node ${result.harness.node} · ${result.harness.platform}, ${result.harness.cpus} CPUs · run <code>${result.id}</code></footer>
${charts ? html`<script>${trusted(uplot('uPlot.iife.min.js'))}</script>` : undefined}
<script>${charts ? trusted(asset('plots.js')) : undefined}${trusted(asset('report.js'))}</script>
</body>
</html>
`
  return page.text
}

function navigation(result: RunResult): Markup {
  const broken = result.checks.filter(({ verdict }) => verdict === 'broken').length
  const links: (Markup | undefined)[] = [
    html`<a href="#overview">Overview</a>`,
    broken > 0 ? html`<a href="#wrong">Wrong <b>${broken}</b></a>` : undefined,
    result.clauses.length > 0
      ? html`<a href="#clauses">Clauses <b>${result.clauses.length}</b></a>`
      : undefined,
    ...result.loads.map(
      ({ scenario }) => html`<a class="inner" href="#${loadAnchor(scenario)}">${scenario}</a>`,
    ),
    result.killMatrix && html`<a href="#kill-matrix">Kill matrix</a>`,
  ]
  return html`<nav aria-label="Report">${links}</nav>`
}

function asset(name: string): string {
  return readFileSync(join(packageRoot, 'src', 'report', 'assets', name), 'utf8')
}

function uplot(name: string): string {
  const folder = dirname(createRequire(import.meta.url).resolve('uplot/package.json'))
  return readFileSync(join(folder, 'dist', name), 'utf8')
}
