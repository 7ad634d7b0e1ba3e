import { inspect } from 'node:util'
import { expect } from 'chai'
import { brokerFromEnvironment } from '../../src/broker/broker.ts'
import { configSchema } from '../../src/config/schema.ts'

const config = configSchema.parse({})
const url = 'https://broker.example/pacts/'

describe('the broker of an environment', () => {
  it('takes PACT_BROKER_BASE_URL before the configuration, without a slash at the end', () => {
    const configured = configSchema.parse({ broker: { baseUrl: 'https://configured.example' } })
    expect(brokerFromEnvironment(configured, { PACT_BROKER_BASE_URL: url }).baseUrl).to.equal(
      'https://broker.example/pacts',
    )
    expect(brokerFromEnvironment(configured, {}).baseUrl).to.equal('https://configured.example')
  })

  it('takes a token before a user name and password, and neither where neither is set', () => {
    const basic = { PACT_BROKER_BASE_URL: url, PACT_BROKER_USERNAME: 'u', PACT_BROKER_PASSWORD: 'p:q' }
    expect(brokerFromEnvironment(config, basic).authorization()).to.equal('Basic dTpwOnE=')
    expect(brokerFromEnvironment(config, { ...basic, PACT_BROKER_TOKEN: 't' }).authorization()).to.equal(
      'Bearer t',
    )
    expect(brokerFromEnvironment(config, { PACT_BROKER_BASE_URL: url }).authorization()).to.equal(undefined)
  })

  for (const [what, env, code, names] of [
    ['no URL', {}, 'BROKER_URL_MISSING', 'PACT_BROKER_BASE_URL'],
    ['no URL at all', { PACT_BROKER_BASE_URL: 'broker' }, 'BROKER_URL_INVALID', 'broker'],
    ['another scheme', { PACT_BROKER_BASE_URL: 'ftp://b' }, 'BROKER_URL_INVALID', 'ftp://b'],
    ['a query', { PACT_BROKER_BASE_URL: 'https://b/?x=1' }, 'BROKER_URL_INVALID', '?x=1'],
    [
      'no password',
      { PACT_BROKER_BASE_URL: url, PACT_BROKER_USERNAME: 'u' },
      'BROKER_CREDENTIALS_INCOMPLETE',
      'PACT_BROKER_PASSWORD is not',
    ],
    [
      'no user name',
      { PACT_BROKER_BASE_URL: url, PACT_BROKER_PASSWORD: 'p' },
      'BROKER_CREDENTIALS_INCOMPLETE',
      'PACT_BROKER_USERNAME is not',
    ],
  ] as const) {
    it(`refuses ${what}, naming what is wrong`, () => {
      expect(() => brokerFromEnvironment(config, env))
        .to.throw()
        .satisfies((error: { kind: string; code: string; message: string; remedy: string }) => {
          expect(error).to.include({ kind: 'CONFIG', code })
          expect(`${error.message} ${error.remedy}`).to.include(names)
          return true
        })
    })
  }

  it('refuses credentials in the URL, and does not repeat them', () => {
    expect(() => brokerFromEnvironment(config, { PACT_BROKER_BASE_URL: 'https://u:hunter2@b' }))
      .to.throw('credentials')
      .with.property('message')
      .that.does.not.include('hunter2')
  })

  it('shows its credentials in no dump', () => {
    const broker = brokerFromEnvironment(config, { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: 'hunter2' })
    expect(inspect(broker, { showHidden: true }) + JSON.stringify(broker)).to.not.include('hunter2')
  })

  it("gives a client its own settings and none of a broker's", () => {
    const broker = brokerFromEnvironment(config, { PACT_BROKER_BASE_URL: url, PACT_BROKER_TOKEN: 't' })
    expect(
      broker.clientEnvironment({
        PATH: '/bin',
        PACT_BROKER_BASE_URL: 'http://server',
        PACT_BROKER_USERNAME: 'u',
        PACT_BROKER_DATABASE_URL: 'x',
      }),
    ).to.deep.equal({
      PATH: '/bin',
      PACT_BROKER_BASE_URL: 'https://broker.example/pacts',
      PACT_BROKER_TOKEN: 't',
    })
  })
})
