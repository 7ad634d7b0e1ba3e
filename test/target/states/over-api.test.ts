import { expect } from 'chai'
import { CustomersClient } from '../../../src/client/customers-client.ts'
import { type Config, type ConfigInput, configSchema } from '../../../src/config/schema.ts'
import { openTarget } from '../../../src/target/open.ts'
import { statesOfOneCheck } from '../../../src/target/states/over-api.ts'
import { type RegisteredCustomer, StateNotProvable } from '../../../src/target/states/states.ts'
import type { Target } from '../../../src/target/target.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { answerJson, LocalServer, rejection } from '../../client/local-server.ts'

const MAX_ATTEMPTS = 3

function config(input: ConfigInput): Config {
  return configSchema.parse({ lockout: { maxAttempts: MAX_ATTEMPTS }, ...input })
}

function csv(customers: readonly RegisteredCustomer[], lockable: (index: number) => boolean): string {
  const lines = customers.map(
    ({ login, password, customerId }, index) => `${login},${password},${customerId},${lockable(index)}`,
  )
  return ['login,password,customerId,lockable', ...lines].join('\n')
}

describe('states of a target without a states URL', () => {
  let provider: Target
  let client: CustomersClient
  let customers: RegisteredCustomer[]
  before(async () => {
    provider = await openTarget(config({}))
    client = new CustomersClient({ shopUrl: provider.shopUrl, clientId: provider.config.target.clientId })
  })
  after(() => provider.close())
  beforeEach(async () => {
    ;({ customers } = await provider.states.setUp('registered customers', { count: 4 }))
  })

  /** The same provider as a user would have it: a URL, and two accounts of which are lockable. */
  const open = (accounts = csv(customers, (index) => index >= 2)): Promise<Target> =>
    openTarget(config({ target: { baseUrl: provider.baseUrl } }), {
      env: { AUTH_HARNESS_ACCOUNTS: accounts },
    })
  const login = ({ basic }: RegisteredCustomer) =>
    client.postCustomersAuth({ type: 'credentials' }, `Basic ${basic}`)

  it('give a registered customer that can log in, from the accounts that are not lockable, in turn', async () => {
    const { states } = await open()
    for (const index of [0, 1, 0]) {
      const customer = await states.setUp('a registered customer', {})
      expect(customer).to.deep.equal(customers[index])
      expect((await login(customer)).data.customer_id).to.equal(customer.customerId)
    }
  })

  it('give different registered customers, and no more than there are', async () => {
    const { states } = await open()
    const values = await states.setUp('registered customers', { count: 2 })
    expect(values.customers).to.have.deep.members(customers.slice(0, 2))
    expect(await rejection(states.setUp('registered customers', { count: 3 })))
      .to.be.instanceOf(StateNotProvable)
      .with.property('message')
      .that.includes('than the configured accounts have: 2')
  })

  it('give one check different customers, or none', async () => {
    const { states } = await open()
    for (let check = 0; check < 2; check++) {
      const own = statesOfOneCheck(states)
      const first = await own.setUp('a registered customer', {})
      const second = await own.setUp('a customer token', { customer: 'registered' })
      expect(second.customerId).not.to.equal(first.customerId)
      await own.setUp('a customer token', { customer: 'guest' })
      await own.setUp('a registered customer', { failedLogins: 0 })
      for (const promise of [
        own.setUp('a registered customer', {}),
        own.setUp('an active session', { customer: 'registered' }),
        own.setUp('registered customers', { count: 1 }),
      ])
        expect(await rejection(promise)).to.be.instanceOf(StateNotProvable)
    }
    expect(statesOfOneCheck(provider.states)).to.equal(provider.states)
  })

  it('give a customer after failed logins from the lockable accounts, each once', async () => {
    const { states } = await open()
    const customer = await states.setUp('a registered customer', { failedLogins: MAX_ATTEMPTS - 1 })
    expect(customer).to.deep.equal(customers[2])
    await rejection(client.postCustomersAuth({ type: 'credentials' }, `Basic ${btoa(`${customer.login}:x`)}`))
    expect(await rejection(login(customer)), 'the next failure locks').to.include({ status: 401 })
    await states.setUp('a registered customer', { failedLogins: 0 })
    expect(await rejection(states.setUp('a registered customer', { failedLogins: 0 })))
      .to.be.instanceOf(StateNotProvable)
      .with.property('message')
      .that.includes('no account marked lockable is left')
  })

  it('give a locked customer from the lockable accounts', async () => {
    const { states } = await open()
    const customer = await states.setUp('a locked customer', {})
    expect(customer).to.deep.equal(customers[2])
    expect(await rejection(login(customer))).to.include({ status: 401 })
  })

  for (const customer of ['guest', 'registered'] as const) {
    it(`give a ${customer} customer's token that opens the customer`, async () => {
      const { states } = await open()
      const { token, customerId } = await states.setUp('a customer token', { customer })
      const { data } = await client.getCustomer(customerId, `Bearer ${token}`)
      expect(data).to.include({ customer_id: customerId, auth_type: customer })
    })

    it(`give a ${customer} customer's session that answers a token`, async () => {
      const { states } = await open()
      const session = await states.setUp('an active session', { customer })
      expect(session.cookie).to.equal(
        `dwsid=${session.dwsid}; ${session.secureTokenName}=${session.secureToken}`,
      )
      const { data } = await client.postCustomersAuth({ type: 'session' }, undefined, {
        headers: { cookie: session.cookie },
      })
      expect(data).to.include({ customer_id: session.customerId, auth_type: customer })
    })
  }

  it('give as many sessions as asked for, all different', async () => {
    const { states } = await open()
    const { sessions } = await states.setUp('active sessions', { customer: 'guest', count: 11 })
    expect(new Set(sessions.map(({ dwsid }) => dwsid)).size).to.equal(11)
  })

  it('give nothing that the API cannot', async () => {
    const { states } = await open()
    for (const promise of [
      states.setUp('an expired session', { customer: 'guest' }),
      states.setUp('an expired customer token', { customer: 'guest' }),
      states.setUp('a session whose secure token was never used', { customer: 'guest' }),
      states.setUp('time passes', { seconds: 1 }),
    ])
      expect(await rejection(promise)).to.be.instanceOf(StateNotProvable)
    expect(states.passedSeconds).to.equal(0)
  })

  it('give guests and nothing else without accounts', async () => {
    const { states } = await open('')
    await states.setUp('a customer token', { customer: 'guest' })
    for (const promise of [
      states.setUp('a registered customer', {}),
      states.setUp('a customer token', { customer: 'registered' }),
      states.setUp('an active session', { customer: 'registered' }),
      states.setUp('a locked customer', {}),
    ])
      expect(await rejection(promise)).to.be.instanceOf(StateNotProvable)
  })

  it('fail, and are not taken for not provable, where a configured account cannot log in', async () => {
    const { states } = await open('login,password,customerId,lockable\nnobody,hunter2,c,\n')
    const error = await rejection(states.setUp('a customer token', { customer: 'registered' }))
    expect(error).to.be.instanceOf(HarnessError).and.include({ kind: 'TARGET', code: 'STATE_FAILED' })
    expect(String(error)).not.to.include('hunter2')
  })

  describe('on a target that misbehaves', () => {
    let server: LocalServer
    const guest = { _v: '25.6', _type: 'customer', auth_type: 'guest', customer_id: 'abc' }
    const open = (): Promise<Target> =>
      openTarget(config({ target: { baseUrl: server.url } }), {
        env: { AUTH_HARNESS_ACCOUNTS: 'login,password,customerId,lockable\na,hunter2,c,true\n' },
      })
    beforeEach(async () => {
      server = await new LocalServer().start()
    })
    afterEach(() => server.stop())

    it('a customer without a token is a failure', async () => {
      server.handler = answerJson(200, guest)
      const { states } = await open()
      const error = await rejection(states.setUp('a customer token', { customer: 'guest' }))
      expect(error).to.include({ code: 'STATE_FAILED' }).and.property('message').includes('no token')
    })

    it('a wrong password that is accepted is a failure', async () => {
      server.handler = answerJson(200, guest, { authorization: 'Bearer a.b.c' })
      const { states } = await open()
      const error = await rejection(states.setUp('a locked customer', {}))
      expect(error).to.include({ code: 'STATE_FAILED' }).and.property('message').includes('was accepted')
    })

    const bridge = (setCookies: string[]): LocalServer['handler'] => {
      const auth = answerJson(200, guest, { authorization: 'Bearer a.b.c' })
      return (response, request) =>
        request.url.endsWith('/sessions')
          ? response.writeHead(204, { 'set-cookie': setCookies }).end()
          : auth(response, request)
    }

    it('a bridge without dwsid is a failure', async () => {
      server.handler = bridge(['other=1'])
      const { states } = await open()
      expect(await rejection(states.setUp('an active session', { customer: 'guest' }))).to.include({
        code: 'STATE_FAILED',
      })
    })

    it("a bridge that unsets the secure token, as the vendor's does for guests, is not provable", async () => {
      server.handler = bridge([
        'dwsid=abc==; Path=/; HttpOnly',
        `dwsecuretoken_${'0'.repeat(32)}=""; Version=1; Max-Age=0; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/`,
      ])
      const { states } = await open()
      expect(await rejection(states.setUp('an active session', { customer: 'guest' }))).to.be.instanceOf(
        StateNotProvable,
      )
    })

    it('a session is used once before it is handed out', async () => {
      const name = `dwsecuretoken_${'0'.repeat(32)}`
      server.handler = bridge(['dwsid=abc==; Path=/', `${name}=def; Secure; Path=/`])
      const { states } = await open()
      await states.setUp('an active session', { customer: 'guest' })
      expect(server.last).to.include({ method: 'GET' })
      expect(server.last.headers).to.include({ cookie: `dwsid=abc==; ${name}=def` })
    })
  })
})
