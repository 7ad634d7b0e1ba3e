import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** The port that the cases name; the five behind it are the server's too. */
const WRITTEN_PORT = 14_101
const PORTS = 6

export interface ConformanceServer {
  /** A copy of the cases that talk to this server. */
  readonly cases: string
  /** A text with the ports as the cases name them. */
  written(text: string): string
  stop(): Promise<void>
}

/**
 * Starts the server that the cases talk to, on ports that are free.
 * @param folder where the cases are copied to, and the server's certificate is made
 */
export async function startServer(folder: string): Promise<ConformanceServer> {
  const port = await freePorts()
  cpSync(import.meta.dirname, folder, { recursive: true })
  const cases = join(folder, 'cases')
  const toReal = (text: string) =>
    text.replace(/\b1410([1-6])\b/g, (_, digit: string) => String(port + Number(digit) - 1))
  for (const name of readdirSync(cases)) {
    const file = join(cases, name)
    if (statSync(file).isFile()) writeFileSync(file, toReal(sooner(readFileSync(file, 'utf8'))))
  }
  const child = spawn(process.execPath, [join(folder, 'server.mjs'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => {
      throw new Error('the conformance server ended at its start; it needs openssl')
    }),
  ])
  return {
    cases,
    written: (text) =>
      text.replace(/\b\d{5}\b/g, (found) => {
        const offset = Number(found) - port
        return offset >= 0 && offset < PORTS ? String(WRITTEN_PORT + offset) : found
      }),
    async stop() {
      child.kill()
      await exited
    },
  }
}

/** The one request that nobody answers ends after k6's default of a minute, in the same way as after a moment. */
function sooner(text: string): string {
  return text.replace(
    "['https-on-http', 'GET', 'https://127.0.0.1:14101/']",
    "['https-on-http', 'GET', 'https://127.0.0.1:14101/', null, { timeout: '300ms' }]",
  )
}

/** The first of six ports in a row that nobody listens on; of five digits, as those in the cases. */
async function freePorts(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const free = await Promise.all(Array.from({ length: PORTS }, (_, i) => isFree(first + i)))
    if (free.every(Boolean)) return first
  }
  throw new Error('found no six free ports in a row')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
