import { expect } from 'chai'
import fc from 'fast-check'
import { basicOf, claimsOf, nearMisses, TestProvider, wrongBasic } from './support.ts'

describe('provider states', () => {
  let provider: TestProvider
  beforeEach(async () => {
    provider = await TestProvider.start()
  })
  afterEach(() => provider.close())

  const post = (body: unknown) =>
    provider.send(
      'POST',
      '/_states',
      { 'content-type': 'application/json' },
      typeof body === 'string' ? body : JSON.stringify(body),
    )

  it('a registered customer: fresh each time, can log in, and has failed as often as asked', async () => {
    const one = await provider.state('a registered customer')
    const other = await provider.state('a registered customer', { failedLogins: 4 })
    expect(Object.keys(one)).to.have.members(['login', 'password', 'basic', 'customerId'])
    expect(one.basic).to.equal(Buffer.from(`${one.login}:${one.password}`).toString('base64'))
    expect(one.customerId).to.match(/^[A-Za-z0-9]{26}$/)
    expect(one.login).to.not.equal(other.login)
    expect((await provider.login(one.basic ?? '')).status).to.equal(200)
    await provider.login(wrongBasic(other.login ?? ''))
    expect((await provider.login(other.basic ?? '')).status, 'the fifth failure locks').to.equal(401)
  })

  for (const passwordLength of [8, 73, 200]) {
    it(`a registered customer: a password of ${passwordLength} characters, each near miss of which is another`, async () => {
      const {
        login,
        password = '',
        basic = '',
      } = await provider.state('a registered customer', {
        passwordLength,
      })
      expect(password).to.have.length(passwordLength)
      expect(password).to.match(/^[!-~]+$/, 'ASCII without blanks')
      expect(password).to.match(/[a-z]/).and.match(/[A-Z]/)
      expect((await provider.login(basic)).status).to.equal(200)
      for (const near of nearMisses(password)) {
        expect((await provider.login(basicOf(login, near))).status, near).to.equal(401)
        await provider.login(basic)
      }
    })
  }

  it('registered customers: thousands at once, each with a login of its own', async () => {
    const { customers } = (await provider.state('registered customers', { count: 5000 })) as unknown as {
      customers: { login: string; basic: string; customerId: string }[]
    }
    expect(new Set(customers.map(({ login }) => login)).size).to.equal(5000)
    const { basic = '', customerId } = customers.at(-1) ?? {}
    expect((await provider.login(basic)).body.customer_id).to.equal(customerId)
  })

  it('a locked customer: the right password is refused until the period is over', async () => {
    const { basic = '' } = await provider.state('a locked customer')
    expect((await provider.login(basic)).status).to.equal(401)
    await provider.state('time passes', { seconds: 1799 })
    expect((await provider.login(basic)).status).to.equal(401)
    await provider.state('time passes', { seconds: 1 })
    expect((await provider.login(basic)).status).to.equal(200)
  })

  it('a registered customer who failed: the count lasts until the reset time has passed without a failure', async () => {
    const brief = await TestProvider.start({ maxAttempts: 3, periodSeconds: 50, resetAfterSeconds: 1000 })
    try {
      const { login = '', basic = '' } = await brief.state('a registered customer')
      const failAfter = async (seconds: number) => {
        await brief.state('time passes', { seconds })
        await brief.login(wrongBasic(login))
      }
      for (const seconds of [0, 0, 1001, 0]) await failAfter(seconds)
      expect((await brief.login(basic)).status, 'two of three since the reset').to.equal(200)
      for (const seconds of [0, 990, 990]) await failAfter(seconds)
      expect((await brief.login(basic)).status, 'three, 990 s apart').to.equal(401)
    } finally {
      await brief.close()
    }
  })

  for (const customer of ['guest', 'registered'] as const) {
    it(`sessions of a ${customer}: active, expired and never used`, async () => {
      const active = await provider.state('an active session', { customer })
      expect(Object.keys(active)).to.have.members([
        'cookie',
        'dwsid',
        'secureTokenName',
        'secureToken',
        'customerId',
      ])
      expect(active.cookie).to.equal(`dwsid=${active.dwsid}; ${active.secureTokenName}=${active.secureToken}`)
      expect((await provider.session(active.cookie ?? '')).body).to.include({
        customer_id: active.customerId,
        auth_type: customer,
      })
      for (const state of ['an expired session', 'a session whose secure token was never used']) {
        const { cookie = '' } = await provider.state(state, { customer })
        expect((await provider.session(cookie)).status, state).to.equal(401)
      }
      const { sessions } = (await provider.state('active sessions', { count: 3, customer })) as unknown as {
        sessions: { cookie: string }[]
      }
      for (const { cookie } of sessions) expect((await provider.session(cookie)).status).to.equal(200)
      expect(new Set(sessions.map(({ cookie }) => cookie)).size).to.equal(3)
    })

    it(`tokens of a ${customer}: one that is a minute old, one that has expired`, async () => {
      const valid = await provider.state('a customer token', { customer })
      expect((await provider.read(valid.customerId ?? '', valid.token)).body.auth_type).to.equal(customer)
      const { iat } = claimsOf(valid.token)
      expect(iat).to.be.at.most(Math.floor(Date.now() / 1000) - 60)
      const expired = await provider.state('an expired customer token', { customer })
      expect((await provider.read(expired.customerId ?? '', expired.token)).faultType).to.equal(
        'ExpiredTokenException',
      )
    })
  }

  it('an active session expires when it was idle for its life, and not while it is used', async () => {
    const { cookie = '' } = await provider.state('an active session', { customer: 'guest' })
    for (const [seconds, status] of [
      [1790, 200],
      [1790, 200],
      [1800, 401],
    ] as const) {
      await provider.state('time passes', { seconds })
      expect((await provider.session(cookie)).status).to.equal(status)
    }
  })

  it('time passes: the Date header, new tokens and profile times follow', async () => {
    const { basic = '' } = await provider.state('a registered customer')
    await provider.state('time passes', { seconds: 86_400.5 })
    const { headers, body, token } = await provider.login(basic)
    const date = Date.parse(headers.get('date') ?? '')
    expect(Math.abs(date - Date.now() - 86_400_500)).to.be.lessThan(60_000)
    expect(Math.abs(claimsOf(token).iat * 1000 - date)).to.be.at.most(1000)
    expect(Math.abs(Date.parse(String(body.last_login_time)) - date)).to.be.at.most(1000)
  })

  it('a token with a life of less than two minutes is half as old', async () => {
    const brief = await TestProvider.start({ tokenLifetimeSeconds: 30 })
    try {
      const { token, customerId = '' } = await brief.state('a customer token', { customer: 'guest' })
      expect((await brief.read(customerId, token)).status).to.equal(200)
    } finally {
      await brief.close()
    }
  })

  it('teardown does nothing, and says so with 200', async () => {
    const { status, body } = await post({ state: 'a locked customer', action: 'teardown' })
    expect([status, body]).to.deep.equal([200, {}])
  })

  it('params may be left out, or null', async () => {
    expect((await post({ state: 'a locked customer' })).status).to.equal(200)
    expect((await post({ state: 'a locked customer', params: null, action: 'setup' })).status).to.equal(200)
  })

  it('an unknown state answers 404, with the states there are', async () => {
    const { status, body } = await post({ state: 'a locked custmer' })
    expect(status).to.equal(404)
    expect(body.error).to.equal('unknown state "a locked custmer"')
    expect(body.states).to.include('a locked customer')
  })

  for (const [sent, parameter, message] of [
    ['{', 'the body', 'must be JSON'],
    ['[]', 'the body', 'must be a JSON object'],
    [{}, 'state', 'must be the name of a state'],
    [{ state: 'a locked customer', params: [] }, 'params', 'must be a JSON object'],
    [{ state: 'a locked customer', action: 'undo' }, 'action', 'must be "setup" or "teardown"; got "undo"'],
    [{ state: 'a locked customer', params: { count: 1 } }, 'params.count', 'takes no parameters'],
    [
      { state: 'registered customers' },
      'params.count',
      'must be a whole number from 1 to 20000; got nothing',
    ],
    [{ state: 'registered customers', params: { count: '5' } }, 'params.count', 'got "5"'],
    [{ state: 'registered customers', params: { count: 20_001 } }, 'params.count', 'got 20001'],
    [{ state: 'a registered customer', params: { failedLogins: -1 } }, 'params.failedLogins', 'got -1'],
    [
      { state: 'a registered customer', params: { failed: 1 } },
      'params.failed',
      'this state takes failedLogins, passwordLength',
    ],
    [{ state: 'a registered customer', params: { passwordLength: 7 } }, 'params.passwordLength', 'got 7'],
    [{ state: 'a registered customer', params: { passwordLength: 201 } }, 'params.passwordLength', 'got 201'],
    [
      { state: 'an active session', params: { customer: 'admin' } },
      'params.customer',
      '"guest" or "registered"; got "admin"',
    ],
    [{ state: 'time passes', params: { seconds: -1 } }, 'params.seconds', 'got -1'],
    [{ state: 'time passes', params: { seconds: null } }, 'params.seconds', 'got null'],
  ] as const) {
    it(`${JSON.stringify(sent)} answers 400 and names ${parameter}`, async () => {
      const { status, body } = await post(sent)
      expect([status, body.parameter]).to.deep.equal([400, parameter])
      expect(body.error).to.include(message)
    })
  }

  it('whatever is sent, the answer is never 5xx', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.record({
            state: fc.constantFrom(
              'registered customers',
              'active sessions',
              'a customer token',
              'time passes',
            ),
            params: fc.dictionary(
              fc.constantFrom('count', 'customer', 'seconds', '__proto__'),
              fc.jsonValue(),
            ),
          }),
        ),
        async (sent) => {
          expect((await post(sent)).status).to.be.lessThan(500)
        },
      ),
      { numRuns: 200 },
    ))
})
