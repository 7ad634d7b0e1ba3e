import { expect } from 'chai'
import { TestProvider } from '../support.ts'

describe('GET /customers/{customer_id} and POST /sessions', () => {
  let provider: TestProvider
  before(async () => {
    provider = await TestProvider.start()
  })
  after(() => provider.close())

  it('a token reads its own customer, with no client id beside it', async () => {
    const { body, token } = await provider.auth('guest')
    const headers = { authorization: `Bearer ${token}` }
    const read = await provider.send('GET', `/customers/${body.customer_id}`, headers)
    expect([read.status, read.body]).to.deep.equal([200, body])
    expect(read.headers.has('authorization')).to.equal(false)
    const head = await provider.send('HEAD', `/customers/${body.customer_id}`, headers)
    expect([head.status, head.text]).to.deep.equal([200, ''])
  })

  it('another customer is as absent as one that does not exist', async () => {
    const { customerId = '' } = await provider.state('a registered customer')
    const { token } = await provider.auth('guest')
    for (const id of [customerId, 'nobody']) {
      const { status, faultType } = await provider.read(id, token)
      expect([status, faultType]).to.deep.equal([404, 'CustomerNotFoundException'])
    }
  })

  it('without a token it is declined: 401 with a client id, 400 with neither', async () => {
    const { body } = await provider.auth('guest')
    const { status, faultType } = await provider.read(String(body.customer_id))
    expect([status, faultType]).to.deep.equal([401, 'InvalidAuthorizationHeaderException'])
    const neither = await provider.send('GET', `/customers/${body.customer_id}`)
    expect([neither.status, neither.faultType]).to.deep.equal([400, 'MissingClientIdException'])
  })

  it('an expired token is told to be expired', async () => {
    const { token, customerId = '' } = await provider.state('an expired customer token', {
      customer: 'guest',
    })
    expect((await provider.read(customerId, token)).faultType).to.equal('ExpiredTokenException')
  })

  for (const kind of ['guest', 'registered'] as const) {
    it(`the session bridge opens a session that answers its ${kind}`, async () => {
      const { token, customerId } = await provider.state('a customer token', { customer: kind })
      const opened = await provider.send('POST', '/sessions', { authorization: `Bearer ${token}` })
      expect([opened.status, opened.text]).to.deep.equal([204, ''])
      const cookies = opened.headers.getSetCookie()
      const [secureToken = '', dwsid = '', anonymous = ''] = cookies
      const suffix = /^dwsecuretoken_([0-9a-f]{32})=\w+; Path=\/; Secure; HttpOnly$/.exec(secureToken)?.[1]
      expect(dwsid).to.match(/^dwsid=[\w-]{86}==; Path=\/; HttpOnly$/)
      expect(anonymous).to.match(new RegExp(`^dwanonymous_${suffix}=\\w{26}; Max-Age=15552000; Path=/$`))
      const cookie = cookies.map((line) => line.split(';', 1)[0]).join('; ')
      expect((await provider.session(cookie)).body).to.include({ customer_id: customerId, auth_type: kind })
    })
  }

  it('the session bridge declines without a token', async () => {
    expect((await provider.send('POST', '/sessions', {})).status).to.equal(400)
    expect((await provider.send('POST', '/sessions', { authorization: 'Bearer x' })).status).to.equal(401)
  })
})
