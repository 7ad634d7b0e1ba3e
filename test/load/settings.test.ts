import { expect } from 'chai'
import { movableClock, readSettings } from '../../load/lib/settings.ts'
import { Variables } from '../../load/lib/variables.ts'

const NEEDED = { SHOP_URL: 'http://127.0.0.1:4010/s/RefArch/dw/shop/v25_6', CLIENT_ID: 'client' }

function settingsOf(environment: Record<string, string>) {
  const variables = new Variables(environment)
  const settings = readSettings(variables)
  variables.done()
  return settings
}

describe('Settings of a load script', () => {
  it('has defaults for everything but the target and the client id', () => {
    expect(settingsOf(NEEDED)).to.deep.include({
      profile: 'smoke',
      lockout: { maxAttempts: 5, periodSeconds: 1800 },
      tokenLifetimeSeconds: 1800,
      oldTokenAfterRefresh: 'valid',
      thresholds: {},
      rate: undefined,
      newConnections: false,
      instances: 1,
    })
  })

  it('reads the contract of variables', () => {
    expect(
      settingsOf({
        ...NEEDED,
        HEADERS: '{"x-pass":"a"}',
        STATES_URL: 'http://127.0.0.1:4010/_states',
        PROFILE: 'soak',
        ACCOUNTS_FILE: '/tmp/accounts.csv',
        ACCOUNTS: 'login,password',
        LOCKOUT_MAX_ATTEMPTS: '3',
        LOCKOUT_PERIOD_SECONDS: '60',
        TOKEN_LIFETIME_SECONDS: '600',
        OLD_TOKEN_AFTER_REFRESH: 'revoked',
        THRESHOLDS: '{"http_req_failed":["rate<0.1"]}',
        RATE: '12',
        VUS: '34',
        DURATION: '5s',
        WARMUP: '0s',
        CUSTOMERS: '7',
        NEW_CONNECTIONS: 'true',
        REQUEST_TIMEOUT: '3s',
        INSTANCES: '4',
      }),
    ).to.deep.equal({
      shopUrl: NEEDED.SHOP_URL,
      clientId: 'client',
      headers: { 'x-pass': 'a' },
      statesUrl: 'http://127.0.0.1:4010/_states',
      accountsFile: '/tmp/accounts.csv',
      accounts: 'login,password',
      profile: 'soak',
      lockout: { maxAttempts: 3, periodSeconds: 60 },
      tokenLifetimeSeconds: 600,
      oldTokenAfterRefresh: 'revoked',
      thresholds: { http_req_failed: ['rate<0.1'] },
      rate: 12,
      vus: 34,
      durationMs: 5000,
      warmupMs: 0,
      customers: 7,
      newConnections: true,
      requestTimeoutMs: 3000,
      enforceHttps: false,
      instances: 4,
    })
  })

  for (const [environment, message] of [
    [{ ...NEEDED, SHOP_URL: '' }, 'SHOP_URL must be set'],
    [{ ...NEEDED, CLIENT_ID: '' }, 'CLIENT_ID must be set'],
    [
      { ...NEEDED, SHOP_URL: 'http://127.0.0.1:4010' },
      'SHOP_URL must be an http or https URL with a path, such as {base}/s/{site}/dw/shop/{version}',
    ],
    [{ ...NEEDED, STATES_URL: '/_states' }, 'STATES_URL must be an http or https URL; it is "/_states"'],
    [
      { ...NEEDED, LOCKOUT_MAX_ATTEMPTS: '201' },
      'LOCKOUT_MAX_ATTEMPTS must be a whole number from 1 to 200; it is "201"',
    ],
    [{ ...NEEDED, DURATION: '500ms' }, 'DURATION must be at least 1s; it is "500ms"'],
    [{ ...NEEDED, WARMUP: '500ms' }, 'WARMUP must be 0s or at least 1s; it is "500ms"'],
    [{ ...NEEDED, THRESHOLDS: '[]' }, 'THRESHOLDS must be a JSON object of expressions by metric'],
    [{ ...NEEDED, THRESHOLDS: '{"a":"rate<1"}' }, 'THRESHOLDS must hold a list of expressions for a'],
  ] as const) {
    it(`refuses: ${message}`, () => {
      expect(() => settingsOf(environment)).to.throw(message)
    })
  }

  it('moves the clock of no target that other instances still use', () => {
    const url = 'http://127.0.0.1:4010/_states'
    expect(movableClock(settingsOf({ ...NEEDED, STATES_URL: url }))).to.equal(url)
    expect(movableClock(settingsOf({ ...NEEDED, STATES_URL: url, INSTANCES: '2' }))).to.equal(undefined)
    expect(movableClock(settingsOf(NEEDED))).to.equal(undefined)
  })
})
