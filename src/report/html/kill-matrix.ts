import type { KillMatrix } from '../../verdict/kill-matrix.ts'
import { byClause, claimText, killSummary, proofText } from '../kill-matrix.ts'
import { checkAnchor, clauseAnchor, defectAnchor } from './anchors.ts'
import { html, type Markup } from './html.ts'

/** Defect × check: which planted defect was seen, and by what. */
export function killMatrixSection(matrix: KillMatrix | undefined): Markup | undefined {
  if (matrix === undefined) return undefined
  return html`<section aria-labelledby="kill-matrix"><h2 id="kill-matrix">Kill matrix</h2>
<p>${killSummary(matrix)}.</p>
${problem('Broken on the correct provider', matrix.falseAlarms)}
${problem('Without a verdict on the correct provider', matrix.unevaluated)}
${problem('Claims that kill no defect of their clause', matrix.idle.map(claimText))}
${problem('Claims that kill no defect, and gave no verdict on one', matrix.unheard.map(claimText))}
${problem('Ways of proof that kill no defect of their clause', matrix.idleProofs.map(proofText))}
${matrix.exempt.map(({ clause, reason }) => html`<p>${clause} is exempt: ${reason}.</p>`)}
<div class="scroll" tabindex="0" role="region" aria-labelledby="kill-matrix"><table><thead><tr><th scope="col">Defect</th><th scope="col">Breaks</th><th scope="col">Fate</th><th scope="col">Killed by</th><th scope="col">Also broke</th></tr></thead><tbody>
${matrix.defects.map(
  ({
    id,
    title,
    clauses,
    fate,
    killedBy,
    alsoBroke,
    reason,
  }) => html`<tr id="${defectAnchor(id)}" data-verdict="${fate === 'killed' ? 'held' : 'broken'}"><th scope="row"><a class="anchor" href="#${defectAnchor(id)}">${id}</a><p>${title}</p></th>
<td>${clauses.map((clause) => html`<a href="#${clauseAnchor(clause)}">${clause}</a> `)}</td><td><span class="verdict">${fate === 'killed' ? '✓' : '✗'} ${fate}</span>${reason === undefined ? undefined : html`<p>${reason}</p>`}</td>
<td>${byClause(killedBy).map(([clause, checks]) => html`<p>${clause}</p>${links(checks)}`)}</td><td>${links(alsoBroke)}</td></tr>`,
)}
</tbody></table></div></section>`
}

function problem(what: string, which: readonly string[]): Markup | undefined {
  return which.length > 0 ? html`<p role="alert">${what}: ${which.join(', ')}</p>` : undefined
}

function links(ids: readonly string[]): Markup {
  return html`<ul class="proofs">${ids.map((id) => html`<li><a href="#${checkAnchor(id)}">${id}</a></li>`)}</ul>`
}
