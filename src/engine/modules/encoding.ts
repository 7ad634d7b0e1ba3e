import type { Vu } from '../vu/vu.ts'
import { arrayBufferOf, bytesOf } from './bytes.ts'

/** `k6/encoding` */
export function encodingMember(_vu: Vu, name: string): unknown {
  return name === 'b64encode' ? b64encode : name === 'b64decode' ? b64decode : undefined
}

/** k6's four variants of Base64; `undefined` is `std`. */
function b64encode(input: unknown, variant?: string): string {
  const bytes = bytesOf(input)
  switch (variant) {
    case 'rawstd':
      return bytes.toString('base64').replace(/=+$/, '')
    case 'rawurl':
      return bytes.toString('base64url')
    case 'url':
      return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    default:
      return bytes.toString('base64')
  }
}

const ALPHABETS = {
  std: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  rawstd: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3})?$/,
  url: /^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/,
  rawurl: /^(?:[\w-]{4})*(?:[\w-]{2,3})?$/,
} as const

/** @throws when the input is not of the variant, as under k6; Node's own decoder would skip what it does not know */
function b64decode(input: unknown, variant = 'std', format?: string): ArrayBuffer | string {
  const text = bytesOf(input)
    .toString('latin1')
    .replace(/[\r\n]/g, '')
  const alphabet = variant in ALPHABETS ? ALPHABETS[variant as keyof typeof ALPHABETS] : ALPHABETS.std
  if (!alphabet.test(text)) throw new TypeError(`illegal base64 data for the encoding ${variant}`)
  const bytes = Buffer.from(text, 'base64')
  return format === 's' ? bytes.toString('utf8') : arrayBufferOf(bytes)
}
