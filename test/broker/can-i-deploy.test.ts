import { expect } from 'chai'
import { canIDeploy } from '../../src/broker/can-i-deploy.ts'
import { recordDeployment } from '../../src/broker/record-deployment.ts'
import { errorOf, type StubBroker, startStubBroker } from './stub-broker.ts'

const MATRIX = 'GET /matrix?q[][pacticipant]=web&q[][version]=1&latestby=cvpv&environment=test'

const row = (success: boolean | undefined) => ({
  consumer: { name: 'web', version: { number: '1' } },
  provider: { name: 'shop', version: success === undefined ? null : { number: '7' } },
  verificationResult: success === undefined ? null : { success },
})

describe('can-i-deploy', () => {
  let stub: StubBroker
  beforeEach(async () => {
    stub = await startStubBroker()
    stub.answers['GET /pacticipants/web'] = { body: { name: 'web' } }
    stub.answers['GET /environments'] = {
      body: { _embedded: { environments: [{ name: 'test' }, { name: 'production' }] } },
    }
  })
  afterEach(() => stub.close())

  const ask = (options = {}) =>
    canIDeploy({ broker: stub.broker, pacticipant: 'web', version: '1', toEnvironment: 'test', ...options })

  const answer = (deployable: boolean | null, matrix: unknown[]) => {
    const body = {
      summary: { deployable, reason: 'because', success: 0, failed: 0, unknown: 0 },
      notices: [],
      matrix,
    }
    stub.answers[MATRIX] = { body }
  }

  for (const [latest, query] of [
    [true, 'latest=true'],
    ['main', 'latest=true&q[][tag]=main'],
  ] as const)
    it(`asks about the latest version${latest === true ? '' : ' with a tag'}`, async () => {
      await ask({ version: undefined, latest }).catch(() => {})
      expect(decodeURIComponent(stub.requests.at(-1)?.path ?? '')).to.include(
        `q[][${query}`.replace('=', ']='),
      )
    })

  it('needs a version or the latest one, and not both', async () => {
    for (const options of [{ version: undefined }, { latest: true }])
      expect(await errorOf(() => ask(options))).to.include({ kind: 'CONFIG', code: 'VERSION_MISSING' })
  })

  it('is a yes where the broker says yes', async () => {
    answer(true, [row(true)])
    expect(await ask()).to.deep.equal({
      deployable: true,
      reason: 'because',
      rows: [
        { consumer: 'web', consumerVersion: '1', provider: 'shop', providerVersion: '7', result: 'success' },
      ],
    })
  })

  for (const [deployable, success] of [
    [false, false],
    [null, undefined],
  ] as const) {
    it(`is a no where the broker says ${deployable}, though the command exits with 0`, async () => {
      answer(deployable, [row(success)])
      const result = await ask()
      expect(result.deployable).to.equal(false)
      expect(result.rows.map(({ result }) => result)).to.deep.equal([
        success === false ? 'failed' : 'unknown',
      ])
    })
  }

  it('asks again while a result is missing, as often as told', async () => {
    answer(null, [row(undefined)])
    await ask({ retryWhileUnknown: 2, retryInterval: 0 })
    expect(stub.requests.filter(({ path }) => path.startsWith('/matrix')).length).to.be.within(2, 3)
  })

  it('names a pacticipant and an environment that the broker does not know, and those that it knows', async () => {
    const pacticipant = await errorOf(() => ask({ pacticipant: 'wep' }))
    expect(pacticipant).to.include({ kind: 'CONFIG', code: 'PACTICIPANT_UNKNOWN' })
    expect(pacticipant).to.have.property('message').that.includes('"wep"')
    const environment = await errorOf(() => ask({ toEnvironment: 'tset' }))
    expect(environment).to.include({ kind: 'CONFIG', code: 'ENVIRONMENT_UNKNOWN' })
    expect(environment).to.have.property('message').that.includes('"tset"').and.includes('test, production')
  })

  it('is no answer where the matrix cannot be had', async () => {
    const error = await errorOf(ask)
    expect(error).to.include({ name: 'HarnessError', code: 'PACT_CLI_FAILED' })
  })

  it('asks about the very version that was given, whatever its characters', async () => {
    const escaped = encodeURIComponent('1+#& x')
    stub.answers[MATRIX.replace('version]=1', `version]=${escaped}`)] = {
      body: { summary: { deployable: true, reason: 'because' }, matrix: [] },
    }
    expect(await ask({ version: '1+#& x' })).to.include({ deployable: true })
    // The command would take it for an option of its own.
    expect(await errorOf(() => ask({ version: '-1' }))).to.include({ code: 'PACT_CLI_FAILED' })
  })

  it('refuses a retry that is no number', async () => {
    expect(await errorOf(() => ask({ retryWhileUnknown: Number.NaN }))).to.include({
      kind: 'CONFIG',
      code: 'RETRY_INVALID',
    })
  })
})

describe('record-deployment', () => {
  let stub: StubBroker
  beforeEach(async () => {
    stub = await startStubBroker()
    stub.answers['GET /pacticipants/web'] = { body: { name: 'web' } }
    stub.answers['GET /pacticipants/web/versions/1'] = {
      body: {
        number: '1',
        _links: { 'pb:record-deployment': [{ name: 'test', href: `${stub.url}/deploy` }] },
      },
    }
    stub.answers['GET /environments'] = { body: { _embedded: { environments: [{ name: 'test' }] } } }
    stub.answers['POST /deploy'] = { body: {} }
  })
  afterEach(() => stub.close())

  const record = (options = {}) =>
    recordDeployment({
      broker: stub.broker,
      pacticipant: 'web',
      version: '1',
      environment: 'test',
      ...options,
    })
  const posts = () => stub.requests.filter(({ method }) => method === 'POST').map(({ path }) => path)

  it('is sent to the environment', async () => {
    await record()
    expect(posts()).to.deep.equal(['/deploy'])
  })

  it('is sent for the very version that was given, whatever its characters', async () => {
    const path = '/pacticipants/web/versions/1%2B%23%2F%20x'
    stub.answers[`GET ${path}`] = stub.answers['GET /pacticipants/web/versions/1'] ?? {}
    await record({ version: '1+#/ x' })
    expect(new Set(stub.requests.map((request) => request.path))).to.include(path)
    expect(posts()).to.deep.equal(['/deploy'])
  })

  for (const [options, code] of [
    [{ pacticipant: 'wep' }, 'PACTICIPANT_UNKNOWN'],
    [{ version: '2' }, 'VERSION_UNKNOWN'],
    [{ environment: 'tset' }, 'ENVIRONMENT_UNKNOWN'],
  ] as const) {
    it(`says which is unknown: ${code}`, async () => {
      expect(await errorOf(() => record(options))).to.include({ kind: 'CONFIG', code })
      expect(posts()).to.deep.equal([])
    })
  }
})
