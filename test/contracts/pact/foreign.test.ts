import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type VerifyResult, verifyPacts } from '../../../contracts/lib/pact/index.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { openTarget } from '../../../src/target/open.ts'
import type { Target } from '../../../src/target/target.ts'
import { runCli } from '../../cli/run-cli.ts'

const PATH = '/s/RefArch/dw/shop/v25_6/customers/auth'
const REQUEST = {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'x-dw-client-id': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
  body: { type: 'guest' },
}

/** A pact as another team's Pact JS writes it, of version 2 of the specification: no comments, the whole path. */
function writeForeignPact(interactions: readonly object[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'foreign-pact-'))
  writeFileSync(
    join(dir, 'checkout-shop.json'),
    JSON.stringify({
      consumer: { name: 'checkout' },
      provider: { name: 'ocapi-shop' },
      interactions,
      metadata: { pactSpecification: { version: '2.0.0' } },
    }),
  )
  return dir
}

const HELD = { description: 'a guest', request: { ...REQUEST, path: PATH }, response: { status: 200 } }
const SHORT = {
  description: 'a guest by a short path',
  request: { ...REQUEST, path: '/customers/auth' },
  response: { status: 200 },
}
const BROKEN = { description: 'a made guest', request: { ...REQUEST, path: PATH }, response: { status: 201 } }
const UNKNOWN = { ...HELD, description: 'a basket', providerState: 'a basket with a coupon' }

describe("another team's pact", function () {
  this.timeout(60_000)
  let target: Target
  let result: VerifyResult

  before(async () => {
    target = await openTarget(configSchema.parse({}))
    const dir = writeForeignPact([HELD, SHORT, BROKEN, UNKNOWN])
    result = await verifyPacts({ target, pactFiles: [join(dir, 'checkout-shop.json')] })
  })
  after(() => target.close())

  it('is verified as it is, by consumer and interaction, and proves no clause', () => {
    expect(result.checks.map(({ title, verdict, clauses }) => [title, verdict, clauses])).to.deep.equal([
      ['checkout: a guest is answered 200', 'held', []],
      ['checkout: a guest by a short path is answered 200', 'held', []],
      ['checkout: a made guest is answered 201', 'broken', []],
      ['checkout: a basket is answered 200', 'not evaluated', []],
    ])
  })

  it('a state that the target does not know leaves that interaction not evaluated, and ends nothing', () => {
    expect(result.checks.at(-1)?.reason).to.contain(
      'does not know the provider state "a basket with a coupon"',
    )
    expect(result.error).to.equal(undefined)
  })

  it('decides the exit code of verify', async () => {
    for (const [interactions, code, told] of [
      [[HELD], 0, '✓ held'],
      [[HELD, BROKEN], 1, 'checkout: a made guest is answered 201'],
      [[HELD, UNKNOWN], 3, 'a basket with a coupon'],
    ] as const) {
      const { status, stdout, stderr } = await runCli([
        'verify',
        '--pact-dir',
        writeForeignPact(interactions),
      ])
      expect(stdout, stderr).to.contain(told)
      expect(status, stdout).to.equal(code)
    }
  })
})
