import { join } from 'node:path'
import { expect } from 'chai'
import { runChecks } from '../../contracts/lib/behaviour/index.ts'
import { VerifierProcess, verifyPacts } from '../../contracts/lib/pact/index.ts'
import { configSchema } from '../../src/config/schema.ts'
import { type RunningProvider, startProvider } from '../../src/provider/index.ts'
import { openTarget } from '../../src/target/open.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { startVariant, VARIANTS } from './variant-server.ts'

const pactFiles = [join(packageRoot, 'contracts', 'pacts', 'customers-client-ocapi-shop.json')]

/** A target that nobody here wrote differs in all that the API leaves open. It is as right as the reference provider. */
describe('a legal variant of the reference provider gives no false alarm', function () {
  this.timeout(120_000)

  const verifier = new VerifierProcess()
  let provider: RunningProvider
  before(async () => {
    provider = await startProvider({})
  })
  after(async () => {
    verifier.close()
    await provider.close()
  })

  for (const [name, variant] of Object.entries(VARIANTS)) {
    it(name, async () => {
      const server = await startVariant(provider, variant)
      const { url: baseUrl, statesUrl } = server
      const target = await openTarget(configSchema.parse({ target: { baseUrl, statesUrl } }))
      try {
        const { checks: verified } = await verifyPacts({ target, pactFiles, verifier })
        const checked = await runChecks({ target })
        const alarms = [...verified, ...checked]
          .filter(({ verdict, clauses }) => verdict !== 'held' && !clauses.includes('TOKEN-5'))
          .map(({ id, verdict, reason, failures }) => [id, verdict, reason ?? failures[0]?.message])
        expect(alarms).to.deep.equal([])
      } finally {
        await target.close()
        await server.close()
      }
    })
  }
})
