import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { runScript } from '../../../src/engine/index.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import type { LoadResult } from '../../../src/verdict/load-result.ts'
import { writeFiles, writeScript } from '../support/scripts.ts'

let server: Server
let base: string

before(async () => {
  server = createServer((request, response) => {
    request.resume()
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  base = `http://127.0.0.1:${address.port}`
})

after(() => {
  server.closeAllConnections()
  server.close()
})

const SCRIPT = `
  import http from 'k6/http'
  import exec from 'k6/execution'
  import { check } from 'k6'
  import { Counter, Trend } from 'k6/metrics'
  const sum = new Counter('sum_of_indexes')
  const index = new Trend('index')
  export const options = {
    scenarios: {
      // A VU for each iteration: none is dropped, however busy the machine is.
      open: { executor: 'constant-arrival-rate', rate: 100, duration: '1s', preAllocatedVUs: 100, exec: 'open' },
      shared: { executor: 'shared-iterations', vus: 3, iterations: 31, exec: 'shared' },
      own: { executor: 'per-vu-iterations', vus: 3, iterations: 5, exec: 'own' },
    },
    thresholds: { 'index{kind:open}': ['max==99'], 'http_reqs{kind:shared}': ['count==31'] },
  }
  export const setup = () => ({ from: 'setup' })
  const request = async (kind, data) => {
    const { status } = await http.asyncRequest('GET', __ENV.BASE, null, { tags: { kind } })
    check(status, { ok: (value) => value === 200 })
    check(data, { 'has the data of setup': ({ from }) => from === 'setup' })
    sum.add(exec.scenario.iterationInTest)
    index.add(exec.scenario.iterationInTest, { kind })
    console.log(kind, exec.scenario.iterationInTest, exec.vu.idInTest)
  }
  export const open = (data) => request('open', data)
  export const shared = (data) => request('shared', data)
  export const own = (data) => request('own', data)
`

interface Outcome {
  readonly result: LoadResult
  readonly lines: string[]
  readonly samples: string[]
}

async function run(workers: number): Promise<Outcome> {
  const lines: string[] = []
  const outJson = join(writeFiles({}), 'samples.json')
  const { result } = await runScript({
    script: writeScript(SCRIPT),
    env: { BASE: base },
    scenario: 'test',
    profile: 'test',
    workers,
    outJson,
    log: (line) => lines.push(line),
    onProgress: () => {},
  })
  return { result, lines: lines.toSorted(), samples: readFileSync(outJson, 'utf8').trim().split('\n') }
}

describe('worker threads', () => {
  let one: Outcome
  let two: Outcome
  before(async function () {
    this.timeout(60_000)
    one = await run(1)
    two = await run(2)
  })

  it('do together what one does: iterations, checks, requests, thresholds', () => {
    const facts = ({ result }: Outcome) => ({
      iterations: result.iterations,
      checks: result.checks,
      thresholds: result.thresholds,
      sum: result.metrics.sum_of_indexes?.values.count,
      requests: result.metrics.http_reqs?.values.count,
      index: result.metrics.index?.values,
      groups: result.requests.map(({ auth, phase, count, failed }) => [auth, phase, count, failed]),
      planned: result.series.reduce((sum, point) => sum + point.planned, 0),
    })
    expect(facts(one).iterations).to.deep.equal({
      planned: 100,
      completed: 146,
      completedOfPlan: 100,
      interrupted: 0,
      failed: 0,
    })
    expect(facts(two)).to.deep.equal(facts(one))
    expect(two.result.generator.workers).to.equal(2)
  })

  it('give every iteration and every VU an index that no other has', () => {
    const indexes = ({ lines }: Outcome) => lines.map((line) => line.split(' ').slice(0, 3).join(' '))
    expect(indexes(two)).to.deep.equal(indexes(one))
    const vus = (kind: string) =>
      new Set(two.lines.filter((line) => line.startsWith(`INFO ${kind} `)).map((line) => line.split(' ')[3]))
    expect(vus('own').size).to.equal(3)
    for (const id of vus('own')) expect(vus('shared').has(id)).to.equal(false)
  })

  it('write every sample once', () => {
    const points = ({ samples }: Outcome, metric: string) =>
      samples
        .map((line) => JSON.parse(line))
        .filter((line) => line.type === 'Point' && line.metric === metric).length
    for (const metric of ['http_reqs', 'iterations', 'index', 'checks']) {
      expect(points(two, metric), metric).to.equal(points(one, metric))
      expect(points(two, metric)).to.be.above(100)
    }
    const introduced = two.samples.map((line) => JSON.parse(line)).filter((line) => line.type === 'Metric')
    expect(new Set(introduced.map(({ metric }) => metric)).size).to.equal(introduced.length)
  })

  const loop = (body: string) => `
    import http from 'k6/http'
    import exec from 'k6/execution'
    export const options = { vus: 2, duration: '1h' }
    export default async () => { ${body} }
  `

  it('ask the main thread before they send to a host', async () => {
    const asked: string[] = []
    const error = await runScript({
      script: writeScript(loop(`await http.asyncRequest('GET', 'http://elsewhere.test/')`)),
      env: {},
      scenario: 'test',
      profile: 'test',
      workers: 2,
      allowHost: (hostname) => {
        asked.push(hostname)
        return false
      },
    }).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(HarnessError).and.to.include({ code: 'LOAD_NOT_ALLOWED', kind: 'CONFIG' })
    expect(new Set(asked)).to.deep.equal(new Set(['elsewhere.test']))
  })

  it('all end when one calls exec.test.abort, and when the signal says so', async () => {
    const { result } = await runScript({
      script: writeScript(
        loop(
          `await new Promise((done) => setTimeout(done, 20)); if (exec.vu.idInTest === 1) exec.test.abort('enough')`,
        ),
      ),
      env: {},
      scenario: 'test',
      profile: 'test',
      workers: 2,
    })
    expect(result.stopped).to.deep.equal({ by: 'abort', reason: 'test aborted: enough' })

    const controller = new AbortController()
    setTimeout(() => controller.abort(), 700)
    const ended = await runScript({
      script: writeScript(loop(`await new Promise((done) => setTimeout(done, 20))`)),
      env: {},
      scenario: 'test',
      profile: 'test',
      workers: 2,
      signal: controller.signal,
    })
    expect(ended.result.interrupted).to.equal(true)
    expect(ended.result.iterations.interrupted).to.equal(0)
  })

  it('tell of an exception in their init context', async () => {
    const error = await runScript({
      script: writeScript(`if (__VU > 0) throw new Error('not on VU ' + __VU)\n${loop('')}`),
      env: {},
      scenario: 'test',
      profile: 'test',
      workers: 2,
    }).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(Error)
    expect((error as Error).message).to.match(/not on VU 1/)
  })
})
