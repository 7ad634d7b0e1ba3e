import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { openTarget } from '../../src/target/open.ts'
import type { Target } from '../../src/target/target.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

describe('doctor', function () {
  this.timeout(60_000)
  let target: Target

  before(async () => {
    target = await openTarget(configSchema.parse({}))
  })

  after(() => target.close())

  const atTarget = (...args: string[]) => [
    'doctor',
    '--target',
    target.baseUrl,
    '--states-url',
    String(target.statesUrl),
    ...args,
  ]

  it('finds a machine and a target on which all is right', async () => {
    const { status, stdout } = await runCli(atTarget())
    expect(stdout)
      .to.contain('✓ the target is reachable')
      .and.contain('✓ the client id is accepted')
      .and.contain('✓ the states URL knows "a locked customer"')
      .and.contain('✓ the clocks agree')
    expect(stdout).to.not.contain('✗')
    expect(status).to.equal(0)
  })

  it('looks no further at a target that cannot be reached', async () => {
    const { status, stdout } = await runCli(['doctor', '--target', 'http://127.0.0.1:9'])
    expect(stdout).to.contain('✗ the target is reachable').and.not.contain('client id')
    expect(status).to.equal(3)
  })

  it('fails what the gate would fail: the site, the hosts and the accounts of load', async () => {
    const site = await runCli(atTarget('--site', 'Nowhere'))
    expect(site.stdout).to.contain('✗ the shop is there').and.contain('target.siteId')
    expect(site.status).to.equal(2)
    const accounts = await runCli(['doctor', '--target', target.baseUrl])
    expect(accounts.stdout).to.contain('✗ the gate may and can load it').and.contain('accounts.file')
    expect(accounts.status).to.equal(2)
    const env = { AUTH_HARNESS_STAGES: 'contract,verify,check' }
    expect((await runCli(['doctor', '--target', target.baseUrl], { env })).status).to.equal(0)
  })

  it('does not call a clock wrong that an earlier run has moved', async () => {
    const moved = await openTarget(configSchema.parse({}))
    try {
      await moved.states.setUp('time passes', { seconds: 5000 })
      const at = ['--target', moved.baseUrl, '--states-url', String(moved.statesUrl)]
      const { status, stdout } = await runCli(['doctor', ...at])
      expect(stdout).to.match(/✓ the clocks agree .* ahead: its states URL can move it/)
      expect(status).to.equal(0)
    } finally {
      await moved.close()
    }
  })

  it('names the key of a client id that is refused', async () => {
    const { status, stdout } = await runCli(atTarget('--client-id', 'unknown'))
    expect(stdout).to.contain('✗ the client id is accepted').and.contain('target.clientId')
    expect(status).to.equal(2)
  })

  it('names the states that a states URL does not know', async () => {
    const { status, stdout } = await runCli([
      'doctor',
      '--target',
      target.baseUrl,
      '--states-url',
      `${target.baseUrl}/nowhere`,
    ])
    expect(stdout).to.match(/✗ the states URL is one {2}target\.statesUrl must know the provider states/)
    expect(status).to.equal(2)
  })

  it('tries no further account after one that is refused, and shows no password', async () => {
    const { customers } = await target.states.setUp('registered customers', { count: 2 })
    const [first, second] = customers
    if (first === undefined || second === undefined) throw new Error('no customers')
    const cwd = temporaryFolder()
    const accounts = (password: string) =>
      `login,password,customerId,lockable\n${first.login},${password},${first.customerId},false\n${second.login},${second.password},${second.customerId},true\n`
    const env = { AUTH_HARNESS_ACCOUNTS_FILE: join(cwd, 'accounts.csv') }
    writeFileSync(join(cwd, 'accounts.csv'), accounts(first.password))
    const right = await runCli(atTarget(), { env })
    expect(right.stdout).to.contain('✓ the accounts log in  2 of 2')
    writeFileSync(join(cwd, 'accounts.csv'), accounts('wrong-password'))
    const wrong = await runCli(atTarget(), { env })
    expect(wrong.stdout)
      .to.contain('account 1 of 2 does not log in')
      .and.contain('no further account was tried')
      .and.not.contain('wrong-password')
    expect(wrong.status).to.equal(2)
  })

  it('sees a clock that is off', async () => {
    const server = createServer((_, response) => {
      response.sendDate = false
      response
        .writeHead(401, {
          date: new Date(Date.now() - 3_600_000).toUTCString(),
          'content-type': 'application/json',
        })
        .end('{"fault":{"type":"SomeException","message":"no"}}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const { stdout } = await runCli(['doctor', '--target', `http://127.0.0.1:${port}`])
      expect(stdout).to.match(/✗ the clocks agree {2}the target's clock is 3(599|600) s off/)
    } finally {
      server.close()
    }
  })
})
