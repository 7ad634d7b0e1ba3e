/**
 * `npm run bench [-- --only NAME] [--rounds N] [--seconds N]`: what the embedded engine costs, against its peers. What is
 * compared runs together, stopped and continued in turns of a second, for so many seconds each a round; what counts
 * are the ratios: figures of two machines, or of one machine on two days, do not compare. Prints each part; a run of
 * all parts is written to bench/results.json.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../src/verdict/package-root.ts'
import {
  alone,
  autocannon,
  type EngineRun,
  engine,
  findK6,
  inTurns,
  k6,
  type Peer,
  type Turn,
} from './peers.ts'
import { benchProvider } from './provider.ts'

const { values: given } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '15' },
  },
})
const rounds = Number(given.rounds)
const seconds = Number(given.seconds)
const CONNECTIONS = 50
/** Makes the engine tell the delay of the main scenario apart from its warm-up's. */
const DELAY_BOUND = JSON.stringify({ 'delay_from_plan{scenario:guest}': ['p(99)<5'] })
const k6Binary = findK6()
// The command line does so for itself; here every peer that is made in JavaScript has the use of it.
const { directory } = enableCompileCache()
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory

const PARTS = { throughput, arrivals, memory, workers, soak, provider: providerPart }
type Part = keyof typeof PARTS

const chosen = (Object.keys(PARTS) as Part[]).filter((part) => given.only?.includes(part) ?? true)
const unknown = given.only?.filter((name) => !(name in PARTS)) ?? []
if (unknown.length > 0)
  throw new Error(`--only ${unknown.join(', ')}: there are ${Object.keys(PARTS).join(', ')}`)

const target = await startTarget()
const authUrl = `${target.url}/s/RefArch/dw/shop/v25_6/customers/auth`
const results: Record<string, unknown> = {
  at: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model, cpus: cpus().length, node: process.version, loadBefore: loadavg() },
  k6: k6Binary ?? 'there is no k6 on this machine: set K6_BIN, or put k6 on the PATH; nothing is said of it',
}
console.log(`k6: ${results.k6}\n`)
try {
  for (const part of chosen) {
    console.log(`— ${part}`)
    results[part] = await PARTS[part]()
    console.log(JSON.stringify(results[part], null, 2), '\n')
  }
} finally {
  target.stop()
}
// A part alone is looked at and not kept: the file is one run.
if (chosen.length === Object.keys(PARTS).length) {
  writeFileSync(join(packageRoot, 'bench/results.json'), `${JSON.stringify(results, null, 2)}\n`)
}

/**
 * load/issuance.ts with its checks and metrics, in the closed model unless `more` has a rate: guests only, as the
 * target answers guests.
 * @param lasting s
 */
function issuance(lasting: number, more: Record<string, string> = {}): EngineRun {
  return {
    script: 'load/issuance.ts',
    env: {
      SHOP_URL: `${target.url}/s/RefArch/dw/shop/v25_6`,
      CLIENT_ID: 'bench',
      GUEST_SHARE: '1',
      BURST: '0',
      WARMUP: '0s',
      VUS: String(CONNECTIONS),
      DURATION: `${lasting}s`,
      ...more,
    },
  }
}

/** Requests per CPU-second at 50 VUs. */
async function throughput() {
  const peers: Record<string, (lasting: number) => Peer<Turn>> = {
    engine: (lasting) => engine(issuance(lasting)),
    autocannon: (lasting) => autocannon(authUrl, CONNECTIONS, lasting),
  }
  if (k6Binary !== undefined) peers.k6 = (lasting) => k6(k6Binary, issuance(lasting))
  const names = Object.keys(peers)
  const done: Record<string, Turn>[] = []
  for (let round = 0; round < rounds; round++) {
    const turn = await inTurns(seconds, peers)
    done.push(turn)
    console.log(
      Object.entries(turn)
        .map(([name, cost]) => `${name} ${Math.round(perCpuSecond(cost))} requests per CPU-second`)
        .join(', '),
    )
  }
  const rates = (name: string) =>
    done.flatMap((turn) => (turn[name] === undefined ? [] : [perCpuSecond(turn[name])]))
  const ratios = (peer: string) =>
    done.flatMap(({ engine: own, [peer]: other }) =>
      own === undefined || other === undefined ? [] : [perCpuSecond(own) / perCpuSecond(other)],
    )
  return {
    requestsPerCpuSecond: Object.fromEntries(names.map((name) => [name, spread(rates(name))])),
    ratioToAutocannon: spread(ratios('autocannon')),
    ...(k6Binary !== undefined && { ratioToK6: spread(ratios('k6')) }),
    peakMegabytes: Object.fromEntries(
      names.map((name) => [name, megabytes(Math.max(...done.map((turn) => turn[name]?.peakBytes ?? 0)))]),
    ),
  }
}

