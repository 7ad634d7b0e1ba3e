import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { packageRoot } from '../src/verdict/package-root.ts'
import { type Cost, measure, measureInTurns } from './process-tree.ts'

/** What one turn of a load generator gave. */
export interface Turn extends Cost {
  readonly requests: number
  readonly failed: number
}

interface EngineTurn extends Turn {
  readonly facts: EngineFacts
}

interface K6Turn extends Turn {
  readonly metrics: Record<string, Record<string, number>>
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

/** A load generator's command, and what its output says. */
export interface Peer<T extends Turn> {
  readonly command: readonly string[]
  /** @throws Error when the run was not what it should be: its figures would be of something else */
  read(cost: Cost): T
}

/** Runs one alone. */
export async function alone<T extends Turn>(peer: Peer<T>): Promise<T> {
  return peer.read(await measure(peer.command))
}

/**
 * Runs several in short turns, until each has had `seconds` of its own.
 * @param peers told how long to last, s: to each, the others' turns are time that passes
 */
export async function inTurns<Name extends string>(
  seconds: number,
  peers: Readonly<Record<Name, (lasting: number) => Peer<Turn>>>,
): Promise<Record<Name, Turn>> {
  const names = Object.keys(peers) as Name[]
  const made = names.map((name) => peers[name](seconds * names.length))
  const costs = await measureInTurns(made.map(({ command }) => command))
  const turns = made.map(({ read }, index) => [names[index], read(costs[index] as Cost)] as const)
  return Object.fromEntries(turns) as Record<Name, Turn>
}

/** This engine, in a process of its own. Fails when anything that it checked did not hold. */
export function engine(run: EngineRun): Peer<EngineTurn> {
  return {
    command: [process.execPath, join(packageRoot, 'bench/engine.ts'), JSON.stringify(run)],
    read(cost) {
      const facts = JSON.parse(cost.stdout) as EngineFacts
      const wrong = facts.checks.filter(({ fails }) => fails > 0)
      if (wrong.length > 0 || facts.exceptions.length > 0) {
        throw new Error(`the engine's run is not right: ${JSON.stringify([...wrong, ...facts.exceptions])}`)
      }
      return { ...cost, requests: facts.requests, failed: facts.failed, facts }
    },
  }
}

/** autocannon, which checks nothing. */
export function autocannon(url: string, connections: number, seconds: number): Peer<Turn> {
  const file = createRequire(import.meta.url).resolve('autocannon/autocannon.js')
  return {
    command: [
      process.execPath,
      file,
      ...['--connections', String(connections), '--duration', String(seconds), '--method', 'POST'],
      ...['--headers', 'Content-Type=application/json', '--headers', 'x-dw-client-id=bench'],
      ...['--body', '{"type":"guest"}', '--json', url],
    ],
    read(cost) {
      const result = JSON.parse(cost.stdout) as {
        requests: { total: number }
        errors: number
        non2xx: number
      }
      return { ...cost, requests: result.requests.total, failed: result.errors + result.non2xx }
    },
  }
}

/** The k6 binary of `K6_BIN` or the PATH. */
export function findK6(): string | undefined {
  const candidates = [
    process.env.K6_BIN,
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'k6')),
  ]
  return candidates.find((file) => file !== undefined && file !== '' && existsSync(file))
}

/** Where k6 writes what it measured. */
const summaries = mkdtempSync(join(tmpdir(), 'bench-k6-'))
process.once('exit', () => rmSync(summaries, { recursive: true, force: true }))

/** The same script, by k6. */
export function k6(binary: string, { script, env }: EngineRun): Peer<K6Turn> {
  const file = join(summaries, `${randomUUID()}.json`)
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  return {
    command: [
      binary,
      'run',
      '--quiet',
      '--no-usage-report',
      `--summary-export=${file}`,
      ...variables,
      join(packageRoot, script),
    ],
    read(cost) {
      const { metrics } = JSON.parse(readFileSync(file, 'utf8')) as Pick<K6Turn, 'metrics'>
      return {
        ...cost,
        requests: metrics.http_reqs?.count ?? 0,
        failed: metrics.http_req_failed?.passes ?? 0,
        metrics,
      }
    },
  }
}
