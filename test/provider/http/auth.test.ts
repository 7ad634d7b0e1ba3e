import { expect } from 'chai'
import { CLIENT_ID, claimsOf, TestProvider, wrongBasic } from '../support.ts'

describe('POST /customers/auth', () => {
  let provider: TestProvider
  before(async () => {
    provider = await TestProvider.start()
  })
  after(() => provider.close())

  it('guest: the six documented properties, and a token that says the same', async () => {
    const { status, headers, body, token } = await provider.auth('guest')
    expect(status).to.equal(200)
    const claims = claimsOf(token)
    expect(body).to.deep.equal({
      _v: '25.6',
      _type: 'customer',
      auth_type: 'guest',
      customer_id: claims.customerId,
      preferred_locale: 'en_US',
      visit_id: claims.visitId,
    })
    expect(claims).to.include({ guest: true, iss: CLIENT_ID })
    expect(headers.get('content-type')).to.equal('application/json;charset=UTF-8')
    expect(headers.get('cache-control')).to.equal('max-age=0,no-cache,no-store,must-revalidate')
    expect(headers.has('set-cookie')).to.equal(false)
    expect(headers.has('etag')).to.equal(false)
  })

  it('credentials: the registered customer; previous times appear with the second login', async () => {
    const { login, basic = '', customerId } = await provider.state('a registered customer')
    const first = await provider.login(basic)
    expect(first.status).to.equal(200)
    expect(first.body).to.include({
      auth_type: 'registered',
      customer_id: customerId,
      login,
      email: login,
      enabled: true,
    })
    expect(first.body).to.not.have.any.keys('previous_login_time', 'previous_visit_time')
    expect(Object.values(first.body)).to.not.include(null)
    const second = await provider.login(basic)
    expect(second.body).to.include({
      previous_login_time: first.body.last_login_time,
      previous_visit_time: first.body.last_visit_time,
    })
    expect(claimsOf(first.token).visitId).to.not.equal(claimsOf(second.token).visitId)
  })

  it('credentials: every refusal is the same to the last byte, locked or unknown', async () => {
    const { login = '' } = await provider.state('a registered customer')
    const locked = await provider.state('a locked customer')
    const refusals = [
      await provider.login(wrongBasic(login)),
      await provider.login(wrongBasic('nobody@example.com')),
      await provider.login(locked.basic ?? ''),
      await provider.auth('credentials'),
      await provider.auth('credentials', { authorization: 'Basic' }),
      await provider.auth('credentials', { authorization: 'Basic !' }),
    ]
    for (const { status, faultType, headers } of refusals) {
      expect([status, faultType]).to.deep.equal([401, 'AuthenticationFailedException'])
      expect(headers.has('authorization')).to.equal(false)
    }
    expect(new Set(refusals.map(({ text }) => text)).size).to.equal(1)
  })

  it('session: of several requests at once each has its own token, and the profile stays', async () => {
    const { cookie = '', customerId } = await provider.state('an active session', { customer: 'registered' })
    const answers = await Promise.all([1, 2, 3, 4].map(() => provider.session(cookie)))
    expect(new Set(answers.map(({ token }) => token)).size).to.equal(4)
    for (const { body } of answers) {
      expect(body).to.include({ customer_id: customerId, last_login_time: answers[0]?.body.last_login_time })
    }
  })

  it('session: no cookie, an unknown session and a garbled one are refused', async () => {
    const { secureTokenName, secureToken } = await provider.state('an active session', { customer: 'guest' })
    for (const cookie of ['', 'dwsid', `dwsid=unknown; ${secureTokenName}=${secureToken}`, ';;=;']) {
      expect((await provider.session(cookie)).faultType).to.equal('AuthenticationFailedException')
    }
  })

  it('refresh: the customer and the visit stay, the token and its times move on', async () => {
    const { token = '', customerId } = await provider.state('a customer token', { customer: 'registered' })
    const renewed = await provider.refresh(token)
    const [before, after] = [claimsOf(token), claimsOf(renewed.token)]
    expect(renewed.body).to.include({
      customer_id: customerId,
      auth_type: 'registered',
      visit_id: after.visitId,
    })
    expect(after.exp).to.be.at.least(before.exp + 60)
    expect(after.visitId.slice(0, 16)).to.equal(before.visitId.slice(0, 16))
    expect(after.visitId).to.not.equal(before.visitId)
    expect((await provider.refresh(token)).status, 'the older token still works').to.equal(200)
  })

  it('refresh: needs no client id beside the token', async () => {
    const { token } = await provider.auth('guest')
    const { status } = await provider.send(
      'POST',
      '/customers/auth',
      { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      '{"type":"refresh"}',
    )
    expect(status).to.equal(200)
  })

  it('takes the client id from the query too', async () => {
    const path = `/customers/auth?client_id=${CLIENT_ID}`
    expect((await provider.send('POST', path, {}, '{"type":"guest"}')).status).to.equal(200)
  })
})

describe('DELETE /customers/auth', () => {
  it('ends a token, and only that one', async () => {
    const provider = await TestProvider.start()
    try {
      const { token = '', body } = await provider.auth('guest')
      const other = await provider.refresh(token)
      const bearer = { authorization: `Bearer ${token}` }
      expect((await provider.send('DELETE', '/customers/auth', bearer)).status).to.equal(204)
      expect((await provider.read(String(body.customer_id), token)).faultType).to.equal(
        'InvalidAccessTokenException',
      )
      expect((await provider.refresh(token)).faultType).to.equal('InvalidAccessTokenException')
      expect((await provider.read(String(body.customer_id), other.token)).status).to.equal(200)
      expect((await provider.send('DELETE', '/customers/auth', bearer)).status).to.equal(401)
    } finally {
      await provider.close()
    }
  })
})

describe('settings that change what is answered', () => {
  const withProvider = async (
    settings: Parameters<typeof TestProvider.start>[0],
    use: (p: TestProvider) => Promise<void>,
  ) => {
    const provider = await TestProvider.start(settings)
    try {
      await use(provider)
    } finally {
      await provider.close()
    }
  }

  it('oldTokenAfterRefresh: revoked', () =>
    withProvider({ oldTokenAfterRefresh: 'revoked' }, async (provider) => {
      const { token = '', customerId = '' } = await provider.state('a customer token', { customer: 'guest' })
      const renewed = await provider.refresh(token)
      expect((await provider.read(customerId, token)).status).to.equal(401)
      expect((await provider.read(customerId, renewed.token)).status).to.equal(200)
    }))

  it('enforceHttps: dwsid alone suffices', () =>
    withProvider({ enforceHttps: true }, async (provider) => {
      const { dwsid } = await provider.state('an active session', { customer: 'guest' })
      const unused = await provider.state('a session whose secure token was never used', {
        customer: 'guest',
      })
      expect((await provider.session(`dwsid=${dwsid}`)).status).to.equal(200)
      expect((await provider.session(`dwsid=${unused.dwsid}`)).status).to.equal(200)
    }))

  it('tokenLifetimeSeconds, siteId, apiVersion and clientIds', () =>
    withProvider(
      { tokenLifetimeSeconds: 60, siteId: 'Other', apiVersion: 'v24_5', clientIds: ['b', 'c'] },
      async (provider) => {
        const path = '/s/Other/dw/shop/v24_5/customers/auth'
        const { body, token } = await provider.send(
          'POST',
          path,
          { 'x-dw-client-id': 'c' },
          '{"type":"guest"}',
        )
        const { exp, iat, iss } = claimsOf(token)
        expect([exp - iat, iss, body._v]).to.deep.equal([60, 'c', '24.5'])
      },
    ))
})
