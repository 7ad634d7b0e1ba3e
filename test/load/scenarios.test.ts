import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type ConfigInput, configSchema } from '../../src/config/schema.ts'
import { runScript } from '../../src/engine/index.ts'
import { loadEnvironment } from '../../src/gate/load-environment.ts'
import { shippedScenarios } from '../../src/gate/scenarios.ts'
import { openTarget } from '../../src/target/open.ts'
import type { Target } from '../../src/target/target.ts'
import type { LoadResult } from '../../src/verdict/load-result.ts'

/**
 * Each scenario against the embedded provider, as lightly as it goes: what is looked at is what was checked, never how
 * long it took. That the planted defects are caught under `smoke` is the business of `auth-harness prove`.
 */
const LIGHT = {
  RATE: '12',
  WARMUP: '0s',
  DURATION: '1s',
  THINK: '10ms',
  REFRESH_AFTER: '10ms',
  BURST: '8',
  HOPS: '4',
}

interface Given {
  readonly env?: Record<string, string>
  readonly config?: ConfigInput
  readonly defect?: string
}

async function run(scenario: string, { env = {}, config = {}, defect }: Given = {}): Promise<LoadResult> {
  const target = await openTarget(configSchema.parse(config), defect === undefined ? {} : { defect })
  try {
    return await runOn(target, scenario, env)
  } finally {
    await target.close()
  }
}

async function runOn(
  target: Target,
  scenario: string,
  env: Record<string, string> = {},
): Promise<LoadResult> {
  const script = shippedScenarios.find(({ name }) => name === scenario)?.script ?? scenario
  const { result } = await runScript({
    script,
    scenario,
    profile: 'smoke',
    env: { ...loadEnvironment(target, scenario, 'smoke'), ...LIGHT, ...env },
  })
  return result
}

const failedChecks = ({ checks }: LoadResult) =>
  checks.filter(({ fails }) => fails > 0).map(({ name }) => name)
const madeChecks = ({ checks }: LoadResult) =>
  checks.filter(({ passes }) => passes > 0).map(({ name }) => name)
/** Names of the checks on which the run has a threshold: all that it promises to make. */
const promisedChecks = ({ thresholds }: LoadResult) =>
  thresholds.flatMap(({ metric }) => /^checks\{check:(.*)\}$/s.exec(metric)?.[1] ?? [])
const clausesOf = (names: string[]) =>
  [...new Set(names.flatMap((name) => name.match(/[A-Z]+-\d+(?=[ :])/g) ?? []))].sort()

/** Every clause whose proof under load is this scenario's. */
const CLAIMED = {
  issuance: ['GUEST-2', 'LOAD-1', 'TOKEN-1', 'TOKEN-2', 'TOKEN-4'],
  refresh: [
    'LOAD-1',
    'REFR-1',
    'REFR-2',
    'REFR-3',
    'REFR-4',
    'TOKEN-1',
    'TOKEN-2',
    'TOKEN-4',
    'USE-1',
    'USE-3',
  ],
  session: ['LOAD-1', 'SESS-1', 'SESS-6', 'TOKEN-1', 'TOKEN-2', 'TOKEN-4'],
  lockout: ['CRED-1', 'CRED-2', 'LOCK-2', 'LOCK-3', 'LOCK-4', 'LOCK-5', 'LOCK-6'],
  journey: ['CRED-1', 'LOAD-1', 'REFR-4', 'TOKEN-1', 'TOKEN-2', 'TOKEN-4', 'USE-1'],
}

