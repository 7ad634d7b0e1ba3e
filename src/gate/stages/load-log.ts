import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { redactText } from '../../verdict/redact.ts'

/**
 * What a load script writes to its console, and what the engine has to say of the run: shown at once, and kept in a
 * file of the run's folder. The file is made with the first line.
 */
export class LoadLog {
  readonly #file: string
  readonly #show: (line: string) => void
  #stream: WriteStream | undefined

  constructor(file: string, show: (line: string) => void) {
    this.#file = file
    this.#show = show
  }

  readonly write = (line: string): void => {
    const safe = redactText(line)
    this.#show(safe)
    this.#stream ??= createWriteStream(this.#file, { flags: 'a' })
    this.#stream.write(`${safe}\n`)
  }

  async close(): Promise<void> {
    if (this.#stream === undefined) return
    this.#stream.end()
    await once(this.#stream, 'close')
  }
}
