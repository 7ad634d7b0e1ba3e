import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { publish } from '../../src/broker/publish.ts'
import { errorOf, type StubBroker, startStubBroker } from './stub-broker.ts'

const pact = {
  consumer: { name: 'web' },
  provider: { name: 'shop' },
  interactions: [
    {
      type: 'Synchronous/HTTP',
      description: 'a',
      request: { method: 'GET', path: '/' },
      response: { status: 200 },
    },
  ],
  metadata: { pactSpecification: { version: '4.0' } },
}

describe('publish', () => {
  let stub: StubBroker
  let folder: string
  let file: string
  beforeEach(async () => {
    stub = await startStubBroker()
    stub.answers['POST /contracts/publish'] = {
      body: {
        notices: [{ type: 'success', text: 'Pact successfully published' }],
        _embedded: {},
        _links: {},
      },
    }
    folder = mkdtempSync(join(tmpdir(), 'auth-harness-publish-'))
    file = join(folder, 'web-shop.json')
    writeFileSync(file, JSON.stringify(pact))
  })
  afterEach(async () => {
    await stub.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const sent = () => stub.requests.filter(({ method }) => method === 'POST')

  it('sends version, branch, tags, build URL and content, with credentials from the environment', async () => {
    const result = await publish({
      broker: stub.broker,
      pacts: [folder],
      consumerAppVersion: 'abc',
      branch: 'feature/x',
      tags: ['dev', 'qa'],
      buildUrl: 'https://ci.example/1',
      // Of a server, and of another client: neither may get through.
      env: { ...process.env, PACT_BROKER_BASE_URL: 'http://127.0.0.1:9', PACT_BROKER_USERNAME: 'someone' },
    })
    expect(result).to.deep.include({
      published: true,
      version: 'abc',
      branch: 'feature/x',
      tags: ['dev', 'qa'],
    })
    expect(result.notices).to.deep.equal(['Pact successfully published'])
    expect(result.contracts).to.deep.equal([{ file, consumer: 'web', provider: 'shop', interactions: 1 }])
    expect(sent()).to.have.length(1)
    expect(sent()[0]?.headers.authorization).to.equal('Bearer s3cret-token')
    const body = sent()[0]?.body as Record<string, unknown> & { contracts: { content: string }[] }
    expect(body).to.deep.include({
      pacticipantName: 'web',
      pacticipantVersionNumber: 'abc',
      branch: 'feature/x',
      tags: ['dev', 'qa'],
      buildUrl: 'https://ci.example/1',
    })
    const content = JSON.parse(Buffer.from(body.contracts[0]?.content ?? '', 'base64').toString())
    expect(content.interactions[0].description).to.equal('a')
  })

  it('takes version, branch and build URL from the checkout and the CI run', async () => {
    const env = {
      ...process.env,
      GITHUB_HEAD_REF: 'topic',
      CI_JOB_URL: 'https://ci.example/2',
      GITHUB_RUN_ID: '',
    }
    const { version, branch, buildUrl } = await publish({ broker: stub.broker, pacts: [file], env })
    expect(version).to.match(/^[0-9a-f]{40}$/)
    expect({ branch, buildUrl }).to.deep.equal({ branch: 'topic', buildUrl: 'https://ci.example/2' })
    expect(sent()[0]?.body).to.deep.include({ pacticipantVersionNumber: version, branch, buildUrl })
  })

  it('takes a value that begins with a dash for what it is', async () => {
    await publish({ broker: stub.broker, pacts: [file], consumerAppVersion: '-1', branch: '--merge' })
    expect(sent()[0]?.body).to.deep.include({ pacticipantVersionNumber: '-1', branch: '--merge' })
  })

  it('finds a file whose name has the characters of a pattern', async () => {
    const odd = join(folder, 'we[i]rd*')
    mkdirSync(odd)
    writeFileSync(join(odd, 'a.json'), JSON.stringify(pact))
    await publish({ broker: stub.broker, pacts: [odd], consumerAppVersion: '1' })
    expect(sent()).to.have.length(1)
  })

  it('--dry-run says what would be sent, and sends nothing', async () => {
    const result = await publish({
      broker: stub.broker,
      pacts: [file],
      consumerAppVersion: '1',
      dryRun: true,
    })
    expect(result).to.deep.include({ published: false, brokerUrl: stub.url, version: '1', notices: [] })
    expect(result.contracts).to.have.length(1)
    expect(JSON.stringify(result)).to.not.include('s3cret-token')
    expect(stub.requests).to.deep.equal([])
  })

  it('says that the content was changed under one version', async () => {
    stub.answers['POST /contracts/publish'] = {
      status: 409,
      body: {
        notices: [],
        errors: {
          contracts: ['Cannot change the content of the pact for web version 1 and provider shop, as …'],
        },
      },
    }
    const error = await errorOf(() =>
      publish({ broker: stub.broker, pacts: [file], consumerAppVersion: '1' }),
    )
    expect(error).to.include({ kind: 'CONTRACT', code: 'PACT_CHANGED' })
    expect(error).to.have.property('message').that.includes('between web and shop').and.includes('version 1')
  })

  it('fails within seconds where the broker fails at the last step', async () => {
    stub.answers['POST /contracts/publish'] = { status: 503 }
    const error = await errorOf(() =>
      publish({ broker: stub.broker, pacts: [file], consumerAppVersion: '1' }),
    )
    expect(error).to.include({ name: 'HarnessError', kind: 'TARGET', code: 'BROKER_FAILED' })
    // The CLI would try eight times, a minute long.
    expect(sent()).to.have.length(2)
  })

  for (const [what, content, kind, code] of [
    ['no JSON', '{', 'CONTRACT', 'PACT_INVALID'],
    ['no pact', '{"a":1}', 'CONTRACT', 'PACT_INVALID'],
    ['an empty pact', JSON.stringify({ ...pact, interactions: [] }), 'CONTRACT', 'PACT_EMPTY'],
  ] as const) {
    it(`refuses ${what}, which the broker would take, and names the file`, async () => {
      writeFileSync(file, content)
      const error = await errorOf(() =>
        publish({ broker: stub.broker, pacts: [file], consumerAppVersion: '1' }),
      )
      expect(error).to.include({ kind, code })
      expect(error).to.have.property('message').that.includes(file)
      expect(stub.requests).to.deep.equal([])
    })
  }

  it('refuses a folder without pacts, a file that is not there, and a tag with a comma', async () => {
    const codes = []
    for (const options of [
      { pacts: [tmpdir()] },
      { pacts: [join(folder, 'none')] },
      { pacts: [file], tags: ['a,b'] },
    ]) {
      const empty = mkdtempSync(join(folder, 'empty-'))
      const pacts = options.pacts.map((path) => (path === tmpdir() ? empty : path))
      const error = await errorOf(() =>
        publish({ broker: stub.broker, consumerAppVersion: '1', ...options, pacts }),
      )
      codes.push((error as { code: string }).code)
    }
    expect(codes).to.deep.equal(['PACTS_MISSING', 'PACTS_MISSING', 'TAG_INVALID'])
    expect(stub.requests).to.deep.equal([])
  })
})
