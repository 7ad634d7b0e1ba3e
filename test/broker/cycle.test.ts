import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { expect } from 'chai'
import { verifyPacts } from '../../contracts/lib/pact/index.ts'
import type { RunningBroker } from '../../scripts/broker/broker.ts'
import { Broker, brokerFromEnvironment } from '../../src/broker/broker.ts'
import { canIDeploy } from '../../src/broker/can-i-deploy.ts'
import { connect, request, requireLink } from '../../src/broker/http.ts'
import type { PactSelection } from '../../src/broker/pacts-for-verification.ts'
import { publish } from '../../src/broker/publish.ts'
import { recordDeployment } from '../../src/broker/record-deployment.ts'
import { type BrokerVerification, verifyFromBroker } from '../../src/broker/verify-from-broker.ts'
import { configSchema } from '../../src/config/schema.ts'
import { openTarget } from '../../src/target/open.ts'
import { packageRoot } from '../../src/verdict/package-root.ts'
import { needsRealBroker, realBroker } from './real-broker.ts'
import { errorOf } from './stub-broker.ts'

/** The pact of this repository. */
const PACT = join(packageRoot, 'contracts', 'pacts', 'customers-client-ocapi-shop.json')
const CONSUMER = 'customers-client'
const PROVIDER = 'ocapi-shop'
const config = configSchema.parse({})
/** Its answers hold real tokens where the pact has another text, so that they could get into a mismatch. */
const DEFECT = 'token-without-scheme'

