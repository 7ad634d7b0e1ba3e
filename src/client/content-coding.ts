import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'

/** By the name of the coding in lower case (RFC 9110, 8.4.1). */
const DECODERS = new Map(
  Object.entries({
    gzip: gunzip,
    'x-gzip': gunzip,
    deflate: inflate,
    br: brotliDecompress,
    zstd: zstdDecompress,
  }).map(([name, decode]) => [name, promisify<Buffer, { maxOutputLength: number }, Buffer>(decode)] as const),
)

/**
 * Undoes the codings of a body: a server may code one though nobody said to accept it (RFC 9110, 12.5.3).
 * @param contentEncoding the header, such as `gzip` or `br, gzip`; a coding that is not known leaves the body as it is
 * @param maxBytes of the decoded body
 * @throws where the body is not what its header says, or decodes to more than that
 */
export async function decoded(
  body: Buffer,
  contentEncoding: string | null,
  maxBytes: number,
): Promise<Buffer> {
  const names = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  const decoders = names
    .filter((name) => name !== '' && name !== 'identity')
    .map((name) => DECODERS.get(name))
  let plain = body
  for (const decode of decoders.reverse()) {
    if (decode === undefined) return body
    if (plain.length > 0) plain = await decode(plain, { maxOutputLength: maxBytes })
  }
  return plain
}
