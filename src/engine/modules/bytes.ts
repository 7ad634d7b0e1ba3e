/** The bytes of a string (UTF-8), an ArrayBuffer or a view; what k6's functions take as input. */
export function bytesOf(input: unknown): Buffer {
  if (typeof input === 'string') return Buffer.from(input, 'utf8')
  if (input instanceof ArrayBuffer) return Buffer.from(input)
  if (ArrayBuffer.isView(input)) return Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  throw new TypeError(`expected a string or an ArrayBuffer, got ${input === null ? 'null' : typeof input}`)
}

/** A copy with a buffer of its own: Node's small Buffers share one. */
export function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
