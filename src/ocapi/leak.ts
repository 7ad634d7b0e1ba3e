import type { ApiResponse } from './response.ts'

const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g

/**
 * Where a response holds a token that it should not: names of headers in lower case, or `body`. A fault may quote the
 * token that it refuses (the vendor's own text does, in its message and its arguments), so what was sent is no leak;
 * nor is the challenge `WWW-Authenticate: Bearer realm=…`.
 * @param sent the Authorization header of the request
 */
export function tokenPlaces(
  { headers, authorization, body }: Pick<ApiResponse, 'headers' | 'authorization' | 'body'>,
  sent: string | undefined,
): string[] {
  const places = new Set<string>()
  if (authorization !== undefined) places.add('header authorization')
  for (const [name, value] of headers) {
    if (holdsToken(value, sent)) places.add(`header ${name.toLowerCase()}`)
  }
  if (holdsToken(body, sent)) places.add('body')
  return [...places]
}

function holdsToken(text: string, sent = ''): boolean {
  // A quoted token of two sections may be followed by the full stop of its sentence.
  return (text.match(TOKEN) ?? []).some((token) => !sent.includes(token.replace(/\.$/, '')))
}
