import type { Exchange } from '../verdict/evidence.ts'
import type { RunResult } from '../verdict/run-result.ts'

/** Is there still something to send a request to? The embedded provider ended with the run. */
export function targetRemains({ target }: Pick<RunResult, 'target'>): boolean {
  return target.kind === 'url'
}

/**
 * An exchange's request as a curl command for a POSIX shell. It is made of evidence, so every secret in it is a
 * placeholder that the reader fills in.
 */
export function curlCommand({ request }: Exchange): string {
  const parts = ['curl -i']
  if (request.method !== 'GET' || request.body !== undefined) parts.push(`-X ${request.method}`)
  for (const [name, value] of Object.entries(request.headers)) {
    if (!SET_BY_CURL.has(name.toLowerCase())) parts.push(`-H ${quote(`${name}: ${value}`)}`)
  }
  if (request.body !== undefined && request.body !== '') parts.push(`--data-raw ${quote(request.body)}`)
  parts.push(quote(request.url))
  return parts.join(' \\\n  ')
}

const SET_BY_CURL = new Set(['content-length', 'host', 'connection', 'accept-encoding', 'transfer-encoding'])

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
