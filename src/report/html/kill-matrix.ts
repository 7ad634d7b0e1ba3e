import type { DefectFate, KillMatrix } from '../../verdict/kill-matrix.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { byClause, killProblems, killSummary } from '../kill-matrix.ts'
import { checkAnchor, clauseAnchor, defectAnchor } from './anchors.ts'
import { html, type Markup } from './html.ts'

/** Defects by clauses: a letter for each stage that saw the defect break the clause. */
export function killMatrixSection(result: RunResult): Markup | undefined {
  const { killMatrix } = result
  if (killMatrix === undefined) return undefined
  const { defects, exempt } = killMatrix
  const clauses = columns(result, killMatrix)
  return html`<section aria-labelledby="kill-matrix"><h2 id="kill-matrix">Kill matrix</h2>
<p>${killSummary(killMatrix)}. A letter says which stage saw it: C contract, B behaviour, L load; · a clause that the defect breaks and that no check of its own saw broken.</p>
${killProblems(killMatrix).map(({ what, which }) => html`<p role="alert"><b>${what}:</b> ${which.join(', ')}</p>`)}
<div class="scroll" tabindex="0" role="region" aria-labelledby="kill-matrix"><table class="kills"><thead><tr><th scope="col">Defect</th>${clauses.map((id) => html`<th scope="col"><a href="#${clauseAnchor(id)}"><span>${id}</span></a></th>`)}</tr></thead><tbody>
${defects.map(
  (defect) =>
    html`<tr data-verdict="${defect.fate === 'killed' ? 'held' : 'broken'}"><th scope="row" title="${defect.title}"><a href="#${defectAnchor(defect.id)}"><span class="verdict">${defect.fate === 'killed' ? '✓' : '✗'}</span> ${defect.id}</a></th>${clauses.map((id) => html`<td>${mark(defect, id)}</td>`)}</tr>`,
)}
</tbody></table></div>
<details class="more"><summary>Each defect, with the checks that killed it</summary>${defects.map(entry)}</details>
${exempt.map(({ clause, reason }) => html`<p class="soft">${clause} is exempt: ${reason}.</p>`)}</section>`
}

/** The clauses that some defect breaks, in the catalogue's order. */
function columns({ clauses }: RunResult, { defects }: KillMatrix): string[] {
  const broken = new Set(defects.flatMap((defect) => defect.clauses))
  const known = clauses.map(({ id }) => id).filter((id) => broken.has(id))
  return [...known, ...[...broken].filter((id) => !known.includes(id))]
}

const LETTERS = [
  ['contract/', 'C'],
  ['behaviour/', 'B'],
  ['load/', 'L'],
] as const

function mark({ clauses, killedBy }: DefectFate, id: string): string {
  if (!clauses.includes(id)) return ''
  const killers = killedBy.filter(({ clause }) => clause === id)
  const letters = LETTERS.filter(([prefix]) => killers.some(({ check }) => check.startsWith(prefix)))
  return letters.map(([, letter]) => letter).join('') || '·'
}

function entry({ id, title, clauses, fate, killedBy, alsoBroke, reason }: DefectFate): Markup {
  const killers = new Set(killedBy.map(({ check }) => check))
  return html`<details class="defect" id="${defectAnchor(id)}" data-verdict="${fate === 'killed' ? 'held' : 'broken'}"><summary><span class="verdict">${fate === 'killed' ? '✓' : '✗'} ${id}</span> <span class="sentence">${title}</span> <span class="count">${fate === 'killed' ? `${killers.size} killed it` : fate}</span></summary>
<p>${title}. It breaks ${clauses.map((clause) => html`<a href="#${clauseAnchor(clause)}">${clause}</a> `)}</p>${reason === undefined ? undefined : html`<p><b>Why:</b> ${reason}</p>`}
${byClause(killedBy).map(([clause, checks]) => links(`${clause}: killed by`, checks))}${links('Also broke', alsoBroke)}</details>`
}

function links(text: string, ids: readonly string[]): Markup | undefined {
  if (ids.length === 0) return undefined
  return html`<p>${text}</p><ul class="proofs">${ids.map((id) => html`<li><a href="#${checkAnchor(id)}">${id}</a></li>`)}</ul>`
}
