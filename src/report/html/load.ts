import { NO_DOCUMENT } from '../../ocapi/response.ts'
import type { LoadResult } from '../../verdict/load-result.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { targetRemains } from '../curl.ts'
import { describeDuration, labelOf, MARK, measuredRequests } from '../describe.ts'
import { figure, thresholdFigures } from '../threshold.ts'
import { loadAnchor } from './anchors.ts'
import { exchange } from './checks.ts'
import { html, type Markup } from './html.ts'
import { loadVerdict, percent } from './overview.ts'
import { figureOf, plotsOf } from './plots.ts'

/** Every load scenario, folded: it opens to its figures and plots. */
export function loadSections(result: RunResult): Markup | undefined {
  if (result.loads.length === 0) return undefined
  return html`<section aria-labelledby="load"><h2 id="load">Load scenarios</h2>${result.loads.map((load) => section(load, result))}</section>`
}

function section(load: LoadResult, result: RunResult): Markup {
  const anchor = loadAnchor(load.scenario)
  const verdict = loadVerdict(load, result.checks)
  return html`<details id="${anchor}" class="load" data-verdict="${verdict}" data-evidence-of><summary><span class="verdict">${MARK[verdict]} ${load.scenario}</span> <span class="sentence">${load.profile}, ${load.engine} engine, ${describeDuration(load.durationMs)}</span> <span class="count">${verdict}</span></summary>
</details>
<template data-evidence="${anchor}">
${foreign(load, result)}
${facts(load)}
${saturated(load)}
${requestTable(load)}
<div class="plots" data-plots>${plotsOf(load).map((plot, index) => figureOf(plot, `${anchor}-plot-${index}`))}</div>
${thresholds(load)}
${loadCheckTable(load)}
${errors(load)}
${samples(load, result)}
${generator(load)}
</template>`
}

/** What somebody else answered, first: no figure below is of the API alone. */
function foreign(load: LoadResult, result: RunResult): Markup | undefined {
  const { foreign: kinds = [] } = load
  if (kinds.length === 0) return undefined
  const names = new Set(kinds.map(({ kind }) => `${NO_DOCUMENT}: ${kind}`))
  const answers = load.samples.filter(({ of, name }) => of === 'check' && names.has(name))
  return html`<div role="alert" data-verdict="not evaluated"><p><b>No document of the API:</b></p><ul>${kinds.map(({ kind, count }) => html`<li>${kind}: ${count}</li>`)}</ul></div>${examples(answers, result)}`
}

