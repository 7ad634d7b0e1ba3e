import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { jwtVerify } from 'jose'
import { CustomersClient } from '../../src/client/customers-client.ts'
import { type ConfigInput, configSchema } from '../../src/config/schema.ts'
import { checkReachable } from '../../src/target/guard/reachable.ts'
import { openTarget, type TargetOptions } from '../../src/target/open.ts'
import type { Target } from '../../src/target/target.ts'
import { HarnessError } from '../../src/verdict/errors.ts'
import { LocalServer, rejection } from '../client/local-server.ts'

const open = (input: ConfigInput = {}, options: TargetOptions = {}): Promise<Target> =>
  openTarget(configSchema.parse(input), { env: {}, ...options })

describe('openTarget', () => {
  let target: Target | undefined
  afterEach(async () => {
    await target?.close()
    target = undefined
  })

  const configError = async (promise: Promise<Target>, code: string): Promise<HarnessError> => {
    const error = await rejection(promise)
    expect(error).to.be.instanceOf(HarnessError).and.include({ kind: 'CONFIG', code })
    return error as HarnessError
  }

  describe('without a URL', () => {
    it('starts the embedded provider with the configured settings, and knows its key', async () => {
      target = await open({
        target: { siteId: 'Shop', apiVersion: 'v22_3', clientId: 'mine' },
        token: { lifetimeSeconds: 600 },
        lockout: { maxAttempts: 1 },
      })
      expect(target).to.include({ kind: 'embedded', defect: undefined })
      expect(target.shopUrl).to.equal(`${target.baseUrl}/s/Shop/dw/shop/v22_3`)
      await checkReachable(target)
      const client = new CustomersClient({ shopUrl: target.shopUrl, clientId: 'mine' })
      const { token = '' } = await client.postCustomersAuth({ type: 'guest' })
      if (target.verification.kind !== 'secret') throw new Error('the key is not known')
      const { payload } = await jwtVerify(token, target.verification.secret, {
        algorithms: [...target.verification.algorithms],
      })
      expect(payload.iss).to.equal('mine')
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).to.equal(600)
      const { basic, login } = await target.states.setUp('a registered customer', {})
      await rejection(client.postCustomersAuth({ type: 'credentials' }, `Basic ${btoa(`${login}:wrong`)}`))
      expect(await rejection(client.postCustomersAuth({ type: 'credentials' }, `Basic ${basic}`))).to.include(
        { status: 401 },
      )
    })

    it('takes settings of the provider that the configuration has not', async () => {
      target = await open({}, { providerSettings: { sessionLifetimeSeconds: 1 } })
      const session = await target.states.setUp('an active session', { customer: 'guest' })
      await target.states.setUp('time passes', { seconds: 2 })
      const client = new CustomersClient({
        shopUrl: target.shopUrl,
        clientId: target.config.target.clientId,
      })
      const headers = { cookie: session.cookie }
      expect(
        await rejection(client.postCustomersAuth({ type: 'session' }, undefined, { headers })),
      ).to.include({ status: 401 })
    })

    it('refuses a defect that is not known', async () => {
      const error = await configError(open({}, { defect: 'no-such-defect' }), 'UNKNOWN_DEFECT')
      expect(error.message).to.include('"no-such-defect"')
    })

    it('refuses a setting that the provider refuses', async () => {
      const error = await configError(open({ target: { siteId: 'a b' } }), 'PROVIDER_SETTING')
      expect(error.message).to.include('siteId')
    })

    it('gives every provider another key, refuses a taken port, closes twice and is then not reachable', async () => {
      const first = await open()
      const second = await open()
      expect(first.verification).not.to.deep.equal(second.verification)
      const port = Number(new URL(first.baseUrl).port)
      const error = await configError(open({}, { port }), 'PORT_UNAVAILABLE')
      expect(error.message).to.include(String(port))
      await Promise.all([first.close(), first.close(), second.close()])
      expect(await rejection(checkReachable(first))).to.include({ code: 'TARGET_UNREACHABLE' })
    })
  })

  describe('with a URL', () => {
    const url = 'http://127.0.0.1:9'

    it('calls nothing yet', async () => {
      target = await open({ target: { baseUrl: `${url}/`, statesUrl: `${url}/_states`, siteId: 'Ü' } })
      expect(target).to.include({
        kind: 'url',
        baseUrl: url,
        statesUrl: `${url}/_states`,
        shopUrl: `${url}/s/%C3%9C/dw/shop/v25_6`,
        defect: undefined,
      })
      expect(target.verification).to.deep.equal({ kind: 'opaque' })
    })

    it('takes the key from the environment variable that is named', async () => {
      const verification = { secretEnv: 'MY_KEY', algorithms: ['HS512'] } satisfies object
      const input = { target: { baseUrl: url }, token: { verification } } as const
      target = await open(input as ConfigInput, { env: { MY_KEY: 'hunter2' } })
      expect(target.verification).to.deep.equal({
        kind: 'secret',
        secret: Buffer.from('hunter2'),
        algorithms: ['HS512'],
      })
      for (const env of [{}, { MY_KEY: '' }]) {
        const error = await configError(open(input as ConfigInput, { env }), 'SECRET_MISSING')
        expect(error.message).to.include('MY_KEY')
      }
    })

    it('takes the address of a key set', async () => {
      target = await open({
        target: { baseUrl: url },
        token: { verification: { jwksUrl: 'https://a.example/keys', algorithms: ['RS256'] } },
      })
      expect(target.verification).to.deep.equal({
        kind: 'jwks',
        url: 'https://a.example/keys',
        algorithms: ['RS256'],
      })
    })

    it('refuses a defect', async () => {
      await configError(open({ target: { baseUrl: url } }, { defect: 'no-lock' }), 'DEFECT_NEEDS_EMBEDDED')
    })

    it('reads the accounts file, unless the environment holds the accounts, and not with a states URL', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'auth-harness-open-'))
      const file = join(folder, 'accounts.csv')
      const csv = (login: string) => `login,password,customerId,lockable\n${login},b,c,\n`
      const login = async (target: Target) => (await target.states.setUp('a registered customer', {})).login
      try {
        writeFileSync(file, csv('of-file'))
        const input = { target: { baseUrl: url }, accounts: { file } }
        expect(await login(await open(input))).to.equal('of-file')
        expect(await login(await open(input, { env: { AUTH_HARNESS_ACCOUNTS: csv('of-env') } }))).to.equal(
          'of-env',
        )
        await configError(open({ ...input, accounts: { file: `${file}.none` } }), 'ACCOUNTS_UNREADABLE')
        await open({ target: { baseUrl: url, statesUrl: url }, accounts: { file: `${file}.none` } })
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  })
})

describe('checkReachable', () => {
  let server: LocalServer
  beforeEach(async () => {
    server = await new LocalServer().start()
  })
  afterEach(() => server.stop())

  for (const status of [200, 302, 404, 503])
    it(`takes any answer: ${status}`, async () => {
      server.handler = (response) => response.writeHead(status).end()
      await checkReachable(await open({ target: { baseUrl: server.url } }))
      expect(server.received).to.have.length(1)
    })

  it('says in one line that nobody listens', async () => {
    const { url } = server
    await server.stop()
    const error = await rejection(checkReachable(await open({ target: { baseUrl: url } })))
    await server.start()
    expect(error).to.be.instanceOf(HarnessError).and.include({ kind: 'TARGET', code: 'TARGET_UNREACHABLE' })
    expect(error)
      .to.have.property('message')
      .that.matches(/^the target http:\/\/127\.0\.0\.1:\d+ is unreachable: .*ECONNREFUSED.*$/)
  })

  it('waits no longer than the configured time', async () => {
    server.handler = () => {}
    const target = await open({ target: { baseUrl: server.url, timeoutSeconds: 0.05 } })
    expect(await rejection(checkReachable(target)))
      .to.have.property('message')
      .that.includes('within 50 ms')
  })
})
