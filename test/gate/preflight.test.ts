import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { configSchema } from '../../src/config/schema.ts'
import { preflight } from '../../src/gate/doctor/target.ts'
import { openTarget } from '../../src/target/open.ts'
import { HarnessError } from '../../src/verdict/errors.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const HTML = { 'content-type': 'text/html; charset=utf-8' }
const GUEST = JSON.stringify({ auth_type: 'guest', customer_id: 'abc' })
const fault = (type: string) => JSON.stringify({ fault: { type, message: 'no' } })

async function found(answer: RequestListener): Promise<HarnessError | undefined> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const target = await openTarget(configSchema.parse({ target: { baseUrl, siteId: 'Nope' } }), { env: {} })
    await preflight(target)
    return undefined
  } catch (error) {
    if (error instanceof HarnessError) return error
    throw error
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const reply =
  (status: number, headers: Record<string, string>, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body)
  }

describe('what a run needs of the target before it starts', () => {
  it('a guest request that is answered with a customer, or with a fault that is for the checks to judge', async () => {
    expect(await found(reply(200, JSON_TYPE, GUEST))).to.equal(undefined)
    expect(await found(reply(200, { 'content-type': 'text/plain' }, GUEST))).to.equal(undefined)
    expect(await found(reply(401, JSON_TYPE, fault('AuthenticationFailedException')))).to.equal(undefined)
    expect(await found(reply(500, JSON_TYPE, fault('InternalServerErrorException')))).to.equal(undefined)
  })

  const pages: Record<string, [RequestListener, what: RegExp]> = {
    '503 text/html': [reply(503, HTML, '<h1>Maintenance</h1>'), /maintenance/],
    '403 text/html': [reply(403, HTML, '<h1>Blocked</h1>'), /firewall/],
    '429 text/html': [reply(429, HTML, '<h1>Slow down</h1>'), /firewall/],
    '302 without a body': [reply(302, { location: '/login' }, ''), /redirect/],
    '200 text/html': [reply(200, HTML, '<form>'), /login page/],
    '200 without a body': [reply(200, {}, ''), /login page/],
    '404 text/html': [reply(404, HTML, '<h1>Not found</h1>'), /"Nope" \(--site\)/],
  }
  for (const [kind, [page, what]] of Object.entries(pages)) {
    it(`${kind} is no document of the API: no verdict, and what to look at`, async () => {
      const error = await found(page)
      expect(error).to.include({
        kind: 'TARGET',
        code: 'TARGET_NOT_THE_API',
        message: `the target answers ${kind} to a guest request, no document of the API`,
      })
      expect(error?.remedy).to.match(what)
    })
  }

  it('a site that the target does not have is the configuration’s, with a fault of any name', async () => {
    for (const [status, type] of [
      [404, 'UnknownSiteException'],
      [404, 'AnyOtherException'],
      [400, 'UnknownSiteIdException'],
    ] as const) {
      const error = await found(reply(status, JSON_TYPE, fault(type)))
      expect(error).to.include({ kind: 'CONFIG', code: 'SITE_REFUSED' })
      expect(error?.message).to.include('"Nope"').and.to.include(`${status} ${type}`)
    }
  })

  it('a client id that the target refuses is the configuration’s', async () => {
    const error = await found(reply(403, JSON_TYPE, fault('ClientAccessForbiddenException')))
    expect(error).to.include({ kind: 'CONFIG', code: 'CLIENT_ID_REFUSED' })
  })
})