function facts(load: LoadResult): Markup {
  const { iterations, rate } = load
  const { planned, completed, completedOfPlan } = iterations
  const beside = completed - (completedOfPlan ?? completed)
  const rows: [string, string][] = [
    [
      'Iterations',
      planned === undefined
        ? `${completed} completed`
        : `${completedOfPlan ?? completed} completed of ${planned} planned${beside > 0 ? `, and ${beside} without a plan` : ''}`,
    ],
    ['Failed', `${iterations.failed} by an exception, ${iterations.interrupted} cut off`],
    [
      'Rate',
      `${figure(rate.achieved)}/s achieved${rate.planned === undefined ? '' : ` of ${figure(rate.planned)}/s planned`}`,
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
  const fromPlan = load.metrics.latency_from_plan?.values
  if (fromPlan !== undefined)
    rows.push([
      'Iterations, from their planned start',
      ['p(95)', 'p(99)', 'max']
        .flatMap((name) => (fromPlan[name] === undefined ? [] : [`${name} ${figure(fromPlan[name])} ms`]))
        .join(', '),
    ])
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

const STATS = ['med', 'p(90)', 'p(95)', 'p(99)', 'p(99.5)', 'max'] as const

function requestTable(load: LoadResult): Markup | undefined {
  const groups = measuredRequests(load)
  if (groups.length === 0) return undefined
  return html`<h3>Requests by auth type</h3><div class="scroll" tabindex="0" role="region" aria-label="Requests of ${load.scenario}"><table class="figures"><thead><tr><th scope="col">auth</th><th scope="col">count</th><th scope="col">failed</th>${['p50', 'p90', 'p95', 'p99', 'p99.5', 'max'].map((name) => html`<th scope="col">${name}, ms</th>`)}</tr></thead><tbody>
${groups.map((group) => html`<tr><th scope="row">${labelOf(group, load)}</th><td>${group.count}</td><td>${group.failed}</td>${STATS.map((stat) => html`<td>${figure(group.values[stat] ?? 0)}</td>`)}</tr>`)}
</tbody></table></div>`
}

function thresholds(load: LoadResult): Markup | undefined {
  if (load.thresholds.length === 0) return undefined
  return html`<h3>Thresholds</h3><div class="scroll" tabindex="0" role="region" aria-label="Thresholds of ${load.scenario}"><table class="figures"><thead><tr><th scope="col">metric</th><th scope="col">rule</th><th scope="col">actual</th><th scope="col">margin</th><th scope="col">verdict</th></tr></thead><tbody>
${load.thresholds.map((threshold) => {
  const { rule, actual, margin } = thresholdFigures(threshold, load)
  return html`<tr data-verdict="${threshold.verdict}"><th scope="row"><code>${threshold.metric}</code></th><td>${rule}</td><td>${actual}</td><td>${margin === undefined ? undefined : percent(margin)}</td><td><span class="verdict">${MARK[threshold.verdict]} ${threshold.verdict}</span></td></tr>`
})}
</tbody></table></div>`
}

function loadCheckTable(load: LoadResult): Markup | undefined {
  if (load.checks.length === 0) return undefined
  return html`<h3>Checks</h3><div class="scroll" tabindex="0" role="region" aria-label="Checks of ${load.scenario}"><table class="figures"><thead><tr><th scope="col">check</th><th scope="col">passed</th><th scope="col">failed</th></tr></thead><tbody>
${load.checks.map(({ name, passes, fails }) => html`<tr data-verdict="${fails > 0 ? 'broken' : passes > 0 ? 'held' : 'not evaluated'}"><th scope="row">${name}</th><td>${passes}</td><td>${fails}</td></tr>`)}
</tbody></table></div>`
}

function errors(load: LoadResult): Markup | undefined {
  const rows = [
    ...load.errors.map(({ code, message, count }) => [String(code), message, count] as const),
    ...load.exceptions.map(({ message, count }) => ['exception', message, count] as const),
  ]
  if (rows.length === 0) return undefined
  return html`<h3>Errors</h3><div class="scroll" tabindex="0" role="region" aria-label="Errors of ${load.scenario}"><table class="figures"><thead><tr><th scope="col">code</th><th scope="col">message</th><th scope="col">count</th></tr></thead><tbody>
${rows.map(([code, text, count]) => html`<tr><th scope="row">${code}</th><td>${text}</td><td>${count}</td></tr>`)}
</tbody></table></div>`
}

/** Of failed requests; those of a check stand with the check. */
function samples(load: LoadResult, result: RunResult): Markup | undefined {
  const requests = load.samples.filter((sample) => sample.of === 'request')
  if (requests.length === 0) return undefined
  return html`<h3>Examples of failed requests</h3>${examples(requests, result)}`
}

function examples(of: LoadResult['samples'], result: RunResult): Markup {
  const withCurl = targetRemains(result)
  return html`${of.map((sample) => html`<details class="check"><summary>${sample.name}</summary>${exchange(sample.exchange, withCurl)}</details>`)}`
}

function saturated({ generator }: LoadResult): Markup | undefined {
  return generator.saturated.length === 0
    ? undefined
    : html`<p role="alert" data-verdict="not evaluated"><b>The generator was saturated, so this run has no verdict:</b> ${generator.saturated.join('; ')}</p>`
}

function generator({ generator: health, scenario }: LoadResult): Markup {
  const ms = (value: number | undefined) => (value === undefined ? '' : `${figure(value)} ms`)
  const rows: [string, string][] = [
    ['Workers', String(health.workers)],
    ['Delay from plan p99', ms(health.delayFromPlanP99Ms)],
    ['Event-loop delay p99', ms(health.eventLoopDelayP99Ms)],
    ['Late starts', String(health.lateStarts)],
    ['Dropped iterations', String(health.droppedIterations)],
    ['CPU', health.cpuSeconds === undefined ? '' : `${health.cpuSeconds.toFixed(1)} s`],
    [
      'Peak memory',
      health.peakMemoryBytes === undefined ? '' : `${(health.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB`,
    ],
  ]
  return html`<h3>The generator</h3>
<dl class="facts" aria-label="Health of the generator in ${scenario}">${rows.filter(([, value]) => value !== '').map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}
