import { expect } from 'chai'
import { StatesOverHttp } from '../../../src/target/states/over-http.ts'
import { type ProviderStateName, StateNotProvable } from '../../../src/target/states/states.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { answerJson, LocalServer, rejection } from '../../client/local-server.ts'

const customer = { login: 'a', password: 'hunter2', basic: btoa('a:hunter2'), customerId: 'c' }
const session = {
  cookie: 'dwsid=hunter2; dwsecuretoken_0=hunter2',
  dwsid: 'hunter2',
  secureTokenName: 'dwsecuretoken_0',
  secureToken: 'hunter2',
  customerId: 'c',
}

describe('StatesOverHttp', () => {
  let server: LocalServer
  let states: StatesOverHttp
  beforeEach(async () => {
    server = await new LocalServer().start()
    states = new StatesOverHttp(`${server.url}/_states`, 2000)
  })
  afterEach(() => server.stop())

  it('posts state, params and action, and answers the values', async () => {
    server.handler = answerJson(200, { ...customer, more: 'of the target' })
    const values = await states.setUp('a registered customer', { failedLogins: 2 })
    expect(values).to.deep.include(customer)
    expect(server.last).to.include({ method: 'POST', url: '/_states' })
    expect(server.last.headers).to.include({ 'content-type': 'application/json' })
    expect(JSON.parse(server.last.body)).to.deep.equal({
      state: 'a registered customer',
      params: { failedLogins: 2 },
      action: 'setup',
    })
  })

  it('counts the seconds that passed, and only where they did', async () => {
    server.handler = answerJson(200, {})
    await states.setUp('time passes', { seconds: 60 })
    await states.setUp('time passes', { seconds: 2.5 })
    server.handler = answerJson(500, {})
    await rejection(states.setUp('time passes', { seconds: 1000 }))
    expect(states.passedSeconds).to.equal(62.5)
  })

  it('takes a 404 for a state that is not provable here', async () => {
    server.handler = answerJson(404, { message: 'unknown' })
    expect(await rejection(states.setUp('an expired session', { customer: 'guest' })))
      .to.be.instanceOf(StateNotProvable)
      .and.include({
        state: 'an expired session',
        message: 'the target does not know the state "an expired session"',
      })
  })

  describe('fails with STATE_FAILED', () => {
    const failed = async (promise: Promise<unknown>, why: RegExp): Promise<void> => {
      const error = await rejection(promise)
      expect(error).to.be.instanceOf(HarnessError).and.include({ kind: 'TARGET', code: 'STATE_FAILED' })
      expect(String(error))
        .to.match(why)
        .and.not.match(/hunter2/)
    }

    for (const status of [201, 204, 302, 400, 401, 500, 503])
      it(`at a ${status}`, async () => {
        server.handler = answerJson(status, status === 204 ? undefined : customer)
        await failed(states.setUp('a registered customer', {}), new RegExp(`answered ${status}`))
        expect(server.received).to.have.length(1)
      })

    it('where no answer comes in time', async () => {
      server.handler = () => {}
      await failed(
        new StatesOverHttp(server.url, 50).setUp('a registered customer', {}),
        /no whole answer within 50 ms/,
      )
    })

    it('where nobody listens', async () => {
      await server.stop()
      await failed(states.setUp('a registered customer', {}), /ECONNREFUSED/)
      await server.start()
    })

    it('where the answer is no JSON', async () => {
      server.handler = (response) => response.end('hunter2')
      await failed(states.setUp('a registered customer', {}), /did not answer JSON/)
    })

    for (const [what, state, values, why] of [
      ['null', 'a registered customer', null, /answer: /],
      ['a list', 'time passes', [], /answer: /],
      ['a missing value', 'a registered customer', { ...customer, customerId: undefined }, /customerId: /],
      ['an empty value', 'a customer token', { token: '', customerId: 'c' }, /token: /],
      ['a value of another kind', 'a customer token', { token: 'hunter2', customerId: 5 }, /customerId: /],
      [
        'a basic that is not that of login and password',
        'a locked customer',
        { ...customer, basic: btoa('b:hunter2') },
        /basic: must be base64 of login:password/,
      ],
      [
        'a cookie without the session',
        'an active session',
        { ...session, cookie: 'a=hunter2' },
        /cookie: must hold dwsid/,
      ],
      [
        'another name of the secure token',
        'an expired session',
        { ...session, secureTokenName: 'hunter2' },
        /secureTokenName: must begin with/,
      ],
    ] as const satisfies readonly (readonly [string, ProviderStateName, unknown, RegExp])[]) {
      it(`where the values are wrong: ${what}`, async () => {
        server.handler = answerJson(200, values)
        await failed(states.setUp(state, {} as never), why)
      })
    }

    it('where there are fewer or more customers or sessions than asked for', async () => {
      server.handler = answerJson(200, { customers: [customer] })
      await failed(states.setUp('registered customers', { count: 2 }), /asked for 2, got 1/)
      server.handler = answerJson(200, { sessions: [session, session] })
      await failed(states.setUp('active sessions', { count: 1, customer: 'guest' }), /asked for 1, got 2/)
    })
  })
})
