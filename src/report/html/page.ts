import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { RunResult } from '../../verdict/run-result.ts'
import { MARK } from '../describe.ts'
import { loadAnchor } from './anchors.ts'
import { clauseList } from './clauses.ts'
import { asset, document } from './document.ts'
import { html, type Markup } from './html.ts'
import { killMatrixSection } from './kill-matrix.ts'
import { loadSections } from './load.ts'
import { overview } from './overview.ts'

/** `report.html`, of the result alone. */
export function renderHtml(result: RunResult): string {
  const charts = result.loads.length > 0
  return document({
    title: `${MARK[result.verdict]} ${result.verdict} · auth-harness ${result.command}`,
    styles: charts ? [uplot('uPlot.min.css')] : [],
    body: html`<a class="skip" href="#clauses">Skip to the clauses</a>
<div class="layout">
${navigation(result)}
<main>
${overview(result)}
${clauseList(result)}
${loadSections(result)}
${killMatrixSection(result)}
</main>
</div>
<footer>auth-harness ${result.harness.version} · Node ${result.harness.node} · ${result.harness.platform}, ${result.harness.cpus} CPUs · run <code>${result.id}</code></footer>`,
    scripts: [...(charts ? [uplot('uPlot.iife.min.js'), asset('plots.js')] : []), asset('report.js')],
  })
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

function uplot(name: string): string {
  const folder = dirname(createRequire(import.meta.url).resolve('uplot/package.json'))
  return readFileSync(join(folder, 'dist', name), 'utf8')
}
