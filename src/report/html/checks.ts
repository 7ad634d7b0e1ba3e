import type { CheckResult, Failure } from '../../verdict/check.ts'
import type { Exchange } from '../../verdict/evidence.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { curlCommand, targetRemains } from '../curl.ts'
import { describeDuration, MARK } from '../describe.ts'
import { checkAnchor, clauseAnchor } from './anchors.ts'
import { html, type Markup } from './html.ts'

/**
 * A check, folded. Its evidence is loaded when it is opened: see {@link evidenceOf}.
 * @param anchored whether this is the place that a link to the check leads to; there is one
 */
export function checkEntry(check: CheckResult, anchored: boolean): Markup {
  const { id, title, verdict } = check
  return html`<details class="check"${anchored ? html` id="${checkAnchor(id)}" data-evidence-of` : html` data-evidence-of="${checkAnchor(id)}"`} data-verdict="${verdict}">
<summary><span class="verdict">${MARK[verdict]}</span> ${title} <code>${id}</code></summary>${sentence(check)}</details>`
}

/** What a check brings when it is opened: in the file, but not in the document until then. */
export function evidenceOf(check: CheckResult, result: Pick<RunResult, 'target'>): Markup {
  const withCurl = targetRemains(result)
  return html`<template data-evidence="${checkAnchor(check.id)}">
<p class="proves">proves ${check.clauses.map((id, index) => html`${index > 0 ? ', ' : ''}<a href="#${clauseAnchor(id)}">${id}</a>`)} · ${check.kind} · ${describeDuration(check.durationMs)} · <a data-self>link</a></p>
${check.exchanges.length === 0 ? html`<p class="soft">No exchange was kept.</p>` : check.exchanges.map((each) => exchange(each, withCurl))}
</template>`
}

/** Why it is not held. */
function sentence({ reason, failures }: CheckResult): Markup | undefined {
  if (reason === undefined && failures.length === 0) return undefined
  return html`${reason === undefined ? undefined : html`<p><b>Why:</b> ${reason}</p>`}${failures.map(failure)}`
}

/** Values up to this length (characters) stand in the sentence. */
const SHORT = 60

/** What chai appends to a message: both values once more, in its own words. */
const ASSERTION = /:? ?\bexpected .+ to (?:deeply )?equal .+$/s

/** A failure as a sentence; expected and actual stand in it once, and beside each other where they are long. */
export function failure({ message: told, expected, actual }: Failure): Markup {
  const message = expected === undefined || actual === undefined ? told : told.replace(ASSERTION, '')
  const isTold = (value: string | undefined) => value === undefined || message.includes(value)
  if (isTold(expected) && isTold(actual)) return html`<p class="failure">${message}</p>`
  const isShort = (value: string | undefined) => (value ?? '').length <= SHORT && !value?.includes('\n')
  if (isShort(expected) && isShort(actual)) {
    const parts = [
      ...(expected === undefined ? [] : [html`expected <code>${expected}</code>`]),
      ...(actual === undefined ? [] : [html`was <code>${actual}</code>`]),
    ]
    return html`<p class="failure">${message}: ${parts.map((part, index) => html`${index > 0 ? ', ' : ''}${part}`)}</p>`
  }
  const [shownExpected, shownActual] = marked(expected ?? '', actual ?? '')
  return html`<div class="failure"><p>${message}</p><dl>${expected === undefined ? undefined : html`<div><dt>expected</dt><dd><pre>${shownExpected}</pre></dd></div>`}${actual === undefined ? undefined : html`<div><dt>actual</dt><dd><pre>${shownActual}</pre></dd></div>`}</dl></div>`
}

/** Two values with the part marked in which they differ: what they begin and end with alike is not. */
function marked(a: string, b: string): [Markup, Markup] {
  const left = [...a]
  const right = [...b]
  const shorter = Math.min(left.length, right.length)
  let start = 0
  while (start < shorter && left[start] === right[start]) start++
  let end = 0
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++
  const show = (text: readonly string[]) => {
    const different = text.slice(start, text.length - end).join('')
    return html`${text.slice(0, start).join('')}${different === '' ? undefined : html`<mark>${different}</mark>`}${text.slice(text.length - end).join('')}`
  }
  return [show(left), show(right)]
}

export function exchange(each: Exchange, withCurl: boolean): Markup {
  const { request, response, error, load } = each
  const when = load === undefined ? '' : ` · ${describeDuration(load.atMs)} after the start, VU ${load.vu}`
  return html`<figure class="exchange"><figcaption>${response === undefined ? (error?.code ?? 'no answer') : response.status} · ${describeDuration(each.durationMs)}${when}</figcaption>
<div class="sides"><pre>${message(`${request.method} ${request.url}`, request)}</pre><pre>${response === undefined ? `${error?.code ?? ''} ${error?.message ?? ''}` : message(`HTTP ${response.status}`, response)}</pre></div>
${withCurl ? html`<details><summary>as a curl command</summary><pre class="curl">${curlCommand(each)}</pre><button type="button" data-copy>Copy</button></details>` : undefined}</figure>`
}

function message(
  first: string,
  { headers, body }: { headers: Record<string, string>; body?: string | undefined },
): string {
  const lines = [first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
  return body === undefined || body === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${body}`
}