/** 5,000 iterations a second for 30 s on one worker, after a warm-up that is left out of the delays. */
async function arrivals() {
  const { facts } = await alone(
    engine({
      ...issuance(30, { RATE: '5000', VUS: '1000', WARMUP: '5s', THRESHOLDS: DELAY_BOUND }),
      overrides: { summaryTrendStats: ['med', 'max', 'p(99)'] },
    }),
  )
  const same: EngineRun = {
    script: 'bench/arrival.ts',
    env: { URL: authUrl, RATE: '5000', DURATION: '30s', VUS: '500' },
  }
  const own = await alone(engine(same))
  const peer = k6Binary === undefined ? undefined : await alone(k6(k6Binary, same))
  return {
    planned: facts.iterations.planned,
    completed: facts.iterations.completed,
    dropped: facts.generator.droppedIterations,
    delayFromPlanMs: {
      median: round(facts.delay?.med),
      p99: round(facts.delay?.['p(99)']),
      max: round(facts.delay?.max),
    },
    startOffsetMs: { engine: own.facts.offset, ...(peer && { k6: peer.metrics.start_offset }) },
  }
}

/** 10,000 VUs that each wait a second between requests. */
async function memory() {
  const run: EngineRun = { script: 'bench/idle.ts', env: { URL: authUrl, VUS: '10000', DURATION: '30s' } }
  const own = await alone(engine(run))
  const peer = k6Binary === undefined ? undefined : await alone(k6(k6Binary, run))
  return {
    vus: 10_000,
    requests: own.requests,
    failed: own.failed,
    peakMegabytes: megabytes(own.peakBytes),
    ...(peer && { k6PeakMegabytes: megabytes(peer.peakBytes) }),
  }
}

/** Two workers against one, in turns. */
async function workers() {
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const { one, two } = await inTurns(seconds, {
      one: (lasting) => engine(issuance(lasting)),
      two: (lasting) => engine({ ...issuance(lasting), workers: 2 }),
    })
    ratios.push(perCpuSecond(two) / perCpuSecond(one))
    console.log(`two workers at ${ratios.at(-1)?.toFixed(2)} of one's requests per CPU-second`)
  }
  const fixed = issuance(5, { RATE: '500', VUS: '100' })
  const [one, two] = [await alone(engine(fixed)), await alone(engine({ ...fixed, workers: 2 }))]
  return {
    ratioToOneWorker: spread(ratios),
    sameRun: {
      one: { iterations: one.facts.iterations, checks: one.facts.checks },
      two: { iterations: two.facts.iterations, checks: two.facts.checks },
    },
  }
}

/** 2,000,000 requests: does memory grow with them? */
async function soak() {
  const run: EngineRun = {
    script: 'bench/soak.ts',
    env: { URL: authUrl, VUS: String(CONNECTIONS), ITERATIONS: '2000000' },
  }
  const { facts, peakBytes } = await alone(engine(run))
  // The first quarter warms up: code is compiled, histograms get their pages.
  const steady = facts.rss.slice(Math.floor(facts.rss.length / 4))
  const perSecond = facts.requests / (facts.durationMs / 1000)
  return {
    requests: facts.requests,
    peakMegabytes: megabytes(peakBytes),
    bytesPerThousandRequests: round((slope(steady) / perSecond) * 1000),
    residentMegabytes: facts.rss.filter((_, index) => index % 10 === 0).map(megabytes),
  }
}

async function providerPart() {
  return await benchProvider()
}

function perCpuSecond({ requests, cpuSeconds }: Turn): number {
  return requests / cpuSeconds
}

/** Median, and the least and the most. */
function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  return { median: round(middle), least: round(sorted[0]), most: round(sorted.at(-1)), rounds: sorted.length }
}

/** Of the line of least squares, per index. */
function slope(values: readonly number[]): number {
  const n = values.length
  const meanX = (n - 1) / 2
  const meanY = values.reduce((sum, value) => sum + value, 0) / n
  const covariance = values.reduce((sum, value, x) => sum + (x - meanX) * (value - meanY), 0)
  const variance = values.reduce((sum, _, x) => sum + (x - meanX) ** 2, 0)
  return variance === 0 ? 0 : covariance / variance
}

function round(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(4))
}

function megabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Math.round(bytes / 1e6)
}

/** The target, in a process of its own; it ends when its standard input does. */
async function startTarget(): Promise<{ url: string; stop(): void }> {
  const child = spawn(process.execPath, [join(packageRoot, 'bench/target.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${port.toString().trim()}`, stop: () => child.stdin.end() }
}
