import { tmpdir } from 'node:os'
import { expect } from 'chai'
import { configSchema } from '../../../src/config/schema.ts'
import { shippedScenarios } from '../../../src/gate/scenarios.ts'
import { loadStage } from '../../../src/gate/stages/load.ts'
import { startProvider } from '../../../src/provider/index.ts'
import { openTarget } from '../../../src/target/open.ts'
import { startVariant } from '../../variants/variant-server.ts'

describe('a firewall that answers some requests of a load in the place of the API', function () {
  this.timeout(30_000)

  it('breaks no clause: its answers are counted by kind, and the thresholds say nothing', async () => {
    const provider = await startProvider({})
    let nth = 0
    const server = await startVariant(provider, {
      send: (response, { status, headers, json }) => {
        if (++nth % 4 === 0)
          response.writeHead(429, { 'content-type': 'text/html' }).end('<h1>Slow down</h1>')
        else response.writeHead(status, headers).end(JSON.stringify(json))
      },
    })
    try {
      const { url: baseUrl, statesUrl } = server
      const target = await openTarget(configSchema.parse({ target: { baseUrl, statesUrl } }))
      const { signal } = new AbortController()
      const { checks, loads } = await loadStage({
        scenarios: shippedScenarios.filter(({ name }) => name === 'issuance'),
        profile: 'smoke',
        attempts: 5,
        env: { DURATION: '1s', WARMUP: '0s', RATE: '30', BURST: '8' },
      }).run({ target, runDir: tmpdir(), observer: {}, signal, hardSignal: signal })
      const [load] = loads ?? []
      expect(load?.foreign?.map(({ kind }) => kind)).to.deep.equal(['429 text/html'])
      expect(load?.foreign?.[0]?.count).to.be.above(5)
      expect(checks.filter(({ verdict }) => verdict === 'broken')).to.deep.equal([])
      const thresholds = checks.find(({ id }) => id === 'load/issuance/thresholds')
      expect(thresholds?.verdict).to.equal('not evaluated')
      expect(thresholds?.reason).to.match(/^answers that are no document of the API: 429 text\/html: \d+$/)
      expect(checks.some(({ verdict }) => verdict === 'held')).to.equal(true)
    } finally {
      await server.close()
      await provider.close()
    }
  })
})
