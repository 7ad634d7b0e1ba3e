import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib'
import { ErrorCode, RequestError } from './errors.ts'

const CODECS = {
  gzip: { compress: gzipSync, decompress: gunzipSync },
  deflate: { compress: deflateSync, decompress: inflateSync },
  br: { compress: brotliCompressSync, decompress: brotliDecompressSync },
  zstd: { compress: zstdCompressSync, decompress: zstdDecompressSync },
} as const

type Codec = keyof typeof CODECS

function isCodec(name: string): name is Codec {
  return name in CODECS
}

/**
 * @param names as `params.compression` gives them: `gzip`, or several in order, `gzip, br`
 * @throws TypeError on an algorithm that k6 has not
 */
export function compress(body: string | Uint8Array, names: string): { body: Uint8Array; encoding: string } {
  const codecs = names.split(',').map((name) => name.trim())
  let data: Uint8Array = typeof body === 'string' ? Buffer.from(body) : body
  for (const name of codecs) {
    if (!isCodec(name)) {
      throw new TypeError(
        `unknown compression algorithm ${name}, supported algorithms are [${Object.keys(CODECS).join(' ')}]`,
      )
    }
    data = CODECS[name].compress(data)
  }
  return { body: data, encoding: codecs.join(', ') }
}

/**
 * Undoes the Content-Encoding of a response; one that k6 does not know leaves the body as it is.
 * @throws RequestError 1701 when the body is not what its header says
 */
export function decompress(body: Buffer, encoding: string): Buffer {
  const codecs = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  if (body.length === 0 || !codecs.every(isCodec)) return body
  try {
    return codecs.reduceRight<Buffer>((data, name) => CODECS[name].decompress(data), body)
  } catch (error) {
    throw new RequestError(ErrorCode.decompression, `error decompressing response body (${encoding})`, {
      cause: error,
    })
  }
}

/** An object body as `application/x-www-form-urlencoded`, sorted by key as Go sorts. */
export function formEncode(body: Readonly<Record<string, unknown>>): string {
  const form = new URLSearchParams()
  for (const key of Object.keys(body).sort()) {
    const value = body[key]
    for (const item of Array.isArray(value) ? value : [value]) form.append(key, String(item))
  }
  // Go escapes what the URL standard leaves in a form; both decode to the same.
  return form.toString()
}
