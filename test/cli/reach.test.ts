import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { openTarget } from '../../src/target/open.ts'
import type { Target } from '../../src/target/target.ts'
import { type Front, openFront, PASS } from '../support/front.ts'
import { CERTIFICATE } from '../support/shop-certificate.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

const PREFIX = '/mobify/proxy/ocapi'

describe('a target under a path, behind a proxy, a private authority and a firewall', function () {
  this.timeout(90_000)
  let provider: Target
  let front: Front

  before(async () => {
    provider = await openTarget(configSchema.parse({}))
    front = await openFront(provider.baseUrl, PREFIX)
  })
  after(async () => {
    await front.close()
    await provider.close()
  })

  function configured(headers: object = { 'x-firewall-pass': { env: 'FIREWALL_PASS' } }): string {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'ca.pem'), CERTIFICATE)
    writeFileSync(
      join(cwd, 'auth-harness.config.json'),
      JSON.stringify({
        target: {
          baseUrl: `https://shop.test${PREFIX}`,
          statesUrl: `https://shop.test${PREFIX}/_states`,
          caFile: 'ca.pem',
          headers,
        },
        gate: { stages: ['contract', 'verify', 'check'] },
      }),
    )
    return cwd
  }
  const env = () => ({ HTTPS_PROXY: front.proxyUrl, FIREWALL_PASS: PASS })

  for (const args of [
    ['check', '--clause', 'TOKEN-3', 'SESS-1', 'USE-1'],
    ['gate', '--require-target'],
  ])
    it(`${args[0]} reaches it, and shows the pass nowhere`, async () => {
      const cwd = configured()
      const before = front.requests.length
      const { status, stdout, stderr } = await runCli(args, { cwd, env: env() })
      expect(status, stdout + stderr).to.equal(0)
      expect(front.tunnels()).to.be.greaterThan(0)
      expect(front.requests.slice(before).join('\n')).to.contain(
        `POST ${PREFIX}/s/RefArch/dw/shop/v25_6/customers/auth`,
      )
      const [run = ''] = readdirSync(join(cwd, 'reports'))
      const files = readdirSync(join(cwd, 'reports', run), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.\w+$/.test(name))
        .map((name) => readFileSync(join(cwd, 'reports', run, name), 'utf8'))
      for (const text of [stdout, stderr, ...files]) expect(text).to.not.contain(PASS)
    })

  it('doctor finds all right, and names the key of what is missing', async () => {
    const right = await runCli(['doctor'], { cwd: configured(), env: env() })
    expect(right.stdout).to.contain('✓ the client id is accepted').and.not.contain('✗')
    const unset = await runCli(['doctor'], { cwd: configured(), env: { ...env(), FIREWALL_PASS: '' } })
    expect(unset.stderr).to.contain('environment variable FIREWALL_PASS is empty')
    expect(unset.status).to.equal(2)
  })

  it('an authority that is not trusted is told as that, with the key', async () => {
    const cwd = configured()
    const target = { baseUrl: `https://shop.test${PREFIX}` }
    writeFileSync(join(cwd, 'auth-harness.config.json'), JSON.stringify({ target }))
    const { status, stdout } = await runCli(['check'], { cwd, env: env() })
    expect(stdout).to.contain('TARGET_CERTIFICATE').and.contain('target.caFile')
    expect(status).to.equal(3)
  })

  it('a header that cannot be is refused by its name, and its value is not shown', async () => {
    for (const [headers, rule] of [
      [{ 'x-pass': 'hunter2\nx' }, 'target.headers.x-pass must be a text that a header can hold'],
      [{ authorization: 'Bearer hunter2' }, 'target.headers.authorization must not be a header that'],
      [{ 'x pass': 'hunter2' }, 'target.headers.x pass must be the name of a header'],
    ] as const) {
      const { status, stderr } = await runCli(['check'], { cwd: configured(headers), env: env() })
      expect(stderr).to.contain(rule).and.not.contain('hunter2')
      expect(status).to.equal(2)
    }
  })
})
