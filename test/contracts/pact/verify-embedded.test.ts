import { join } from 'node:path'
import { expect } from 'chai'
import { CLAUSES, type ClauseId } from '../../../contracts/clauses.ts'
import { verifyPacts } from '../../../contracts/lib/pact/index.ts'
import { readPact } from '../../../contracts/lib/pact/pact-file.ts'
import { type ConfigInput, configSchema } from '../../../src/config/schema.ts'
import { openTarget } from '../../../src/target/open.ts'
import type { ParamsOf, ProviderStateName, ValuesOf } from '../../../src/target/states/states.ts'
import type { Target } from '../../../src/target/target.ts'
import type { CheckResult } from '../../../src/verdict/check.ts'
import { packageRoot } from '../../../src/verdict/package-root.ts'

const pactFiles = [join(packageRoot, 'contracts', 'pacts', 'customers-client-ocapi-shop.json')]
const interactions = pactFiles.flatMap((file) => readPact(file).interactions)

const provable = CLAUSES.filter(({ proofs }) => (proofs as readonly string[]).includes('contract')).map(
  ({ id }) => id,
)

async function withTarget<Result>(
  config: ConfigInput,
  options: { defect?: string },
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await openTarget(configSchema.parse(config), options)
  try {
    return await use(target)
  } finally {
    await target.close()
  }
}

function problems(checks: readonly CheckResult[]): string[] {
  return checks
    .filter(({ verdict }) => verdict === 'broken' || verdict === 'not evaluated')
    .map(
      ({ id, reason, failures }) => `${id}: ${reason ?? failures.map(({ message }) => message).join('; ')}`,
    )
}

function clausesOf(checks: readonly CheckResult[], verdict: CheckResult['verdict']): Set<string> {
  return new Set(checks.filter((check) => check.verdict === verdict).flatMap(({ clauses }) => clauses))
}

// Each verification starts a process with Pact's native core: a few seconds on a busy machine.
describe('the committed pact', function () {
  this.timeout(60_000)

  it('is held by a target at a URL with a states URL, clause by clause, with evidence and without its secrets', async () => {
    await withTarget({}, {}, async ({ baseUrl, statesUrl }) => {
      await withTarget({ target: { baseUrl, statesUrl } }, {}, async (target) => {
        const secrets: string[] = []
        const { checks, verdict } = await verifyPacts({ target: spied(target, secrets), pactFiles })
        expect(problems(checks)).to.deep.equal([])
        expect(verdict).to.equal('held')
        expect(checks).to.have.lengthOf(interactions.length)
        expect([...clausesOf(checks, 'held')].sort()).to.deep.equal([...provable].sort())
        for (const { exchanges } of checks) expect(exchanges).to.have.lengthOf(1)
        expect(secrets).to.have.length.above(interactions.length / 2)
        const text = JSON.stringify(checks)
        for (const secret of secrets)
          expect(text.includes(secret), 'a secret in the evidence').to.equal(false)
      })
    })
  })

  it('is held by a target without a states URL as far as it can be proved, and the rest is told with its reason', async () => {
    await withTarget({}, {}, async ({ baseUrl }) => {
      await withTarget({ target: { baseUrl } }, {}, async (target) => {
        const { checks } = await verifyPacts({ target, pactFiles })
        expect(problems(checks)).to.deep.equal([])
        for (const check of checks.filter(({ verdict }) => verdict === 'not provable here'))
          expect(check).to.deep.include({ exchanges: [] }).and.have.property('reason').that.is.not.empty
        const held = clausesOf(checks, 'held')
        expect(held).to.include.all.keys('GUEST-1', 'SESS-1', 'REFR-1', 'FAULT-2', 'FAULT-3')
        expect([...held]).not.to.include.members(['LOCK-1', 'SESS-2'])
      })
    })
  })

  it('is held by a target that enforces HTTPS, where nothing can be wrong with a secure token', async () => {
    await withTarget({ session: { enforceHttps: true } }, {}, async (target) => {
      const { checks } = await verifyPacts({ target, pactFiles, filter: 'a session request' })
      expect(problems(checks)).to.deep.equal([])
      expect([...clausesOf(checks, 'not provable here')].sort()).to.deep.equal([
        'FAULT-1',
        'SESS-3',
        'SESS-4',
      ])
      expect([...clausesOf(checks, 'held')]).to.include.members(['SESS-1', 'SESS-2', 'SESS-3'])
    })
  })

  const defects: [string, ClauseId, number][] = [
    ['login-refusal-carries-a-token', 'CRED-2', 7],
    ['lock-lets-the-right-password-in', 'LOCK-1', 1],
  ]
  for (const [defect, clause, broken] of defects) {
    it(`is broken by the defect ${defect} in the interactions of ${clause}, replayed with their prerequisites`, async () => {
      await withTarget({}, { defect }, async (target) => {
        const { checks } = await verifyPacts({ target, pactFiles, filter: clause.toLowerCase() })
        const failed = checks.filter(({ verdict }) => verdict === 'broken')
        expect(failed).to.have.lengthOf(broken)
        for (const { clauses, failures } of failed) {
          expect(clauses).to.include(clause)
          expect(failures).not.to.deep.equal([])
        }
        const others = checks.filter((check) => !failed.includes(check))
        expect(others.map(({ id, verdict }) => [id, verdict])).to.deep.equal([
          ['contract/a-credentials-request-with-the-right-password', 'held'],
        ])
      })
    })
  }
})

/** The target, and every secret that its states give. */
function spied(target: Target, secrets: string[]): Target {
  const states = {
    passedSeconds: 0,
    async setUp<Name extends ProviderStateName>(name: Name, params: ParamsOf<Name>): Promise<ValuesOf<Name>> {
      const values = await target.states.setUp(name, params)
      for (const [key, value] of Object.entries(values))
        if (['password', 'basic', 'token', 'dwsid', 'secureToken', 'cookie'].includes(key))
          secrets.push(value)
      return values
    },
  }
  return { ...target, shopUrl: target.shopUrl, states }
}
