import type { CheckResult } from '../../verdict/check.ts'
import type { LoadResult } from '../../verdict/load-result.ts'
import type { ClauseRow, RunResult } from '../../verdict/run-result.ts'
import { combineVerdicts, type Verdict } from '../../verdict/verdict.ts'
import {
  describeDuration,
  describeTarget,
  labelOf,
  MARK,
  measuredRequests,
  verdictCounts,
} from '../describe.ts'
import { killProblems } from '../kill-matrix.ts'
import { subjectOf } from '../subject.ts'
import { figure, tightest } from '../threshold.ts'
import { checkAnchor, clauseAnchor, defectAnchor, loadAnchor } from './anchors.ts'
import { html, type Markup } from './html.ts'
import { sparkline } from './sparkline.ts'

/** The first screen: the verdict, what is wrong, all clauses at a glance, the stages, the load. */
export function overview(result: RunResult): Markup {
  return html`${banner(result)}
${wrong(result)}
<div class="glance">
${matrix(result)}
<div>${stages(result)}${loadLines(result)}</div>
</div>`
}

function banner(result: RunResult): Markup {
  const word = result.interrupted ? 'interrupted' : result.error === undefined ? result.verdict : 'no verdict'
  const verdict = result.interrupted || result.error !== undefined ? 'not evaluated' : result.verdict
  return html`<header class="banner" id="overview" data-verdict="${verdict}">
<h1><span class="mark" aria-hidden="true">${MARK[verdict]}</span> ${word}</h1>
${killed(result)}
<ul class="counts" aria-label="Clauses by verdict">${verdictCounts(result).map(({ verdict: each, count }) => html`<li data-verdict="${each}"><b>${count}</b> ${each}</li>`)}</ul>
<p class="what"><strong>${result.command}</strong> of ${describeTarget(result)} · <time datetime="${result.startedAt}">${result.startedAt.replace('T', ' ').slice(0, 19)} UTC</time>, ${describeDuration(result.durationMs)}</p>
${
  result.error &&
  html`<p class="error" role="alert"><b>${result.error.kind} ${result.error.code}</b>: ${result.error.message}${result.error.remedy === undefined ? undefined : html`<br>${result.error.remedy}`}</p>`
}
</header>`
}

function killed({ killMatrix }: RunResult): Markup | undefined {
  if (killMatrix === undefined) return undefined
  const count = killMatrix.defects.filter(({ fate }) => fate === 'killed').length
  const all = killMatrix.defects.length
  return html`<p class="killed" data-verdict="${count === all ? 'held' : 'broken'}"><a href="#kill-matrix"><b>${count} of ${all}</b> defects killed</a></p>`
}

/** So many lines before the rest is folded. */
const FIRST = 8

/** What is wrong, one line each, and where it is told. */
function wrong(result: RunResult): Markup | undefined {
  const lines = [
    ...result.checks.filter(({ verdict }) => verdict === 'broken').map(brokenLine),
    ...survivors(result),
    ...unproved(result),
    ...silent(result),
  ]
  if (lines.length === 0) return undefined
  return html`<section aria-labelledby="wrong"><h2 id="wrong">What is wrong</h2><ul class="wrong">${lines.slice(0, FIRST)}</ul>${
    lines.length > FIRST
      ? html`<details class="more"><summary>${lines.length - FIRST} more</summary><ul class="wrong">${lines.slice(FIRST)}</ul></details>`
      : undefined
  }</section>`
}

function brokenLine(check: CheckResult): Markup {
  const { id, clauses, title, failures } = check
  return html`<li data-verdict="broken"><a href="#${checkAnchor(id)}"><span class="verdict">${MARK.broken} ${clauses.join(' ')}</span> ${title}</a> <span class="why">${reasonOf(title, failures[0]?.message)}</span></li>`
}

/** A message that begins with the title does not say it twice. */
function reasonOf(title: string, message: string | undefined): string | undefined {
  return message?.startsWith(`${title}: `) ? message.slice(title.length + 2) : message
}

function survivors({ killMatrix }: RunResult): Markup[] {
  return (killMatrix?.defects ?? [])
    .filter(({ fate }) => fate !== 'killed')
    .map(
      ({ id, title, fate }) =>
        html`<li data-verdict="broken"><a href="#${defectAnchor(id)}"><span class="verdict">${MARK.broken} ${id}</span> ${title}</a> <span class="why">${fate}</span></li>`,
    )
}

/** What else keeps the gate unproved: the matrix names each. */
function unproved({ killMatrix }: RunResult): Markup[] {
  if (killMatrix === undefined) return []
  return killProblems(killMatrix).map(
    ({ what, which, verdict }) =>
      html`<li data-verdict="${verdict}"><a href="#kill-matrix"><span class="verdict">${MARK[verdict]} ${which.length}</span> ${what}</a> <span class="why">${which[0]}${which.length > 1 ? ' …' : undefined}</span></li>`,
  )
}

