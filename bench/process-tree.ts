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

/** Runs a command to its end, by bash, whose `time` counts the children that were waited for. */
export async function measure(command: readonly string[], env: Record<string, string> = {}): Promise<Cost> {
  const child = spawn('bash', ['-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bench', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
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
    child.on('close', resolve)
  })
  clearInterval(sampling)
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? []
  if (code !== 0 || user === undefined || system === undefined) {
    throw new Error(
      `${command.slice(0, 2).join(' ')} ended with the code ${code}: ${stderr.trim() || stdout}`,
    )
  }
  return { cpuSeconds: Number(user) + Number(system), peakBytes, stdout }
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
