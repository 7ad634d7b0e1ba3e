import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { csvOf } from '../../src/gate/load-accounts.ts'
import { openTarget } from '../../src/target/open.ts'
import type { Target } from '../../src/target/target.ts'
import { runResultSchema } from '../../src/verdict/run-result.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

describe('the gate on a target without a states URL', function () {
  this.timeout(300_000)
  let provider: Target
  before(async () => {
    provider = await openTarget(configSchema.parse({}))
  })
  after(() => provider.close())

  async function folder(lasting: number, lockable: number): Promise<string> {
    const cwd = temporaryFolder()
    const { customers } = await provider.states.setUp('registered customers', { count: lasting + lockable })
    const accounts = customers.map((customer, index) => ({ ...customer, lockable: index >= lasting }))
    writeFileSync(join(cwd, 'accounts.csv'), csvOf(accounts))
    writeFileSync(
      join(cwd, 'auth-harness.config.json'),
      JSON.stringify({ target: { baseUrl: provider.baseUrl }, accounts: { file: 'accounts.csv' } }),
    )
    return cwd
  }

  it('breaks nothing that is right, twice in a row, with 60 lasting and 400 lockable accounts', async () => {
    const cwd = await folder(60, 400)
    for (const run of ['first', 'second']) {
      const { stdout, stderr } = await runCli(['gate', '--json'], { cwd })
      const { clauses, loads, error } = runResultSchema.parse(JSON.parse(stdout))
      // A machine too busy to be a generator is said of the machine.
      if (loads.some(({ generator }) => generator.saturated.length > 0)) continue
      const open = clauses.filter(({ verdict }) => verdict === 'broken' || verdict === 'not evaluated')
      expect(open, `${run}: ${JSON.stringify(error)} ${stderr}`).to.deep.equal([])
    }
  })

  it('ends before its first request where the accounts do not suffice, by scenario and key', async () => {
    const cwd = await folder(10, 30)
    const { status, stdout } = await runCli(['gate'], { cwd })
    expect(stdout)
      .to.contain('ACCOUNTS_TOO_FEW')
      .and.contain('accounts.file has 10 accounts that are not lockable and 30 that are')
      .and.contain('issuance 26 that are not lockable')
      .and.contain('lockout 326 that are lockable')
    expect(status).to.equal(2)
  })

  it('ends before its first request where load is not allowed', async () => {
    const args = ['gate', '--target', 'https://shop.example', '--states-url', 'https://shop.example/_states']
    const { status, stdout } = await runCli(args)
    expect(stdout).to.contain('LOAD_NOT_ALLOWED').and.contain('--stages contract,verify,check')
    expect(status).to.equal(2)
  })
})
