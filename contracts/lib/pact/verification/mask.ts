import type { RawResponse } from '../../../../src/client/send-request.ts'
import { isJson } from '../../../../src/ocapi/media-type.ts'
import { redactHeaders, redactText } from '../../../../src/verdict/redact.ts'

/**
 * An Authorization value of the same shape that opens nothing: what the contract's expressions can tell apart (the
 * scheme, the number of sections, whether each is empty or begins like a JSON object, foreign characters) stays, and
 * nothing else.
 */
export function maskAuthorization(value: string): string {
  const [, scheme = '', credentials = ''] = /^((?:Basic|Bearer) )?(.*)$/is.exec(value) ?? []
  return `${scheme}${credentials.replace(/[\w-]+/g, (run) => (/^eyJ./.test(run) ? 'eyJx' : 'x'))}`
}

/** The answer as Pact may see it, and so the console, the result and the broker. */
export function maskAnswer({ headers, setCookies, body }: RawResponse): {
  headers: [string, string][]
  body: string
} {
  const plain = [...headers].filter(([name]) => !PER_CONNECTION.has(name))
  return {
    headers: [
      ...plain.map(([name, value]): [string, string] => [
        name,
        name === 'authorization'
          ? maskAuthorization(value)
          : // Pact takes another letter case for another type, and then reads no body.
            name === 'content-type' && isJson(value)
            ? value.toLowerCase()
            : (redactHeaders({ [name]: value })[name] ?? ''),
      ]),
      ...setCookies.map((line): [string, string] => [
        'set-cookie',
        redactHeaders({ 'set-cookie': line })['set-cookie'] ?? '',
      ]),
    ],
    body: redactText(body),
  }
}

const PER_CONNECTION = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  // The verifier would follow it, past the gateway.
  'location',
  'set-cookie',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
