import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { pactsForVerification } from '../../src/broker/pacts-for-verification.ts'
import { verifyFromBroker } from '../../src/broker/verify-from-broker.ts'
import type { CheckResult } from '../../src/verdict/check.ts'
import { HarnessError } from '../../src/verdict/errors.ts'
import { errorOf, type StubBroker, startStubBroker } from './stub-broker.ts'

const FOR_VERIFICATION = 'POST /pacts/provider/shop/for-verification'

const check = (id: string, verdict: CheckResult['verdict']): CheckResult => ({
  id,
  kind: 'contract',
  title: id,
  clauses: ['GUEST-1'],
  verdict,
  ...(verdict !== 'held' && verdict !== 'broken' && { reason: 'no such state' }),
  failures:
    verdict === 'broken'
      ? [{ message: 'header Authorization', expected: 'Bearer x', actual: 'Bearer eyJh.eyJi.c2ln' }]
      : [],
  exchanges: [],
  durationMs: 1,
})

describe('verify from the broker', () => {
  let stub: StubBroker
  beforeEach(async () => {
    stub = await startStubBroker()
  })
  afterEach(() => stub.close())

  /** Lets the broker give out pacts of `interactions` each. */
  const offer = (
    ...pacts: { interactions: number; pending?: boolean; wip?: boolean; provider?: string }[]
  ) => {
    stub.answers[FOR_VERIFICATION] = {
      body: {
        _embedded: {
          pacts: pacts.map(({ pending, wip }, position) => ({
            verificationProperties: {
              ...(pending !== undefined && { pending }),
              ...(wip !== undefined && { wip }),
              notices: [
                { when: 'before_verification', text: 'because' },
                { when: 'after_verification:success_true_published_true', text: 'later' },
              ],
            },
            _links: { self: { href: `${stub.url}/pact/${position}` } },
          })),
        },
      },
    }
    for (const [position, { interactions, provider = 'shop' }] of pacts.entries()) {
      stub.answers[`GET /pact/${position}`] = {
        body: {
          consumer: { name: 'web' },
          provider: { name: provider },
          interactions: Array.from({ length: interactions }, (_, index) => ({ description: `i${index}` })),
          _links: {
            'pb:consumer-version': { name: `v${position}` },
            'pb:publish-verification-results': { href: `${stub.url}/results/${position}` },
          },
        },
      }
      stub.answers[`POST /results/${position}`] = { status: 201, body: {} }
    }
    stub.answers['PUT /pacticipants/shop/branches/main/versions/7'] = { status: 201, body: {} }
  }

  const publishAs = { version: '7', branch: 'main', buildUrl: 'https://ci.example/7' }
  const verify = (verdicts: CheckResult['verdict'][]) => async () =>
    verdicts.map((verdict, index) => check(`i${index}`, verdict))
  const results = () => stub.requests.filter(({ path }) => path.startsWith('/results'))

  it('asks for the pacts with selectors, pending, WIP and the branch', async () => {
    offer({ interactions: 1 })
    await pactsForVerification({
      broker: stub.broker,
      provider: 'shop',
      consumerVersionSelectors: [{ branch: 'x' }],
      enablePending: true,
      includeWipPactsSince: '2026-01-31',
      providerVersionBranch: 'main',
    })
    expect(stub.requests.find(({ method }) => method === 'POST')?.body).to.deep.equal({
      consumerVersionSelectors: [{ branch: 'x' }],
      includePendingStatus: true,
      includeWipPactsSince: '2026-01-31',
      providerVersionBranch: 'main',
    })
  })

  it('replays the content of the pact, and publishes what was found', async () => {
    offer({ interactions: 2 })
    const contents: unknown[] = []
    const result = await verifyFromBroker({
      broker: stub.broker,
      provider: 'shop',
      publishAs,
      verify: async (file) => {
        contents.push(JSON.parse(readFileSync(file, 'utf8')))
        return verify(['held', 'held'])()
      },
    })
    expect(contents).to.have.length(1)
    expect(contents[0]).to.deep.include({ consumer: { name: 'web' } })
    expect(result.pacts).to.deep.equal([
      { consumer: 'web', consumerVersion: 'v0', pending: false, notices: ['because'], published: 'success' },
    ])
    expect(result.checks.map(({ id }) => id)).to.deep.equal(['i0', 'i1'])
    expect(stub.requests.map(({ method, path }) => `${method} ${path}`).slice(-3)).to.deep.equal([
      'GET /',
      'PUT /pacticipants/shop/branches/main/versions/7',
      'POST /results/0',
    ])
    expect(results()[0]?.body).to.deep.include({
      success: true,
      providerApplicationVersion: '7',
      buildUrl: 'https://ci.example/7',
    })
  })

  it('publishes a failure, without the tokens of its texts', async () => {
    offer({ interactions: 2 })
    const result = await verifyFromBroker({
      broker: stub.broker,
      provider: 'shop',
      publishAs,
      verify: verify(['held', 'broken']),
    })
    expect(result.pacts[0]?.published).to.equal('failure')
    expect(result.checks.map(({ verdict }) => verdict)).to.deep.equal(['held', 'broken'])
    expect(results()[0]?.body).to.deep.include({ success: false })
    const sent = JSON.stringify(results()[0]?.body)
    expect(sent).to.include('header Authorization')
    expect(sent).to.not.include('eyJi')
  })

  for (const [what, verdicts] of [
    ['an interaction that could not be proved here', ['held', 'not provable here']],
    ['an interaction that was not evaluated', ['not evaluated', 'held']],
    ['an interaction that was not replayed', ['held']],
    ['no interaction that was replayed', []],
  ] as const) {
    it(`publishes nothing for a pact with ${what}`, async () => {
      offer({ interactions: 2 })
      const { pacts } = await verifyFromBroker({
        broker: stub.broker,
        provider: 'shop',
        publishAs,
        verify: verify([...verdicts]),
      })
      expect(pacts[0]?.published).to.have.property('not').that.includes('of 2 interactions')
      expect(results()).to.deep.equal([])
    })
  }

  it('publishes nothing unless asked to', async () => {
    offer({ interactions: 1 })
    const { pacts } = await verifyFromBroker({
      broker: stub.broker,
      provider: 'shop',
      verify: verify(['held']),
    })
    expect(pacts[0]?.published).to.have.property('not').that.includes('--publish-results')
    expect(stub.requests.filter(({ method }) => method === 'PUT')).to.deep.equal([])
    expect(results()).to.deep.equal([])
  })

  it('publishes nothing where the replay itself fails', async () => {
    offer({ interactions: 1 })
    const down = new HarnessError('TARGET', 'TARGET_UNREACHABLE', 'down')
    const error = await errorOf(() =>
      verifyFromBroker({
        broker: stub.broker,
        provider: 'shop',
        publishAs,
        verify: async () => {
          throw down
        },
      }),
    )
    expect(error).to.equal(down)
    expect(results()).to.deep.equal([])
  })

  it('counts the failures of a pending pact apart, and publishes them', async () => {
    offer({ interactions: 2, pending: true })
    const result = await verifyFromBroker({
      broker: stub.broker,
      provider: 'shop',
      enablePending: true,
      providerVersionBranch: 'main',
      publishAs,
      verify: verify(['held', 'broken']),
    })
    expect(result.checks.map(({ id }) => id)).to.deep.equal(['i0'])
    expect(result.pendingFailures.map(({ id }) => id)).to.deep.equal(['i1'])
    expect(results()[0]?.body).to.deep.include({ success: false })
  })

  it('takes work in progress for pending, and other pacts only where asked to', async () => {
    offer({ interactions: 1, pending: true }, { interactions: 1, pending: true, wip: true })
    const pacts = await pactsForVerification({
      broker: stub.broker,
      provider: 'shop',
      includeWipPactsSince: '2026-01-31',
      providerVersionBranch: 'main',
    })
    expect(pacts.map(({ pending }) => pending)).to.deep.equal([false, true])
  })

  it('gives the checks of two pacts ids of their own', async () => {
    offer({ interactions: 1 }, { interactions: 1 })
    const { checks } = await verifyFromBroker({
      broker: stub.broker,
      provider: 'shop',
      verify: verify(['held']),
    })
    expect(checks.map(({ id }) => id)).to.deep.equal(['i0/web@v0', 'i0/web@v1'])
  })

  it('verifies the one pact of a URL', async () => {
    offer({ interactions: 1 })
    const pacts = await pactsForVerification({
      broker: stub.broker,
      provider: 'shop',
      pactUrl: `${stub.url}/pact/0`,
    })
    expect(pacts.map(({ consumerVersion, pending }) => [consumerVersion, pending])).to.deep.equal([
      ['v0', false],
    ])
    expect(stub.requests.map(({ path }) => path)).to.deep.equal(['/pact/0'])
  })

  it('is no verdict where there is no pact, and none of an empty one', async () => {
    offer()
    const none = await errorOf(() => pactsForVerification({ broker: stub.broker, provider: 'shop' }))
    expect(none).to.include({ kind: 'TARGET', code: 'PACTS_NOT_FOUND' })
    offer({ interactions: 0 })
    const empty = await errorOf(() => pactsForVerification({ broker: stub.broker, provider: 'shop' }))
    expect(empty).to.include({ kind: 'CONTRACT', code: 'PACT_EMPTY' })
  })

  for (const [what, options, code] of [
    ['a provider that the broker does not know', { provider: 'shpo' }, 'PACTICIPANT_UNKNOWN'],
    ['pending without a branch', { enablePending: true }, 'PENDING_WITHOUT_BRANCH'],
    ['WIP without a branch', { includeWipPactsSince: '2026-01-31' }, 'PENDING_WITHOUT_BRANCH'],
    [
      'a date that is none',
      { includeWipPactsSince: '31.1.2026', providerVersionBranch: 'x' },
      'WIP_DATE_INVALID',
    ],
    ['a pact URL that is none', { pactUrl: 'pact' }, 'PACT_URL_INVALID'],
    ['a pact URL of another server', { pactUrl: 'http://127.0.0.1:9/pact' }, 'BROKER_LINK_ELSEWHERE'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const error = await errorOf(() =>
        pactsForVerification({ broker: stub.broker, provider: 'shop', ...options }),
      )
      expect(error).to.include({ kind: 'CONFIG', code })
    })
  }

  it('refuses the URL of a pact with another provider, and one that is not there', async () => {
    offer({ interactions: 1, provider: 'stock' })
    for (const pactUrl of [`${stub.url}/pact/0`, `${stub.url}/pact/9`]) {
      const error = await errorOf(() =>
        pactsForVerification({ broker: stub.broker, provider: 'shop', pactUrl }),
      )
      expect(error).to.include({ kind: 'CONFIG', code: 'PACT_URL_INVALID' })
    }
  })

  it('says what the broker says of selectors that it refuses', async () => {
    stub.answers[FOR_VERIFICATION] = {
      status: 400,
      body: { errors: { consumerVersionSelectors: ['must specify'] } },
    }
    const error = await errorOf(() => pactsForVerification({ broker: stub.broker, provider: 'shop' }))
    expect(error).to.have.property('message').that.includes('must specify')
  })
})
