import { createHash, createHmac, type Hash, type Hmac, randomBytes } from 'node:crypto'
import type { Vu } from '../vu/vu.ts'
import { arrayBufferOf, bytesOf } from './bytes.ts'

/** k6's names of digests to OpenSSL's. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  sha512_224: 'sha512-224',
  sha512_256: 'sha512-256',
  ripemd160: 'ripemd160',
}

/** `k6/crypto` */
export function cryptoMember(_vu: Vu, name: string): unknown {
  switch (name) {
    case 'randomBytes':
      return (size: unknown) => {
        const bytes = Number(size)
        if (!(bytes >= 1)) throw new RangeError('invalid size')
        return arrayBufferOf(randomBytes(bytes))
      }
    case 'hmac':
      return (algorithm: string, secret: unknown, input: unknown, encoding: string) =>
        encode(createHmac(opensslName(algorithm), bytesOf(secret)).update(bytesOf(input)).digest(), encoding)
    case 'createHash':
      return (algorithm: string) => {
        const digest = opensslName(algorithm)
        return new Hasher(() => createHash(digest))
      }
    case 'createHMAC':
      return (algorithm: string, secret: unknown) => {
        const digest = opensslName(algorithm)
        const key = bytesOf(secret)
        return new Hasher(() => createHmac(digest, key))
      }
    default: {
      const algorithm = opensslName(name)
      return (input: unknown, encoding: string) =>
        encode(createHash(algorithm).update(bytesOf(input)).digest(), encoding)
    }
  }
}

/** What `createHash` and `createHMAC` give: more may be added when a digest was asked for. */
class Hasher {
  readonly #make: () => Hash | Hmac
  readonly #inputs: Uint8Array[] = []

  constructor(make: () => Hash | Hmac) {
    this.#make = make
  }

  update(input: unknown): void {
    this.#inputs.push(Uint8Array.from(Buffer.from(bytesOf(input))))
  }

  digest(encoding: string): string | ArrayBuffer {
    // Node's own ends with its first digest.
    const hash = this.#make()
    for (const input of this.#inputs) hash.update(input)
    return encode(hash.digest(), encoding)
  }
}

function opensslName(algorithm: string): string {
  const name = ALGORITHMS[algorithm]
  if (name === undefined) {
    throw new TypeError(
      `invalid algorithm: ${algorithm}; the embedded engine has ${Object.keys(ALGORITHMS).join(', ')}`,
    )
  }
  return name
}

function encode(digest: Buffer, encoding: string): string | ArrayBuffer {
  switch (encoding) {
    case 'hex':
      return digest.toString('hex')
    case 'base64':
      return digest.toString('base64')
    case 'base64url':
      return digest.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
    case 'base64rawurl':
      return digest.toString('base64url')
    case 'binary':
      return arrayBufferOf(digest)
    default:
      throw new TypeError(`invalid output encoding: ${encoding}`)
  }
}
