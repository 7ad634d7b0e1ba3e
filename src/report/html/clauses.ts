import type { CheckResult } from '../../verdict/check.ts'
import type { ClauseRow, RunResult } from '../../verdict/run-result.ts'
import { VERDICTS } from '../../verdict/verdict.ts'
import { MARK } from '../describe.ts'
import { subjectOf } from '../subject.ts'
import { clauseAnchor } from './anchors.ts'
import { checkEntry, evidenceOf } from './checks.ts'
import { html, type Markup } from './html.ts'

/** Every clause, folded: it opens to its checks, and a check to its evidence. */
export function clauseList(result: RunResult): Markup | undefined {
  if (result.clauses.length === 0) return undefined
  const checks = new Map(result.checks.map((check) => [check.id, check]))
  const anchored = new Set<string>()
  return html`<section aria-labelledby="clauses"><h2 id="clauses">Every clause</h2>
${filters(result)}
<div id="clause-rows">${result.clauses.map((row) => {
    const own = row.checks.flatMap((id) => checks.get(id) ?? [])
    return entry(row, own, (id) => {
      const isFirst = !anchored.has(id)
      anchored.add(id)
      return isFirst
    })
  })}</div>
${result.checks.map((check) => evidenceOf(check, result))}
</section>`
}

function filters(result: RunResult): Markup {
  const subjects = [...new Set(result.clauses.map(({ id }) => subjectOf(id)))]
  const kinds = [...new Set(result.checks.map(({ kind }) => kind))]
  const verdicts = VERDICTS.filter((verdict) => result.clauses.some((row) => row.verdict === verdict))
  return html`<form class="filters" data-filters="clause-rows">
<fieldset><legend>Verdict</legend>${verdicts.map((verdict) => html`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${MARK[verdict]} ${verdict}</label>`)}</fieldset>
<label>Subject <select name="subject"><option value="">all</option>${subjects.map((subject) => html`<option>${subject}</option>`)}</select></label>
<label>Stage <select name="kind"><option value="">all</option>${kinds.map((kind) => html`<option>${kind}</option>`)}</select></label>
<label>Find <input type="search" name="text" autocomplete="off"></label>
<output aria-live="polite"></output>
</form>`
}

function entry(row: ClauseRow, checks: readonly CheckResult[], anchor: (id: string) => boolean): Markup {
  const kinds = [...new Set(checks.map(({ kind }) => kind))]
  const count = checks.length === 1 ? '1 check' : `${checks.length} checks`
  return html`<details class="clause" id="${clauseAnchor(row.id)}" data-verdict="${row.verdict}" data-subject="${subjectOf(row.id)}" data-kinds="${kinds.join(' ')}">
<summary><span class="verdict" title="${row.verdict}">${MARK[row.verdict]} ${row.id}</span> <span class="sentence">${row.text}</span> <span class="count">${row.knownFailure === undefined ? undefined : 'known · '}${row.verdict === 'held' ? undefined : `${row.verdict} · `}${count}</span></summary>
<p>${row.text}</p>
<p class="soft">${row.severity} · ${row.source} · <a href="#${clauseAnchor(row.id)}">link</a></p>
${row.knownFailure === undefined ? undefined : html`<p><b>Known:</b> ${row.knownFailure}</p>`}${row.reason === undefined ? undefined : html`<p><b>Why:</b> ${row.reason}</p>`}
${checks.map((check) => checkEntry(check, anchor(check.id)))}
</details>`
}
