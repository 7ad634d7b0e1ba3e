import type { Exchange } from '../../verdict/evidence.ts'
import type { RequestError } from './errors.ts'
import { append } from './headers.ts'
import type { ResponseHead } from './parser.ts'
import type { SentRequest } from './response.ts'

/** A request and its answer in the form of evidence, not yet redacted. */
export function toExchange(
  { method, url, headers, body }: Pick<SentRequest, 'method' | 'url' | 'headers' | 'body'>,
  answer: { readonly head: ResponseHead; readonly body: Buffer | string | undefined } | undefined,
  error: RequestError | undefined,
  durationMs: number,
): Exchange {
  const shown: Record<string, string[]> = {}
  for (let i = 0; i < headers.length; i += 2) append(shown, headers[i] ?? '', headers[i + 1] ?? '')
  return {
    request: {
      method,
      url,
      headers: Object.fromEntries(Object.entries(shown).map(([name, values]) => [name, values.join(', ')])),
      ...(body !== undefined && { body: textOf(body) }),
    },
    ...(answer && {
      response: {
        status: answer.head.status,
        headers: { ...answer.head.headers },
        ...(answer.body !== undefined && { body: textOf(answer.body) }),
      },
    }),
    ...(error && { error: { code: String(error.code), message: error.message } }),
    durationMs,
  }
}

function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : Buffer.from(body).toString('utf8')
}
