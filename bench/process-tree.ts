import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** What a command cost, with all processes that it started. */
export interface Cost {
  /** User and system time, s. */
  readonly cpuSeconds: number
  /** The most resident memory at once, bytes; looked at every 100 ms. `undefined` where there is no /proc. */
  readonly peakBytes: number | undefined
  readonly stdout: string
}

/**
 * How long a command runs before the next one's turn, ms: no longer than a shared machine keeps its speed, and long
 * enough that what the others pushed out of the caches does not count (with 250 the engine had 5 % less).
 */
const TURN_MS = 1_000

/** Runs a command to its end. */
export async function measure(command: readonly string[]): Promise<Cost> {
  return new Measured(command).cost
}

/**
 * Runs commands to their ends in turns of a second: while one runs, the others are stopped. What the machine does
 * meanwhile, it does to all of them. A command that is stopped sees time pass: each needs as many times its duration
 * as there are commands.
 */
export async function measureInTurns(commands: readonly (readonly string[])[]): Promise<Cost[]> {
  const all = commands.map((command) => new Measured(command))
  try {
    for (const one of all) one.stop()
    while (all.some(({ running }) => running)) {
      for (const one of all.filter(({ running }) => running)) {
        one.resume()
        await Promise.race([one.cost, new Promise((resolve) => setTimeout(resolve, TURN_MS))])
        one.stop()
      }
    }
  } finally {
    // After an error, too, nobody is left behind who is stopped.
    for (const one of all) one.resume()
  }
  return Promise.all(all.map(({ cost }) => cost))
}

const underWay = new Set<Measured>()
process.on('exit', () => {
  for (const one of underWay) one.kill()
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/**
 * A command under way, by bash, whose `time` counts the children that were waited for. Its processes are a group, to
 * which a terminal's signals do not come: it ends with this process.
 */
class Measured {
  readonly cost: Promise<Cost>
  readonly #child: ReturnType<typeof start>

  constructor(command: readonly string[]) {
    this.#child = start(command)
    underWay.add(this)
    this.cost = this.#measure(command)
    // Whoever waits for it is told; it may fail before.
    this.cost.catch(() => {})
  }

  get running(): boolean {
    return underWay.has(this)
  }

  stop(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  kill(): void {
    this.#signal('SIGKILL')
  }

  #signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    if (this.running && this.#child.pid !== undefined) process.kill(-this.#child.pid, signal)
  }

  async #measure(command: readonly string[]): Promise<Cost> {
    const child = this.#child
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    let peakBytes: number | undefined
    const sampling = setInterval(() => {
      const bytes = residentBytes(child.pid)
      if (bytes !== undefined && bytes > (peakBytes ?? 0)) peakBytes = bytes
    }, 100)
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', () => underWay.delete(this))
      child.on('close', resolve)
    }).finally(() => clearInterval(sampling))
    const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? []
    if (code !== 0 || user === undefined || system === undefined) {
      throw new Error(
        `${command.slice(0, 2).join(' ')} ended with the code ${code}: ${stderr.trim() || stdout}`,
      )
    }
    return { cpuSeconds: Number(user) + Number(system), peakBytes, stdout }
  }
}

function start(command: readonly string[]) {
  return spawn('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bench', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
}

/** Of a process and all below it. */
function residentBytes(root: number | undefined): number | undefined {
  if (root === undefined) return undefined
  const parents = new Map<number, number>()
  const resident = new Map<number, number>()
  let processes: string[]
  try {
    processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return undefined
  }
  for (const pid of processes) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      parents.set(Number(pid), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]))
      resident.set(Number(pid), Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) * 1024)
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) if (at === root) return true
    return false
  }
  let sum = 0
  for (const [pid, bytes] of resident) if (isBelow(pid)) sum += bytes
  return sum
}
