import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { packageRoot } from '../src/verdict/package-root.ts'
import { type Cost, measure } from './process-tree.ts'

/** What one turn of a load generator gave. */
export interface Turn extends Cost {
  readonly requests: number
  readonly failed: number
}

/** What `bench/engine.ts` prints. */
export interface EngineFacts {
  readonly requests: number
  readonly failed: number
  readonly durationMs: number
  readonly iterations: { planned?: number; completed: number; interrupted: number; failed: number }
  readonly generator: {
    delayFromPlanP99Ms?: number
    lateStarts: number
    droppedIterations: number
    saturated: string[]
  }
  readonly checks: readonly { name: string; passes: number; fails: number }[]
  readonly exceptions: readonly { message: string; count: number }[]
  readonly broken: readonly string[]
  readonly delay?: Record<string, number>
  readonly duration?: Record<string, number>
  readonly offset?: Record<string, number>
  /** Resident memory once a second, bytes. */
  readonly rss: readonly number[]
}

export interface EngineRun {
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  readonly overrides?: Readonly<Record<string, unknown>>
  readonly workers?: number
}

/** This engine, in a process of its own. Fails when anything that it checked did not hold. */
export async function engine(run: EngineRun): Promise<Turn & { facts: EngineFacts }> {
  const cost = await measure([process.execPath, join(packageRoot, 'bench/engine.ts'), JSON.stringify(run)])
  const facts = JSON.parse(cost.stdout) as EngineFacts
  const wrong = facts.checks.filter(({ fails }) => fails > 0)
  if (wrong.length > 0 || facts.exceptions.length > 0) {
    throw new Error(`the engine's run is not right: ${JSON.stringify([...wrong, ...facts.exceptions])}`)
  }
  return { ...cost, requests: facts.requests, failed: facts.failed, facts }
}

/** autocannon, which checks nothing. */
export async function autocannon(url: string, connections: number, seconds: number): Promise<Turn> {
  const file = createRequire(import.meta.url).resolve('autocannon/autocannon.js')
  const cost = await measure([
    process.execPath,
    file,
    ...['--connections', String(connections), '--duration', String(seconds), '--method', 'POST'],
    ...['--headers', 'Content-Type=application/json', '--headers', 'x-dw-client-id=bench'],
    ...['--body', '{"type":"guest"}', '--json', url],
  ])
  const result = JSON.parse(cost.stdout) as { requests: { total: number }; errors: number; non2xx: number }
  return { ...cost, requests: result.requests.total, failed: result.errors + result.non2xx }
}

/** The k6 binary of `K6_BIN` or the PATH. */
export function findK6(): string | undefined {
  const candidates = [
    process.env.K6_BIN,
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'k6')),
  ]
  return candidates.find((file) => file !== undefined && file !== '' && existsSync(file))
}

/** The same script, by k6. */
export async function k6(
  binary: string,
  { script, env }: EngineRun,
): Promise<Turn & { metrics: Record<string, Record<string, number>> }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-k6-'))
  const file = join(folder, 'summary.json')
  try {
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const cost = await measure([
      binary,
      'run',
      '--quiet',
      '--no-usage-report',
      `--summary-export=${file}`,
      ...variables,
      join(packageRoot, script),
    ])
    const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as {
      metrics: Record<string, Record<string, number>>
    }
    return {
      ...cost,
      requests: metrics.http_reqs?.count ?? 0,
      failed: metrics.http_req_failed?.passes ?? 0,
      metrics,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
