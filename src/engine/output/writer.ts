import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { HarnessError } from '../../verdict/errors.ts'
import type { NdjsonChunk } from './ndjson.ts'

/** How much may wait for a slow disk, in characters. */
const LIMIT = 64 * 1024 * 1024

/**
 * Writes chunks of all workers to one stream. It gives the stream no more than it asks for; what waits is bounded,
 * and points past the bound are counted and told at the end: a file that lacks samples never passes for whole.
 */
export class NdjsonWriter {
  readonly #stream: Writable
  readonly #limit: number
  readonly #ended: Promise<void>
  readonly #introduced = new Set<string>()
  #waiting: string[] = []
  #size = 0
  #blocked = false
  #lost = 0
  #error: unknown

  constructor(stream: Writable, limit = LIMIT) {
    this.#stream = stream
    this.#limit = limit
    this.#ended = finished(stream).catch((error: unknown) => {
      this.#error = error
      this.#waiting = []
    })
    stream.on('drain', () => {
      this.#blocked = false
      this.#pump()
    })
  }

  write({ metrics, points, count }: NdjsonChunk): void {
    if (this.#error !== undefined) return
    if (this.#size + points.length > this.#limit) {
      this.#lost += count
      return
    }
    for (const [name, line] of metrics) {
      if (this.#introduced.has(name)) continue
      this.#introduced.add(name)
      this.#waiting.push(line)
    }
    this.#waiting.push(points)
    this.#size += points.length
    this.#pump()
  }

  /**
   * Gives the stream what still waits, and ends it.
   * @throws {HarnessError} HARNESS OUTPUT_FAILED when the stream failed, or could not keep up and lacks samples
   */
  async close(): Promise<void> {
    this.#pump(true)
    this.#stream.end()
    await this.#ended
    const reason =
      this.#error !== undefined
        ? `it failed: ${this.#error instanceof Error ? this.#error.message : String(this.#error)}`
        : this.#lost > 0
          ? `it could not keep up: ${this.#lost} samples are missing`
          : undefined
    if (reason === undefined) return
    throw new HarnessError('HARNESS', 'OUTPUT_FAILED', `The output of the samples is not whole; ${reason}`, {
      remedy: 'Write to a disk that is faster or has room, or leave --out away.',
      cause: this.#error,
    })
  }

  #pump(all = false): void {
    while (this.#waiting.length > 0 && (all || !this.#blocked)) {
      const text = this.#waiting.shift() ?? ''
      this.#size = Math.max(0, this.#size - text.length)
      if (!this.#stream.write(text)) this.#blocked = true
    }
  }
}
