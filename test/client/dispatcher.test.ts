import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { request } from 'undici'
import { addHeadersFor, createDispatcher, proxiesOf } from '../../src/client/dispatcher.ts'

describe('the way to a target', () => {
  let server: Server
  let port: number
  const seen: { url: string | undefined; headers: NodeJS.Dict<string | string[]> }[] = []

  before(async () => {
    server = createServer(({ url, headers }, response) => {
      seen.push({ url, headers })
      response.end('answered')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  beforeEach(() => seen.splice(0))
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('reads the variables in either case, and a proxy without a scheme', () => {
    expect(proxiesOf({ HTTPS_PROXY: 'proxy:3128', no_proxy: 'a', NO_PROXY: 'b' })).to.deep.equal({
      http: undefined,
      https: 'http://proxy:3128',
      none: 'a',
    })
    expect(proxiesOf({ HTTP_PROXY: '' })).to.deep.equal({
      http: undefined,
      https: undefined,
      none: undefined,
    })
  })

  it('never leads the loopback through a proxy, whatever NO_PROXY says', async () => {
    for (const NO_PROXY of [undefined, 'other.example', '*']) {
      const dispatcher = createDispatcher({ HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY })
      const answer = await request(`http://127.0.0.1:${port}/x`, { dispatcher })
      expect(await answer.body.text()).to.equal('answered')
    }
  })

  it("adds a deployment's headers to its own origin alone, and keeps those of the request", async () => {
    const dispatcher = createDispatcher({})
    addHeadersFor(`http://127.0.0.1:${port}/path`, { 'X-Pass': 'a', Accept: 'b' })
    await request(`http://127.0.0.1:${port}/x`, { dispatcher, headers: { accept: 'mine' } })
    await request(`http://localhost:${port}/x`, { dispatcher }).catch(() => {})
    expect(seen[0]?.headers).to.include({ 'x-pass': 'a', accept: 'mine' })
    expect(seen[1]?.headers).to.not.have.property('x-pass')
    addHeadersFor(`http://127.0.0.1:${port}`, {})
  })
})
