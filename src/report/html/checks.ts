import type { CheckResult, Failure } from '../../verdict/check.ts'
import type { Exchange } from '../../verdict/evidence.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { curlCommand, targetRemains } from '../curl.ts'
import { describeDuration, MARK } from '../describe.ts'
import { checkAnchor, clauseAnchor } from './anchors.ts'
import { html, type Markup } from './html.ts'

/** What is broken, at the top of the page; the same entry stands in the list of all checks, opened. */
export function failedChecks(result: RunResult): Markup | undefined {
  const broken = result.checks.filter((check) => check.verdict === 'broken')
  if (broken.length === 0) return undefined
  return html`<section aria-labelledby="broken"><h2 id="broken">Broken</h2><ul class="broken">
${broken.map((check) => html`<li data-verdict="broken"><a href="#${checkAnchor(check.id)}"><b>${check.clauses.join(', ')}</b> ${check.title}</a>${check.failures.map(failure)}</li>`)}
</ul></section>`
}

/** Every check with its evidence. */
export function checkList(result: RunResult): Markup | undefined {
  if (result.checks.length === 0) return undefined
  return html`<section aria-labelledby="checks"><h2 id="checks">Checks</h2>
${result.checks.map((check) => checkEntry(check, targetRemains(result)))}
</section>`
}

function checkEntry(check: CheckResult, withCurl: boolean): Markup {
  const open = check.verdict === 'broken' ? ' open' : ''
  return html`<details class="check" id="${checkAnchor(check.id)}" data-verdict="${check.verdict}"${open === '' ? undefined : html` open`}>
<summary><span class="verdict">${MARK[check.verdict]} ${check.verdict}</span> <code>${check.id}</code> <span>${check.title}</span></summary>
<p>Proves ${check.clauses.map((id, index) => html`${index > 0 ? ', ' : ''}<a href="#${clauseAnchor(id)}">${id}</a>`)} · ${describeDuration(check.durationMs)}</p>
${check.reason === undefined ? undefined : html`<p><b>Why:</b> ${check.reason}</p>`}
${check.failures.map(failure)}
${check.exchanges.map((each) => exchange(each, withCurl))}
</details>`
}

function failure({ message, expected, actual }: Failure): Markup {
  return html`<div class="failure"><p>${message}</p>${
    expected === undefined && actual === undefined
      ? undefined
      : html`<dl>${expected === undefined ? undefined : html`<div><dt>expected</dt><dd><pre>${expected}</pre></dd></div>`}${actual === undefined ? undefined : html`<div><dt>actual</dt><dd><pre>${actual}</pre></dd></div>`}</dl>`
  }</div>`
}

function exchange(each: Exchange, withCurl: boolean): Markup {
  const { request, response, error } = each
  return html`<figure class="exchange"><figcaption>${request.method} <code>${request.url}</code> · ${response === undefined ? (error?.code ?? 'no answer') : response.status} · ${describeDuration(each.durationMs)}</figcaption>
<div class="sides"><pre aria-label="request" tabindex="0">${message(`${request.method} ${request.url}`, request)}</pre>
<pre aria-label="response" tabindex="0">${response === undefined ? `${error?.code ?? ''} ${error?.message ?? ''}` : message(`HTTP ${response.status}`, response)}</pre></div>
${withCurl ? html`<details><summary>as a curl command</summary><pre class="curl" tabindex="0">${curlCommand(each)}</pre><button type="button" data-copy>Copy</button></details>` : undefined}</figure>`
}

function message(
  first: string,
  { headers, body }: { headers: Record<string, string>; body?: string | undefined },
): string {
  const lines = [first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
  return body === undefined || body === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${body}`
}