/** Why clauses have no verdict: each reason once. */
function silent({ clauses }: RunResult): Markup[] {
  const rows = clauses.filter(({ verdict }) => verdict === 'not evaluated')
  return [...Map.groupBy(rows, ({ reason }) => reason ?? 'not evaluated')].map(([reason, members]) => {
    const [first] = members
    return html`<li data-verdict="not evaluated"><a href="#${clauseAnchor(first?.id ?? '')}"><span class="verdict">${MARK['not evaluated']} ${members.map(({ id }) => id).join(' ')}</span></a> <span class="why">${reason}</span></li>`
  })
}

const WAYS = ['contract', 'behaviour', 'load'] as const

/** Clauses by subject and way of proof: a cell each, with the verdict of its checks of that kind. */
function matrix(result: RunResult): Markup | undefined {
  if (result.clauses.length === 0) return undefined
  const checks = new Map(result.checks.map((check) => [check.id, check]))
  const ways = WAYS.filter((way) => result.checks.some(({ kind }) => kind === way))
  const unproved = result.clauses.some(({ checks: ids }) => !ids.some((id) => checks.has(id)))
  const subjects = [...Map.groupBy(result.clauses, ({ id }) => subjectOf(id))]
  return html`<section aria-labelledby="matrix"><h2 id="matrix">Clauses</h2><table class="matrix">
<thead><tr><th scope="col">subject</th>${ways.map((way) => html`<th scope="col">${way}</th>`)}${unproved ? html`<th scope="col">no check</th>` : undefined}</tr></thead>
<tbody>${subjects.map(
    ([subject, rows]) =>
      html`<tr><th scope="row">${subject}</th>${ways.map(
        (way) =>
          html`<td>${rows.map((row) => {
            const own = row.checks.flatMap((id) => checks.get(id) ?? []).filter(({ kind }) => kind === way)
            return own.length === 0
              ? undefined
              : cell(row, combineVerdicts(own.map(({ verdict }) => verdict)))
          })}</td>`,
      )}${unproved ? html`<td>${rows.filter(({ checks: ids }) => !ids.some((id) => checks.has(id))).map((row) => cell(row, row.verdict))}</td>` : undefined}</tr>`,
  )}</tbody></table></section>`
}

function cell({ id, text }: ClauseRow, verdict: Verdict): Markup {
  return html`<a class="cell" href="#${clauseAnchor(id)}" data-verdict="${verdict}" title="${id}: ${text} (${verdict})" aria-label="${id} ${verdict}">${id.replace(/^.*-/, '')}<span aria-hidden="true">${MARK[verdict]}</span></a>`
}

function stages(result: RunResult): Markup | undefined {
  if (result.stages.length === 0) return undefined
  return html`<section aria-labelledby="stages"><h2 id="stages">Stages</h2><ol class="stages">
${result.stages.map(
  (stage) =>
    html`<li data-verdict="${stage.verdict}"${stage.reason === undefined ? undefined : html` title="${stage.reason}"`}><b>${stage.name}</b> <span class="verdict">${MARK[stage.verdict]} ${stage.verdict}</span> <span class="time">${describeDuration(stage.durationMs)}</span></li>`,
)}
</ol></section>`
}

/** One line a load scenario. */
function loadLines(result: RunResult): Markup | undefined {
  if (result.loads.length === 0) return undefined
  return html`<section aria-labelledby="load-lines"><h2 id="load-lines">Load</h2><table class="lines"><thead><tr><th scope="col">scenario</th><th scope="col">p95</th><th scope="col"></th><th scope="col">rate</th><th scope="col">failed</th><th scope="col">margin</th></tr></thead><tbody>
${result.loads.map((load) => loadLine(load, result))}
</tbody></table></section>`
}

function loadLine(load: LoadResult, { checks }: RunResult): Markup {
  const groups = measuredRequests(load)
  const failed = groups.reduce((sum, group) => sum + group.failed, 0)
  const { planned, achieved } = load.rate
  const bound = tightest(load)
  return html`<tr data-verdict="${loadVerdict(load, checks)}"><th scope="row"><a href="#${loadAnchor(load.scenario)}"><span class="verdict">${MARK[loadVerdict(load, checks)]}</span> ${load.scenario}</a></th>
<td>${sparkline(groups)}</td><td class="auths">${groups.slice(0, 3).map((group, index) => html`<span><i class="line-${index % 5}"></i>${labelOf(group, load)} ${figure(group.values['p(95)'] ?? 0)} ms</span> `)}${groups.length > 3 ? `+${groups.length - 3}` : undefined}</td>
<td>${figure(achieved)}${planned === undefined ? undefined : ` of ${figure(planned)}`}/s</td><td>${failed}</td>
<td${bound === undefined ? undefined : html` title="${bound.threshold.metric} ${bound.threshold.expression}"`}>${bound === undefined ? '' : percent(bound.margin)}</td></tr>`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** Of what the scenario's run proves. */
export function loadVerdict({ scenario }: LoadResult, checks: readonly CheckResult[]): Verdict {
  const own = checks.filter(({ id }) => id.startsWith(`load/${scenario}/`))
  return combineVerdicts(own.map(({ verdict }) => verdict))
}
