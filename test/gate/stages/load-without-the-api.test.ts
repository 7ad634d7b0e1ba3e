import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { configSchema } from '../../../src/config/schema.ts'
import { shippedScenarios } from '../../../src/gate/scenarios.ts'
import { loadStage } from '../../../src/gate/stages/load.ts'
import { openTarget } from '../../../src/target/open.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { packageRoot } from '../../../src/verdict/package-root.ts'

/** A maintenance page begins between the preflight and the load. */
describe('setup of a scenario that meets a page in the place of the API', function () {
  this.timeout(30_000)

  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>')
  })
  before((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  async function ends(engine: 'node' | 'k6'): Promise<unknown> {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const target = await openTarget(configSchema.parse({ target: { baseUrl } }), { env: {} })
    const scenarios = shippedScenarios.filter(({ name }) => name === 'session')
    const { signal } = new AbortController()
    const stage = loadStage({ scenarios, profile: 'smoke', engine })
    return stage
      .run({ target, runDir: tmpdir(), observer: {}, signal, hardSignal: signal })
      .catch((error: unknown) => error)
  }

  it('speaks of the target and not of the script', async () => {
    const error = await ends('node')
    expect(error).to.be.instanceOf(HarnessError).and.include({
      kind: 'TARGET',
      code: 'TARGET_NOT_THE_API',
      message: 'the target answers 503 text/html to a guest, no document of the API',
    })
  })

  it('does so under k6, which tells of it in its log', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fake-k6-'))
    const binary = join(folder, 'k6')
    copyFileSync(join(packageRoot, 'test', 'engine', 'k6', 'fake-k6.sh'), binary)
    chmodSync(binary, 0o755)
    Object.assign(process.env, { K6_BIN: binary, FAKE_K6: 'setup meets a page' })
    try {
      expect(await ends('k6')).to.include({ kind: 'TARGET', code: 'TARGET_NOT_THE_API' })
    } finally {
      delete process.env.K6_BIN
      delete process.env.FAKE_K6
      rmSync(folder, { recursive: true })
    }
  })
})
