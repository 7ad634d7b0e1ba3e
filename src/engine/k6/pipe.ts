import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

/** A named pipe in a folder of its own. */
export interface NamedPipe {
  readonly path: string
  /** Call when nobody will write any more: resolves when all was read, and takes the pipe away. */
  close(): Promise<void>
}

/** Said by ourselves, behind the last line of the writer. */
const END = '{"type":"end of pipe"}'

/**
 * A named pipe, for a program that writes to a path: k6 flushes its progress and its samples to standard output at
 * any byte, so they cannot share it, and a file would grow by 3 kB a request.
 *
 * It is opened for reading and writing: so opening waits for nobody, a writer that never comes hangs nobody, and
 * the end is a line of our own.
 */
export async function openPipe(onLine: (line: string) => void): Promise<NamedPipe> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-harness-k6-'))
  const path = join(folder, 'points.json')
  await promisify(execFile)('mkfifo', ['-m', '600', path])
  const stream = createReadStream(path, { flags: 'r+' })
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  const read = new Promise<void>((resolve, reject) => {
    stream.on('error', reject)
    lines.on('line', (line) => {
      if (line !== END) return onLine(line)
      lines.close()
      stream.destroy()
      resolve()
    })
  })
  return {
    path,
    async close() {
      // A line that was cut off must not swallow the end.
      await appendFile(path, `\n${END}\n`)
      await read
      await rm(folder, { recursive: true, force: true })
    },
  }
}
