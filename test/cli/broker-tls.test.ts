import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { CERTIFICATE, KEY } from '../engine/support/certificate.ts'
import { runCli, temporaryFolder } from './run-cli.ts'

describe('a broker with a certificate of a private authority', function () {
  this.timeout(60_000)
  let server: Server
  let url: string
  const requests: string[] = []

  before(async () => {
    server = createServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
      requests.push(`${request.method} ${request.url}`)
      const link = (path: string) => ({ href: `${url}${path}` })
      const index = {
        _links: { 'pb:pacticipants': link('/p'), 'pb:publish-contracts': link('/contracts/publish') },
      }
      const body =
        request.method === 'GET' ? index : { notices: [{ type: 'success', text: 'taken' }], _links: {} }
      request
        .resume()
        .on('end', () =>
          response.writeHead(200, { 'content-type': 'application/hal+json' }).end(JSON.stringify(body)),
        )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `https://localhost:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const publish = (broker: object) => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'ca.pem'), CERTIFICATE)
    writeFileSync(join(cwd, 'auth-harness.config.json'), JSON.stringify({ broker }))
    const pacts = join(packageRoot, 'contracts', 'pacts')
    return runCli(['publish', '--pact-dir', pacts, '--consumer-app-version', '1', '--branch', 'main'], {
      cwd,
    })
  }

  it('is trusted by broker.caFile, by this program and by the Pact CLI', async () => {
    const { status, stdout, stderr } = await publish({ baseUrl: url, caFile: 'ca.pem' })
    expect(stdout, stderr).to.contain(`published to ${url} as version 1`)
    expect(requests).to.include('POST /contracts/publish')
    expect(status).to.equal(0)
  })

  it('is refused without it, by what is wrong and the key', async () => {
    const { status, stderr } = await publish({ baseUrl: url })
    expect(stderr).to.contain('BROKER_CERTIFICATE').and.contain('broker.caFile')
    expect(status).to.equal(3)
  })

  it('a caFile that is none is refused by its key', async () => {
    const { status, stderr } = await publish({ baseUrl: url, caFile: 'auth-harness.config.json' })
    expect(stderr).to.match(
      /broker\.caFile must be a file of PEM certificates, not .*: it holds no certificate/,
    )
    expect(status).to.equal(2)
  })
})