describe('Load scenarios on the embedded provider', function () {
  this.timeout(60_000)

  for (const [scenario, clauses] of Object.entries(CLAIMED)) {
    it(`${scenario} makes every check that it promises, and they hold`, async () => {
      const result = await run(scenario, { env: { CUSTOMERS: '40', ATTEMPTS: '20' } })
      expect(result.exceptions).to.deep.equal([])
      expect(failedChecks(result)).to.deep.equal([])
      expect(madeChecks(result).sort()).to.deep.equal(promisedChecks(result).sort())
      expect(clausesOf(madeChecks(result))).to.deep.equal(clauses)
      expect(result.iterations.interrupted).to.equal(0)
      expect(result.metrics.http_req_failed?.values.rate).to.equal(0)
      const empty = result.thresholds.filter(({ verdict }) => verdict === 'not evaluated')
      expect(empty).to.deep.equal([])
    })
  }

  for (const [defect, scenario, clause] of [
    ['guests-at-once-share-an-id', 'issuance', 'GUEST-2'],
    ['refresh-crosstalk', 'refresh', 'REFR-4'],
    ['session-repeats-its-token', 'session', 'SESS-6'],
    ['lock-loses-updates', 'lockout', 'LOCK-2'],
  ] as const) {
    it(`${scenario} catches ${defect}`, async () => {
      const result = await run(scenario, { defect, env: { CUSTOMERS: '20', ATTEMPTS: '20', HOPS: '12' } })
      expect(clausesOf(failedChecks(result))).to.include(clause)
    })
  }

  it('lockout follows the configured maximum and period, down to a single attempt', async () => {
    const result = await run('lockout', {
      config: { lockout: { maxAttempts: 1, periodSeconds: 60 } },
      env: { CUSTOMERS: '8', ATTEMPTS: '12' },
    })
    expect(failedChecks(result)).to.deep.equal([])
    expect(madeChecks(result).sort()).to.deep.equal(promisedChecks(result).sort())
  })

  it('refresh holds a target to it that revokes the older token', async () => {
    const result = await run('refresh', { config: { token: { oldTokenAfterRefresh: 'revoked' } } })
    expect(failedChecks(result)).to.deep.equal([])
    expect(madeChecks(result)).to.include('the older token is revoked after a refresh')
    const wrong = await run('refresh', { env: { OLD_TOKEN_AFTER_REFRESH: 'revoked' } })
    expect(failedChecks(wrong)).to.deep.equal(['the older token is revoked after a refresh'])
  })

  it('leaves the clock alone where other instances still run', async () => {
    const result = await run('lockout', { env: { INSTANCES: '2', CUSTOMERS: '8', ATTEMPTS: '20' } })
    expect(clausesOf(promisedChecks(result))).not.to.include('LOCK-6')
    expect(failedChecks(result)).to.deep.equal([])
  })
})

describe('Load scenarios on a target without a states URL', function () {
  this.timeout(60_000)
  let folder: string
  let target: Target
  let accountsFile: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'load-accounts-'))
    accountsFile = join(folder, 'accounts.csv')
    target = await openTarget(configSchema.parse({}))
    const { customers } = await target.states.setUp('registered customers', { count: 30 })
    const rows = customers.map(
      ({ login, password, customerId }) => `${login},"${password}",${customerId},false`,
    )
    writeFileSync(accountsFile, ['login,password,customerId,lockable', ...rows].join('\n'))
  })

  after(async () => {
    await target.close()
    rmSync(folder, { recursive: true })
  })

  const withoutStates = (scenario: string, env: Record<string, string> = {}) =>
    runOn(target, scenario, { STATES_URL: '', ACCOUNTS_FILE: accountsFile, ...env })
  const refusal = (scenario: string, env: Record<string, string>) =>
    withoutStates(scenario, env).then(
      () => 'it ran',
      (error: Error) => error.message,
    )

  for (const scenario of ['issuance', 'refresh', 'session', 'journey']) {
    it(`${scenario} takes its customers from the accounts file, and its sessions over the bridge`, async () => {
      const result = await withoutStates(scenario)
      expect(failedChecks(result)).to.deep.equal([])
      expect(madeChecks(result).sort()).to.deep.equal(promisedChecks(result).sort())
    })
  }

  it('takes them from a variable too, as a CI holds them', async () => {
    const result = await withoutStates('issuance', {
      ACCOUNTS_FILE: join(folder, 'there is none.csv'),
      ACCOUNTS: readFileSync(accountsFile, 'utf8'),
    })
    expect(failedChecks(result)).to.deep.equal([])
    expect(madeChecks(result).sort()).to.deep.equal(promisedChecks(result).sort())
  })

  it('refuses a pool that is too small before the start, with the number needed', async () => {
    const message = await refusal('issuance', { RATE: '400', GUEST_SHARE: '0.5' })
    expect(message).to.include('too few customers: there are 30 and 201 are needed')
    expect(message).to.include('add accounts to ACCOUNTS_FILE, or lower RATE')
  })

  it('locks no account that is not marked lockable', async () => {
    expect(await refusal('lockout', { CUSTOMERS: '8' })).to.match(
      /there are 0 and \d+ are needed, all of them throw-away/,
    )
  })

  it('names every wrong variable at once, and what is wrong with the accounts', async () => {
    const message = await refusal('refresh', { HOPS: '0', CLIENT_ID: '', BAD_SHARE: '2' })
    expect(message)
      .to.include('HOPS must be')
      .and.to.include('CLIENT_ID must be set')
      .and.to.include('BAD_SHARE must be')
    writeFileSync(join(folder, 'wrong.csv'), 'login,password\nx,the-secret')
    const wrong = await refusal('issuance', { ACCOUNTS_FILE: join(folder, 'wrong.csv') })
    expect(wrong).to.include('customerId, lockable is missing').and.not.to.include('the-secret')
    const text = await refusal('issuance', { ACCOUNTS: 'login,password\nx,the-secret' })
    expect(text).to.include('ACCOUNTS must have the columns').and.not.to.include('the-secret')
  })
})
