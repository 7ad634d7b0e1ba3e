import type { Decode } from './jwt.ts'

/** Text → base64url without padding; k6's `encoding.b64encode(text, 'rawurl')`. */
export type Encode = (text: string) => string

/** Makes a valid token invalid, in one way only. */
export interface Forger {
  /** Another customer id of the same length, under the old signature. */
  alteredPayload(token: string): string
  /** One character of the signature is another one; it is still base64url of the same length. */
  alteredSignature(token: string): string
  /** `alg: none` and no signature; all else is kept. */
  unsigned(token: string): string
}

export function forger(decode: Decode, encode: Encode): Forger {
  return {
    alteredPayload(token) {
      const [header, payload, signature] = sections(token)
      const claims = JSON.parse(decode(payload))
      const subject = JSON.parse(claims.sub)
      const info = subject.customer_info ?? subject
      info.customer_id = alter(info.customer_id, 0)
      claims.sub = JSON.stringify(subject)
      return `${header}.${encode(JSON.stringify(claims))}.${signature}`
    },
    alteredSignature(token) {
      const [header, payload, signature] = sections(token)
      // Not the last character: some of its bits may mean nothing.
      return `${header}.${payload}.${alter(signature, signature.length >> 1)}`
    },
    unsigned(token) {
      const [header, payload] = sections(token)
      return `${encode(JSON.stringify({ ...JSON.parse(decode(header)), alg: 'none' }))}.${payload}.`
    },
  }
}

function sections(token: string): [string, string, string] {
  const [header = '', payload = '', signature = ''] = token.split('.')
  return [header, payload, signature]
}

function alter(text: string, at: number): string {
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}
