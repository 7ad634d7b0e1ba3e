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

/** Whether a variant has the alphabet of URLs, and whether it pads. */
const VARIANTS = {
  std: { url: false, padded: true },
  rawstd: { url: false, padded: false },
  url: { url: true, padded: true },
  rawurl: { url: true, padded: false },
} as const

/** @throws when the input is not of the variant, as under k6; Node's own decoder would skip what it does not know */
function b64decode(input: unknown, variant = 'std', format?: string): ArrayBuffer | string {
  const text = typeof input === 'string' ? input : bytesOf(input).toString('latin1')
  const kind = variant in VARIANTS ? (variant as keyof typeof VARIANTS) : 'std'
  // Go passes over the ends of lines, which are rare: they are looked for where the text is not right as it is.
  const bytes = decoded(text, kind) ?? decoded(text.replace(/[\r\n]/g, ''), kind)
  if (bytes === undefined) throw new TypeError(`illegal base64 data for the encoding ${variant}`)
  return format === 's' ? bytes.toString('utf8') : arrayBufferOf(bytes)
}

function decoded(text: string, variant: keyof typeof VARIANTS): Buffer | undefined {
  const { url, padded } = VARIANTS[variant]
  const padding = padded ? (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0) : 0
  const characters = text.length - padding
  const bytes = Buffer.from(text, 'base64')
  // What Node skipped is missing from the length; the other alphabet it takes for the same.
  const right =
    bytes.length === Math.floor((characters * 3) / 4) &&
    characters % 4 !== 1 &&
    (!padded || text.length % 4 === 0) &&
    (url ? !text.includes('+') && !text.includes('/') : !text.includes('-') && !text.includes('_')) &&
    text.indexOf('=') === (padding === 0 ? -1 : characters)
  return right ? bytes : undefined
}
