import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Progress, RunOptions } from '../../../src/engine/index.ts'
import { findK6 } from '../../../src/engine/k6/binary.ts'
import { runWithK6 } from '../../../src/engine/k6/run.ts'
import type { HarnessError } from '../../../src/verdict/errors.ts'
import { loadResultSchema } from '../../../src/verdict/load-result.ts'

describe('running the real k6, with a stand-in for it', () => {
  let folder = ''
  const saved = { K6_BIN: process.env.K6_BIN, FAKE_K6: process.env.FAKE_K6 }

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fake-k6-'))
    copyFileSync(join(import.meta.dirname, 'fake-k6.sh'), join(folder, 'k6'))
    chmodSync(join(folder, 'k6'), 0o755)
    process.env.K6_BIN = join(folder, 'k6')
  })

  after(() => {
    rmSync(folder, { recursive: true })
    for (const [name, value] of Object.entries(saved)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  const run = (how: string, more: Partial<RunOptions> = {}) =>
    runWithK6({
      script: '/load/issuance.ts',
      scenario: 'issuance',
      profile: 'smoke',
      ...more,
      env: { FAKE_K6: how, ...more.env },
    })

  const failure = (how: string) =>
    run(how).then(
      () => expect.fail('it gave a result'),
      (error: HarnessError) => error,
    )

  // k6 inspect has no env of ours but the process's, so the stand-in is told there too.
  const withProcessEnv = async <T>(how: string, act: () => Promise<T>): Promise<T> => {
    process.env.FAKE_K6 = how
    try {
      return await act()
    } finally {
      delete process.env.FAKE_K6
    }
  }

  it('gives the result that the embedded engine gives', async () => {
    const { result, summary } = await run('good')
    loadResultSchema.parse(result)
    expect(result).to.include({
      engine: 'k6',
      engineVersion: '2.2.0',
      scenario: 'issuance',
      profile: 'smoke',
      interrupted: false,
      maxVus: 2,
      durationMs: 1_600,
    })
    expect(result.startedAt).to.equal('2026-01-01T00:00:00.000Z')
    expect(result.iterations).to.deep.equal({
      planned: 4,
      completed: 4,
      completedOfPlan: 4,
      interrupted: 0,
      failed: 0,
    })
    expect(result.checks).to.deep.equal([{ name: 'TOKEN-1: there is a token', passes: 3, fails: 1 }])
    expect(result.metrics.http_reqs?.values).to.include({ count: 4 })
    expect(result.metrics.my_trend).to.deep.include({ type: 'trend', contains: 'default' })
    expect(result.metrics.http_req_duration?.values['p(95)']).to.be.closeTo(103.4, 1e-9)
    expect(
      result.series.map(({ planned, started, completed }) => [planned, started, completed]),
    ).to.deep.equal([
      [2, 2, 2],
      [2, 2, 2],
    ])
    expect(result.errors, 'a 401 that the script expected').to.deep.equal([])
    expect(result.generator.saturated).to.deep.equal([])
    expect(summary).to.include('█ THRESHOLDS').and.to.include('TOKEN-1')
  })

  it('does not hold thresholds over nothing, which k6 holds', async () => {
    const { result } = await run('good')
    expect(result.thresholds.map(({ metric, verdict }) => [metric, verdict])).to.deep.equal([
      ['http_req_duration', 'held'],
      ['http_req_duration{name:typo}', 'not evaluated'],
      ['http_req_failed', 'held'],
      ['never_sampled', 'not evaluated'],
    ])
  })

  it('counts iterations that threw, which k6 counts as complete with exit code 0', async () => {
    const { result } = await run('throws')
    expect(result.iterations).to.include({ completed: 4, failed: 4 })
    expect(result.exceptions).to.deep.equal([
      { message: 'TypeError: Cannot read property x of undefined (/load/issuance.ts:12:34)', count: 4 },
    ])
  })

  it('counts iterations that gracefulStop cut off, whose requests k6 loses', async () => {
    expect((await run('cut off')).result.iterations.interrupted).to.equal(2)
  })

  it('gives no verdict when k6 does not say how many it cut off', async () => {
    expect((await run('silent')).result.generator.saturated.join()).to.include('did not say')
  })

  it('tells refused connections as errors, and breaks on them', async () => {
    const { result } = await run('refused')
    expect(result.errors).to.deep.equal([
      {
        code: 1212,
        message: 'dial: connection refused',
        count: 4,
        series: [
          [0, 2],
          [1_000, 2],
        ],
      },
    ])
    expect(result.thresholds.find(({ metric }) => metric === 'http_req_failed')?.verdict).to.equal('broken')
  })

  it('believes k6 where it saw a threshold crossed that is held here', async () => {
    const { result } = await run('crossed')
    expect(result.thresholds.map(({ metric, verdict }) => [metric, verdict])).to.deep.include.members([
      ['http_req_duration', 'broken'],
      ['http_req_failed', 'broken'],
      ['http_req_duration{name:typo}', 'not evaluated'],
    ])
  })

  it('gives no verdict when iterations were dropped', async () => {
    const { result } = await run('dropped')
    expect(result.generator.droppedIterations).to.equal(3)
    expect(result.generator.saturated.join()).to.include('dropped iterations 3 of 4')
  })

  it('tells that the script aborted the run, or marked it as failed', async () => {
    expect((await run('aborted')).result.stopped).to.deep.equal({
      by: 'abort',
      reason: 'test aborted: no customers left',
    })
    expect((await run('failed')).result.stopped).to.include({ by: 'fail' })
  })

  it('tells that teardown threw or took too long, with what was measured', async () => {
    const { result } = await run('teardown throws')
    expect(result.stopped?.by).to.equal('teardown')
    expect(result.stopped?.reason).to.include('no states URL')
    expect(result.iterations.completed).to.equal(4)
    expect((await run('teardown times out')).result.stopped?.by).to.equal('teardown')
  })

  it('has k6 call handleSummary, and gives what that printed instead of the usual text', async () => {
    const script = join(folder, 'script.ts')
    writeFileSync(script, 'export function handleSummary() {}')
    const { summary, custom } = await run('own summary', { script })
    expect({ summary, custom }).to.deep.equal({ summary: 'mine: 4\nand more\n', custom: true })
    expect((await run('good')).custom).to.equal(false)
  })

  it('ends gracefully on the first signal, with what there is', async () => {
    const stop = new AbortController()
    const progress: Progress[] = []
    const onProgress = (now: Progress) => {
      progress.push(now)
      stop.abort()
    }
    const { result } = await run('waits', { signal: stop.signal, onProgress })
    expect(result.interrupted).to.equal(true)
    expect(result.iterations.completed).to.equal(4)
    expect(progress[0]).to.include({ elapsedMs: 1_600, remainingMs: 400, vus: 2, plannedRate: 2, errors: 0 })
  })

  it('plans no more of a run that was stopped than was due by then', async () => {
    expect((await run('stopped early')).result.iterations).to.include({ planned: 2, completed: 2 })
  })

  it('kills k6 on the second, with what there is', async () => {
    const kill = new AbortController()
    const { result } = await run('waits in a line', {
      hardSignal: kill.signal,
      onProgress: () => kill.abort(),
    })
    expect(result.interrupted).to.equal(true)
    expect(result.iterations.completed).to.equal(4)
  })

  it('copies the samples to a file, and prints the log without secrets', async () => {
    const outJson = join(folder, 'out.json')
    const lines: string[] = []
    await run('good', { outJson, log: (line) => lines.push(line) })
    const copy = readFileSync(outJson, 'utf8').trimEnd().split('\n')
    expect(copy.map((line) => (JSON.parse(line) as { type: string }).type)).to.include.members([
      'Metric',
      'Point',
    ])
    expect(copy.filter((line) => line.includes('"Point"'))).to.have.length(29)
    expect(lines.join()).to.include('[redacted]').and.to.not.include('eyJ')
  })

  it('gives variables in the environment, never as arguments, and overrides as flags', async () => {
    const dump = join(folder, 'args.json')
    await run('good', {
      env: { CLIENT_ID: 'secret-client', FAKE_K6_ARGS: dump },
      overrides: { maxRedirects: 3, stages: undefined },
    })
    const lines = readFileSync(dump, 'utf8').split('\n')
    const args = lines.slice(0, lines.indexOf('/load/issuance.ts') + 1)
    expect(args.join(' ')).to.not.include('secret-client')
    expect(lines).to.include('CLIENT_ID=secret-client')
    expect(args).to.include('--max-redirects=3')
    expect(args.at(-1)).to.equal('/load/issuance.ts')
  })

  it('takes --vus for a script that uses the shorthand, and refuses it for scenarios', async () => {
    const { result } = await run('shorthand', { overrides: { vus: 7 } })
    expect(result.iterations).to.not.have.property('planned')
    const error = await run('good', { overrides: { vus: 7 } }).catch((thrown: unknown) => thrown)
    expect(error).to.include({ kind: 'CONFIG', code: 'SCRIPT_OPTIONS' })
  })

  it('says what is wrong when there is no result', async () => {
    expect(await failure('syntax error')).to.include({ kind: 'CONFIG', code: 'K6_SCRIPT' })
    expect((await failure('syntax error')).message).to.include('Unexpected token (3:1)')
    expect((await failure('setup throws')).message).to.include('no states URL')
    expect(await failure('setup times out')).to.include({ kind: 'TARGET', code: 'SCRIPT_TIMEOUT' })
    expect(await failure('bad options')).to.include({ kind: 'CONFIG', code: 'K6_CONFIG' })
    expect(await failure('dies before output')).to.include({ kind: 'HARNESS', code: 'K6_FAILED' })
    expect(await failure('new code'), 'an exit code that nobody knows').to.include({
      kind: 'HARNESS',
      code: 'K6_FAILED',
    })
    expect(await failure('garbage')).to.include({ kind: 'HARNESS', code: 'K6_OUTPUT' })
    expect(await withProcessEnv('old', () => failure('old'))).to.include({
      kind: 'CONFIG',
      code: 'K6_VERSION',
    })
  })

  it('leaves no pipe behind', async () => {
    const pipes = () => readdirSync(tmpdir()).filter((name) => name.startsWith('auth-harness-k6-'))
    const before = pipes()
    await run('good')
    await failure('dies before output')
    expect(pipes()).to.deep.equal(before)
  })

  it('finds k6 by K6_BIN or on the PATH, and says how to get it', async () => {
    expect(await findK6({ PATH: `/nowhere:${folder}` })).to.deep.equal({
      path: join(folder, 'k6'),
      version: '2.2.0',
    })
    const missing = await findK6({ PATH: '/nowhere' }).catch((error: unknown) => error)
    expect(missing).to.include({ kind: 'CONFIG', code: 'K6_MISSING' })
    expect((missing as HarnessError).remedy)
      .to.include('K6_BIN')
      .and.to.include('https://')
    writeFileSync(join(folder, 'plain'), '')
    const wrong = await findK6({ K6_BIN: join(folder, 'plain'), PATH: folder }).catch(
      (error: unknown) => error,
    )
    expect((wrong as HarnessError).message).to.include('not an executable')
    expect(existsSync(join(folder, 'k6'))).to.equal(true)
  })
})
