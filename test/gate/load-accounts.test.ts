import { join } from 'node:path'
import { expect } from 'chai'
import { runChecks } from '../../contracts/lib/behaviour/index.ts'
import { verifyPacts } from '../../contracts/lib/pact/index.ts'
import { configSchema } from '../../src/config/schema.ts'
import {
  accountsForLoad,
  assertEnoughAccounts,
  csvOf,
  LOCKABLE_USED_BY,
} from '../../src/gate/load-accounts.ts'
import { shippedScenarios } from '../../src/gate/scenarios.ts'
import { loadStage } from '../../src/gate/stages/load.ts'
import { parseAccounts } from '../../src/target/accounts/accounts.ts'
import { openTarget } from '../../src/target/open.ts'
import { StatesOverApi } from '../../src/target/states/over-api.ts'
import type { Target } from '../../src/target/target.ts'
import { HarnessError } from '../../src/verdict/errors.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'

/** A target without a states URL; the embedded provider serves it. */
async function sandbox(provider: Target, lasting: number, lockable: number): Promise<Target> {
  const count = lasting + lockable
  const { customers } =
    count === 0 ? { customers: [] } : await provider.states.setUp('registered customers', { count })
  const accounts = customers.map((customer, index) => ({ ...customer, lockable: index >= lasting }))
  return openTarget(configSchema.parse({ target: { baseUrl: provider.baseUrl } }), {
    env: { AUTH_HARNESS_ACCOUNTS: csvOf(accounts) },
  })
}

function scenario(name: string) {
  const found = shippedScenarios.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`there is no scenario ${name}`)
  return found
}

describe('accounts under load, without a states URL', function () {
  this.timeout(60_000)
  let provider: Target
  before(async () => {
    provider = await openTarget(configSchema.parse({}))
  })
  after(() => provider.close())

  for (const { name } of shippedScenarios)
    it(`${name} is refused with one account fewer than its script needs, and not with as many`, async () => {
      const empty = await sandbox(provider, 0, 0)
      const run = loadStage({ scenarios: [scenario(name)], profile: 'smoke' }).run
      const signal = new AbortController().signal
      const needed = async (): Promise<number> => {
        if (name === 'session') return 0
        try {
          await run({ target: empty, runDir: '/tmp', observer: {}, signal, hardSignal: signal })
        } catch (error) {
          if (!(error instanceof HarnessError) || error.code !== 'ACCOUNTS_TOO_FEW') throw error
          expect(error.message)
            .to.match(/^accounts\.file must have/)
            .and.not.match(/\.ts:/)
          return Number(/must have (\d+)/.exec(error.message)?.[1])
        }
        throw new Error('it ran without accounts')
      }
      const count = await needed()
      const target = (accounts: number) =>
        name === 'lockout' ? sandbox(provider, 0, accounts) : sandbox(provider, accounts, 0)
      assertEnoughAccounts(await target(count), [scenario(name)], 'smoke')
      if (count === 0) return
      const few = await target(count - 1)
      expect(() => assertEnoughAccounts(few, [scenario(name)], 'smoke'))
        .to.throw(HarnessError, new RegExp(`${name} ${count} that are`))
        .that.includes({ kind: 'CONFIG', code: 'ACCOUNTS_TOO_FEW' })
    })

  it('the lockout gets no account that a check locked, nor one that an earlier run did, and names those', async () => {
    const target = await sandbox(provider, 2, 4)
    const { states } = target
    if (!(states instanceof StatesOverApi)) throw new Error('it has a states URL')
    const [earlier] = states.remainingAccounts.filter(({ lockable }) => lockable)
    for (let attempt = 0; attempt < 5; attempt++)
      await fetch(`${target.shopUrl}/customers/auth`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-dw-client-id': target.config.target.clientId,
          authorization: `Basic ${btoa(`${earlier?.login}:wrong`)}`,
        },
        body: '{"type":"credentials"}',
      })
    const locked = await states.setUp('a locked customer', {})
    expect(locked.login).to.not.equal(earlier?.login)
    const free = (await accountsForLoad(target, scenario('lockout'))) ?? []
    expect(free.map(({ login }) => login))
      .to.have.length(2)
      .and.not.include.members([locked.login, earlier?.login])
    const again = await accountsForLoad(target, scenario('lockout'))
    expect(again, 'a load that is run once more').to.deep.equal(free)
    expect(states.lockedAccounts).to.match(new RegExp(`^${earlier?.login} is refused.* until \\d{4}-.*Z at`))
    expect(await accountsForLoad(target, scenario('journey'))).to.have.length(2)
  })

  it('the pacts and the checks use up as many lockable accounts as the gate reckons with', async () => {
    const target = await sandbox(provider, 20, 30)
    const { states } = target
    if (!(states instanceof StatesOverApi)) throw new Error('it has a states URL')
    const left = () => states.remainingAccounts.filter(({ lockable }) => lockable).length
    const pact = join(packageRoot, 'contracts', 'pacts', 'customers-client-ocapi-shop.json')
    await verifyPacts({ target, pactFiles: [pact] })
    expect(30 - left()).to.equal(LOCKABLE_USED_BY.verify)
    await runChecks({ target })
    expect(30 - left()).to.equal(LOCKABLE_USED_BY.verify + LOCKABLE_USED_BY.check)
    expect(() => assertEnoughAccounts(target, [scenario('lockout')], 'smoke', 20)).to.throw(
      'lockout 326 that are lockable (20 of them for the stages before it)',
    )
  })

  it('CSV is read back as it was', () => {
    const accounts = [{ login: 'a,"b"', password: ' "x"\ny', customerId: '1', lockable: true }]
    expect(parseAccounts(csvOf(accounts), 'test')).to.deep.equal(accounts)
  })
})