/** A server that waits for one request with a JSON body. */
async function receiveOne(): Promise<{ url: string; body: Promise<unknown>; close: () => Promise<void> }> {
  const server = createServer()
  const body = new Promise<unknown>((resolve) => {
    server.on('request', async (incoming, response) => {
      resolve(await json(incoming))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    body,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Each step builds on the one before, as in a pipeline. */
describe('the whole cycle against a real Pact Broker', function () {
  this.timeout(120_000)
  needsRealBroker()

  let running: RunningBroker
  let broker: Broker
  let folder: string
  before(async () => {
    running = await realBroker()
    broker = brokerFromEnvironment(config, {
      PACT_BROKER_BASE_URL: running.url,
      PACT_BROKER_USERNAME: running.username,
      PACT_BROKER_PASSWORD: running.password,
    })
    folder = mkdtempSync(join(tmpdir(), 'auth-harness-cycle-'))
    const environments = requireLink(await connect(broker), 'pb:environments')
    await request(broker, environments, {
      method: 'POST',
      body: { name: 'test', displayName: 'Test', production: false },
    })
  })
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  const publishVersion = (consumerAppVersion: string, pacts: readonly string[] = [PACT], branch = 'main') =>
    publish({ broker, pacts, consumerAppVersion, branch, tags: ['a', 'b'], buildUrl: 'https://ci.example/1' })

  const ask = (pacticipant: string, version: string) =>
    canIDeploy({ broker, pacticipant, version, toEnvironment: 'test' })

  const deploy = (pacticipant: string, version: string, environment = 'test') =>
    recordDeployment({ broker, pacticipant, version, environment })

  /** Verifies against the embedded provider, with a defect or none, as a version of it. */
  async function verify(
    version: string,
    options: { defect?: string; branch?: string } & Pick<
      PactSelection,
      'enablePending' | 'consumerVersionSelectors' | 'pactUrl'
    > = {},
  ) {
    const { defect, branch = 'main', ...selection } = options
    const target = await openTarget(config, { defect })
    try {
      return await verifyFromBroker({
        broker,
        provider: PROVIDER,
        providerVersionBranch: branch,
        ...selection,
        publishAs: { version, branch, buildUrl: 'https://ci.example/2' },
        verify: async (file) => (await verifyPacts({ target, pactFiles: [file] })).checks,
      })
    } finally {
      await target.close()
    }
  }

  const verdicts = ({ checks }: BrokerVerification) => new Set(checks.map(({ verdict }) => verdict))

  it('publishes a pact, and takes it again unchanged', async () => {
    const first = await publishVersion('c1')
    expect(first.notices.join('\n')).to.include('successfully published')
    expect(first.contracts).to.have.length(1)
    expect((await publishVersion('c1')).published).to.equal(true)
  })

  it('refuses other content under the same version', async () => {
    const changed = join(folder, 'changed.json')
    const pact = JSON.parse(readFileSync(PACT, 'utf8'))
    pact.interactions[0].response.status = 418
    writeFileSync(changed, JSON.stringify(pact))
    const error = await errorOf(() => publishVersion('c1', [changed]))
    expect(error).to.include({ kind: 'CONTRACT', code: 'PACT_CHANGED' })
    expect(error)
      .to.have.property('message')
      .that.includes(`between ${CONSUMER} and ${PROVIDER}`)
      .and.includes('418')
  })

  it('does not let the consumer out before a provider is there', async () => {
    const answer = await ask(CONSUMER, 'c1')
    expect(answer.deployable).to.equal(false)
    expect(answer.reason).to.include('no verified pact')
  })

  it('verifies the pact from the broker and publishes that it was kept', async () => {
    const result = await verify('p1')
    expect(verdicts(result)).to.deep.equal(new Set(['held']))
    expect(result.pacts).to.have.length(1)
    expect(result.pacts[0]).to.include({ consumer: CONSUMER, consumerVersion: 'c1', published: 'success' })
    expect(result.checks).to.have.length(JSON.parse(readFileSync(PACT, 'utf8')).interactions.length)
  })

  it('lets the provider out, and then the consumer', async () => {
    expect((await ask(PROVIDER, 'p1')).deployable).to.equal(true)
    await deploy(PROVIDER, 'p1')
    const answer = await ask(CONSUMER, 'c1')
    expect(answer.deployable, answer.reason).to.equal(true)
    expect(answer.rows).to.deep.equal([
      {
        consumer: CONSUMER,
        consumerVersion: 'c1',
        provider: PROVIDER,
        providerVersion: 'p1',
        result: 'success',
      },
    ])
    await deploy(CONSUMER, 'c1')
  })

  it('holds back a provider that breaks the contract', async () => {
    const result = await verify('p2', { defect: DEFECT })
    expect(verdicts(result)).to.include('broken')
    expect(result.pacts[0]?.published).to.equal('failure')
    const answer = await ask(PROVIDER, 'p2')
    expect(answer.deployable).to.equal(false)
    expect(answer.rows).to.deep.include({
      consumer: CONSUMER,
      consumerVersion: 'c1',
      provider: PROVIDER,
      providerVersion: 'p2',
      result: 'failed',
    })
  })

  it('has told the broker no token, though the provider issued real ones', async () => {
    const index = await connect(broker)
    const link = requireLink(index, 'pb:pacticipant-version', { pacticipant: PROVIDER, version: 'p2' })
    const version = JSON.stringify(await request(broker, link))
    const pact = (await request(
      broker,
      `${running.url}/pacts/provider/${PROVIDER}/consumer/${CONSUMER}/latest`,
    )) as {
      _links: Record<string, { href: string }>
    }
    const results = await request(broker, pact._links['pb:latest-verification-results']?.href ?? '')
    const told = JSON.stringify(results)
    expect(results).to.deep.include({ success: false, providerApplicationVersion: 'p2' })
    expect(told).to.include('mismatches')
    for (const text of [told, version]) expect(text).to.not.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)
  })

  it('counts a pending pact that fails apart, until the branch has kept it', async () => {
    const small = join(folder, 'small.json')
    const pact = JSON.parse(readFileSync(PACT, 'utf8'))
    const guest = pact.interactions.filter(
      ({ response }: { response: { status: number } }) => response.status === 200,
    )
    writeFileSync(small, JSON.stringify({ ...pact, interactions: guest }))
    await publishVersion('c2', [small], 'feature')
    const options = {
      enablePending: true,
      branch: 'feature',
      consumerVersionSelectors: [{ matchingBranch: true as const }],
    }

    const pending = await verify('f1', { ...options, defect: DEFECT })
    expect(pending.pacts).to.have.length(1)
    expect(pending.pacts[0]).to.include({ consumerVersion: 'c2', pending: true, published: 'failure' })
    expect(pending.pendingFailures).to.not.deep.equal([])
    expect(verdicts(pending)).to.not.include('broken')

    expect((await verify('f2', options)).pacts[0]).to.include({ pending: true, published: 'success' })

    const kept = await verify('f3', { ...options, defect: DEFECT })
    expect(kept.pacts[0]).to.include({ pending: false, published: 'failure' })
    expect(verdicts(kept)).to.include('broken')
  })

  it("verifies the pact that the broker's webhook names, as the version that it names", async () => {
    const webhook = await receiveOne()
    try {
      const index = await connect(broker)
      const body = {
        pact_url: `\${pactbroker.pactUrl}`,
        sha: `\${pactbroker.providerVersionNumber}`,
        branch: `\${pactbroker.providerVersionBranch}`,
      }
      await request(broker, requireLink(index, 'pb:webhooks'), {
        method: 'POST',
        body: {
          events: [{ name: 'contract_requiring_verification_published' }],
          provider: { name: PROVIDER },
          request: {
            method: 'POST',
            url: webhook.url,
            headers: { 'content-type': 'application/json' },
            body,
          },
        },
      })
      const pact = JSON.parse(readFileSync(PACT, 'utf8'))
      const guests = pact.interactions.filter(({ description }: { description: string }) =>
        /^a guest/.test(description),
      )
      const changed = join(folder, 'guests.json')
      writeFileSync(changed, JSON.stringify({ ...pact, interactions: guests }))
      await publishVersion('c3', [changed], 'topic')

      const { pact_url, sha, branch } = (await webhook.body) as Record<string, string>
      expect({ sha, branch }).to.deep.equal({ sha: 'p2', branch: 'main' })
      const result = await verify(sha ?? '', { pactUrl: pact_url })
      expect(result.pacts[0]).to.include({ consumerVersion: 'c3', published: 'success' })
      expect(result.checks).to.have.length(guests.length)
    } finally {
      await webhook.close()
    }
  })

  for (const [what, action, code] of [
    ['a pacticipant', () => ask('nobody', '1'), 'PACTICIPANT_UNKNOWN'],
    ['an environment', () => deploy(CONSUMER, 'c1', 'moon'), 'ENVIRONMENT_UNKNOWN'],
    ['a version', () => deploy(CONSUMER, 'c9'), 'VERSION_UNKNOWN'],
    ['a pacticipant to deploy', () => deploy('nobody', '1'), 'PACTICIPANT_UNKNOWN'],
  ] as const) {
    it(`names ${what} that it does not know`, async () => {
      expect(await errorOf(action)).to.include({ kind: 'CONFIG', code })
    })
  }

  it('is a no for a version that nothing was published of', async () => {
    const answer = await ask(CONSUMER, 'c9')
    expect(answer.deployable).to.equal(false)
    expect(answer.rows).to.deep.equal([])
  })

  it('refuses wrong credentials, and a token that is none', async () => {
    for (const credentials of [
      { kind: 'basic', username: running.username, password: 'wrong' },
      { kind: 'token', token: 'wrong' },
      { kind: 'none' },
    ] as const) {
      const error = await errorOf(() => connect(new Broker(running.url, credentials)))
      expect(error).to.include({ kind: 'CONFIG', code: 'BROKER_CREDENTIALS_REFUSED' })
    }
  })
})
