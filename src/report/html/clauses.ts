import type { RunResult } from '../../verdict/run-result.ts'
import { VERDICTS } from '../../verdict/verdict.ts'
import { MARK } from '../describe.ts'
import { checkAnchor, clauseAnchor } from './anchors.ts'
import { html, type Markup } from './html.ts'

/** One row a clause, with what proved it; filters by verdict and by text work on the rows that are there. */
export function clauseTable(result: RunResult): Markup | undefined {
  if (result.clauses.length === 0) return undefined
  const checks = new Map(result.checks.map((check) => [check.id, check]))
  return html`<section aria-labelledby="clauses"><h2 id="clauses">Clauses</h2>
<form class="filters" data-filters="clause-rows">
<fieldset><legend>Show</legend>${VERDICTS.map((verdict) => html`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${MARK[verdict]} ${verdict}</label>`)}</fieldset>
<label>Find <input type="search" name="text" autocomplete="off"></label>
<output aria-live="polite"></output>
</form>
<div class="scroll" tabindex="0" role="region" aria-labelledby="clauses"><table id="clause-rows">
<thead><tr><th scope="col">Clause</th><th scope="col">Verdict</th><th scope="col">Proved by</th></tr></thead>
<tbody>${result.clauses.map(
    (row) => html`
<tr id="${clauseAnchor(row.id)}" data-verdict="${row.verdict}"><th scope="row"><a class="anchor" href="#${clauseAnchor(row.id)}">${row.id}</a> <span class="severity">${row.severity}</span><p>${row.text}</p><p class="source">${row.source}</p></th>
<td><span class="verdict">${MARK[row.verdict]} ${row.verdict}</span>${row.knownFailure === undefined ? undefined : html`<p><b>known:</b> ${row.knownFailure}</p>`}${row.reason === undefined ? undefined : html`<p>${row.reason}</p>`}</td>
<td><ul class="proofs">${row.checks.map((id) => {
      const verdict = checks.get(id)?.verdict ?? 'not evaluated'
      return html`<li data-verdict="${verdict}"><a href="#${checkAnchor(id)}"><span title="${verdict}">${MARK[verdict]}</span> ${id}</a></li>`
    })}</ul></td></tr>`,
  )}
</tbody></table></div></section>`
}
