import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { run } from '../../src/gate/run.ts'
import type { Stage } from '../../src/gate/stage.ts'
import type { Target } from '../../src/target/target.ts'
import type { CheckResult } from '../../src/verdict/check.ts'
import { HarnessError } from '../../src/verdict/errors.ts'
import { runResultSchema } from '../../src/verdict/run-result.ts'
import { brokenCheck, checkResult } from './fixtures.ts'

const target: Target = {
  kind: 'url',
  config: configSchema.parse({}),
  baseUrl: 'http://127.0.0.1:1',
  shopUrl: 'http://127.0.0.1:1/s/RefArch/dw/shop/v25_6',
  statesUrl: undefined,
  states: { setUp: () => Promise.reject(new Error('not used')), passedSeconds: 0 },
  verification: { kind: 'opaque' },
  defect: undefined,
  close: async () => {},
}

const stage = (name: Stage['name'], ...checks: CheckResult[]): Stage => ({
  name,
  run: async () => ({ checks }),
})
const failing = (name: Stage['name'], error: unknown): Stage => ({ name, run: () => Promise.reject(error) })
const options = { command: 'gate', id: 'r', target, runDir: '/nowhere' }
const unreachable = new HarnessError('TARGET', 'TARGET_UNREACHABLE', 'nobody listens')

describe('a run', () => {
  it('gives a result that keeps its schema', async () => {
    const result = await run({ ...options, stages: [stage('check', checkResult())] })
    expect(runResultSchema.parse(result)).to.include({ verdict: 'held', exitCode: 0 })
  })

  it('is broken by one broken clause', async () => {
    expect(
      await run({ ...options, stages: [stage('check', checkResult(), brokenCheck({ clauses: ['USE-1'] }))] }),
    ).to.include({ verdict: 'broken', exitCode: 1 })
  })

  it('has no verdict when a clause that was asked for was not evaluated', async () => {
    const result = await run({
      ...options,
      asked: new Set(['LOCK-1', 'USE-1']),
      stages: [stage('check', checkResult())],
    })
    expect(result).to.include({ verdict: 'not evaluated', exitCode: 3 })
  })

  it('has no verdict when nothing was checked', async () => {
    expect(await run({ ...options, stages: [stage('check')] })).to.include({
      verdict: 'not evaluated',
      exitCode: 3,
    })
    expect(await run({ ...options, stages: [] })).to.include({ verdict: 'not evaluated', exitCode: 3 })
  })

  it('has no verdict when a stage checked nothing and the others held', async () => {
    expect(await run({ ...options, stages: [stage('verify'), stage('check', checkResult())] })).to.include({
      verdict: 'not evaluated',
      exitCode: 3,
    })
  })

  it('has no verdict when all that was asked is not provable here', async () => {
    expect(
      await run({
        ...options,
        stages: [stage('check', checkResult({ verdict: 'not provable here', reason: 'r' }))],
      }),
    ).to.include({ exitCode: 3 })
  })

  it('does not start a stage after one that could not run, and keeps what the first found', async () => {
    let started = false
    const later: Stage = {
      name: 'load',
      run: async () => {
        started = true
        return { checks: [] }
      },
    }
    const result = await run({
      ...options,
      stages: [stage('verify', checkResult()), failing('check', unreachable), later],
    })
    expect(started).to.equal(false)
    expect(result).to.include({ verdict: 'not evaluated', exitCode: 3 })
    expect(result.error).to.deep.include({ kind: 'TARGET', code: 'TARGET_UNREACHABLE' })
    expect(result.checks).to.have.length(1)
    expect(result.stages.map(({ reason }) => reason)).to.deep.equal([
      undefined,
      'nobody listens',
      'an earlier stage could not be run',
    ])
  })

  it('keeps what a stage found before something kept it from the rest', async () => {
    const partial: Stage = {
      name: 'verify',
      run: async () => ({ checks: [checkResult()], error: unreachable }),
    }
    const result = await run({ ...options, stages: [partial] })
    expect(result).to.include({ verdict: 'not evaluated', exitCode: 3 })
    expect(result.checks).to.have.length(1)
    expect(result.error).to.deep.include({ code: 'TARGET_UNREACHABLE' })
  })

  it('runs no stage when the target cannot be reached', async () => {
    const result = await run({
      ...options,
      stages: [stage('check', checkResult())],
      preflight: () => Promise.reject(unreachable),
    })
    expect(result).to.include({ exitCode: 3 })
    expect(result.checks).to.deep.equal([])
  })

  it('is broken when a clause is, though a later stage could not run', async () => {
    expect(
      await run({ ...options, stages: [stage('verify', brokenCheck()), failing('check', unreachable)] }),
    ).to.include({ verdict: 'broken', exitCode: 1 })
  })

  it('ends with the code of a wrong configuration when a stage found one', async () => {
    const result = await run({
      ...options,
      stages: [failing('load', new HarnessError('CONFIG', 'LOAD_NOT_ALLOWED', 'no'))],
    })
    expect(result).to.include({ exitCode: 2 })
  })

  it('reports what it has when it is interrupted', async () => {
    const controller = new AbortController()
    const interrupting: Stage = {
      name: 'verify',
      run: async () => {
        controller.abort()
        return { checks: [checkResult()] }
      },
    }
    const result = await run({
      ...options,
      stages: [interrupting, stage('check', brokenCheck())],
      signal: controller.signal,
    })
    expect(result).to.include({ interrupted: true, exitCode: 130 })
    expect(result.checks).to.have.length(1)
  })

  it('lets no secret through in the text of an error', async () => {
    const result = await run({
      ...options,
      stages: [failing('check', new Error('refused: Bearer eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln'))],
    })
    expect(JSON.stringify(result)).to.not.contain('eyJhIjoxfQ')
  })

  it('is not failed by a known failure, and is by one that no longer fails', async () => {
    const config = configSchema.parse({ knownFailures: [{ clause: 'LOCK-1', reason: 'ticket 7' }] })
    const known = { ...options, target: { ...target, config } }
    expect(
      await run({ ...known, stages: [stage('check', brokenCheck(), checkResult({ clauses: ['USE-1'] }))] }),
    ).to.include({ exitCode: 0 })
    expect(await run({ ...known, stages: [stage('check', checkResult())] })).to.include({ exitCode: 1 })
  })
})
