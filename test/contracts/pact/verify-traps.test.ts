import { expect } from 'chai'
import { verifyPacts } from '../../../contracts/lib/pact/index.ts'
import { StateNotProvable } from '../../../src/target/states.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { injected, interaction, writePact } from './pact-builder.ts'
import { answerGuest, refuse, type StubTarget, stubTarget, TOKEN } from './stub-target.ts'

const REGISTERED = 'a registered customer'

describe('traps of the verifier', () => {
  let target: StubTarget
  afterEach(() => target.close())

  describe('a target that is down', () => {
    it('gives no verdict on any interaction, names itself once, and never looks like a broken contract', async () => {
      target = await stubTarget(() => {})
      await target.close()
      const names = ['one', 'two', 'three', 'four', 'five', 'six']
      const result = await verifyPacts({
        target,
        pactFiles: [writePact(...names.map((description) => interaction({ description })))],
      })
      expect(result.verdict).to.equal('not evaluated')
      expect(result.checks.map(({ verdict }) => verdict)).to.deep.equal(names.map(() => 'not evaluated'))
      expect(result.checks.flatMap(({ failures }) => failures)).to.deep.equal([])
      expect(result.error).to.include({ kind: 'TARGET', code: 'TARGET_UNREACHABLE' })
      const reasons = result.checks.map(
        ({ reason = '' }) => /^not sent, as (\d+) before it: .*ECONNREFUSED/.exec(reason)?.[1],
      )
      expect(reasons, 'after three nothing is sent').to.deep.equal([
        ...Array(3).fill(undefined),
        '3',
        '4',
        '5',
      ])
    })
  })

  describe('a target that is slow', () => {
    it('gives no verdict on the interaction that it did not answer in time, and one on the others', async () => {
      let first = true
      target = await stubTarget(
        (_, response) => {
          if (!first) answerGuest(response)
          first = false
        },
        {},
        { timeoutSeconds: 0.5 },
      )
      const result = await verifyPacts({
        target,
        pactFiles: [
          writePact(interaction({ description: 'a slow one' }), interaction({ description: 'b quick one' })),
        ],
      })
      expect(result.checks.map(({ verdict }) => verdict)).to.deep.equal(['not evaluated', 'held'])
      expect(result.verdict).to.equal('not evaluated')
      expect(result.error).to.include({ kind: 'TARGET', code: 'TARGET_SLOW' })
      expect(result.checks[0]?.exchanges[0]?.error?.code).to.equal('TIMEOUT')
    })
  })

  it('a connection that is closed before the answer is no broken contract', async () => {
    target = await stubTarget((_, response) => {
      response.socket?.destroy()
    })
    const result = await verifyPacts({ target, pactFiles: [writePact(interaction())] })
    expect(result.checks[0]).to.include({ verdict: 'not evaluated' })
    expect(result.error).to.include({ code: 'TARGET_UNREACHABLE' })
  })

  describe('a state', () => {
    it('that the target has no means for: not provable here with its reason, and the request is never sent', async () => {
      target = await stubTarget((_, response) => answerGuest(response), {
        [REGISTERED]: new StateNotProvable(REGISTERED, 'no accounts are configured'),
      })
      const result = await verifyPacts({
        target,
        pactFiles: [
          writePact(interaction({ description: 'a', state: REGISTERED }), interaction({ description: 'b' })),
        ],
      })
      expect(result.checks[0]).to.deep.include({
        verdict: 'not provable here',
        reason: 'no accounts are configured',
        failures: [],
        exchanges: [],
      })
      expect(result.checks[1]).to.include({ verdict: 'held' })
      expect(result.verdict).to.equal('held')
      expect(result.error).to.equal(undefined)
      expect(target.requests).to.have.lengthOf(1)
    })

    it('that should have been possible and failed: not evaluated, and the request is never sent', async () => {
      target = await stubTarget((_, response) => answerGuest(response), {
        [REGISTERED]: new HarnessError('TARGET', 'STATE_FAILED', 'its states URL answered 503'),
      })
      const result = await verifyPacts({
        target,
        pactFiles: [writePact(interaction({ state: REGISTERED }))],
      })
      expect(result.checks[0]).to.deep.include({
        verdict: 'not evaluated',
        reason: 'its states URL answered 503',
      })
      expect(result.error).to.include({ code: 'STATE_FAILED' })
      expect(target.requests).to.deep.equal([])
    })

    it('that nobody knows: not evaluated, and the pact is to blame', async () => {
      target = await stubTarget((_, response) => answerGuest(response))
      const result = await verifyPacts({
        target,
        pactFiles: [writePact(interaction({ state: 'a unicorn' }))],
      })
      expect(result.checks[0]).to.include({ verdict: 'not evaluated' })
      expect(result.error).to.include({ kind: 'CONTRACT', code: 'UNKNOWN_STATE' })
      expect(target.requests).to.deep.equal([])
    })

    it('the first of two that fails keeps the interactions after it in step', async () => {
      target = await stubTarget((_, response) => answerGuest(response), {
        [REGISTERED]: new StateNotProvable(REGISTERED, 'none'),
      })
      const result = await verifyPacts({
        target,
        pactFiles: [
          writePact(
            interaction({ description: 'a', state: [REGISTERED, 'an active session'] }),
            interaction({ description: 'b', state: ['an active session', REGISTERED] }),
            interaction({ description: 'c', state: 'an active session' }),
          ),
        ],
      })
      expect(result.checks.map(({ verdict }) => verdict)).to.deep.equal([
        'not provable here',
        'not provable here',
        'held',
      ])
      expect(target.requests).to.have.lengthOf(1)
    })
  })

  it('a secret that is injected elsewhere than into a header is not sent', async () => {
    target = await stubTarget((_, response) => answerGuest(response), { [REGISTERED]: { basic: 'c2VjcmV0' } })
    const generators = { path: { type: 'ProviderState', expression: `/customers/$\{basic}` } }
    const result = await verifyPacts({
      target,
      pactFiles: [writePact(interaction({ state: REGISTERED, request: { generators } }))],
    })
    expect(result.error).to.include({ kind: 'CONTRACT', code: 'SECRET_OUTSIDE_HEADER' })
    expect(target.requests).to.deep.equal([])
  })

  it('values of one interaction are not there for the next', async () => {
    const received: (string | undefined)[] = []
    target = await stubTarget(
      (request, response) => {
        received.push(request.headers.authorization)
        answerGuest(response)
      },
      { [REGISTERED]: { basic: 'c2VjcmV0' } },
    )
    const request = injected('Authorization', `Basic $\{basic}`, 'Basic ZXhhbXBsZQ==')
    const result = await verifyPacts({
      target,
      pactFiles: [
        writePact(
          interaction({ description: 'a with the state', state: REGISTERED, request }),
          interaction({ description: 'b without it', request }),
        ),
      ],
    })
    expect(received[0]).to.equal('Basic c2VjcmV0')
    expect(received[1]).not.to.equal('Basic c2VjcmV0')
    expect(result.checks[0]).to.include({ verdict: 'held' })
  })

  describe('nothing to verify', () => {
    it('no pacts, an empty pact, a filter that matches nothing: not evaluated', async () => {
      target = await stubTarget((_, response) => answerGuest(response))
      const nothing = { verdict: 'not evaluated', checks: [], error: undefined }
      expect(await verifyPacts({ target, pactFiles: [] })).to.deep.equal(nothing)
      expect(await verifyPacts({ target, pactFiles: [writePact()] })).to.deep.equal(nothing)
      const filtered = await verifyPacts({
        target,
        pactFiles: [writePact(interaction())],
        filter: 'nothing like it',
      })
      expect(filtered).to.deep.equal(nothing)
      expect(target.requests).to.deep.equal([])
    })
  })

  describe("Pact's own environment variables", () => {
    afterEach(() => {
      delete process.env.PACT_DESCRIPTION
      delete process.env.PACT_BROKER_BASE_URL
    })

    it('neither leave interactions out nor add those of a broker', async () => {
      process.env.PACT_DESCRIPTION = 'only this'
      process.env.PACT_BROKER_BASE_URL = 'http://127.0.0.1:1'
      target = await stubTarget((_, response) => answerGuest(response))
      const result = await verifyPacts({ target, pactFiles: [writePact(interaction())] })
      expect(result.checks.map(({ verdict }) => verdict)).to.deep.equal(['held'])
    })
  })

  it('an interrupt ends the verifier, and what it did not finish is not evaluated', async () => {
    const interrupt = new AbortController()
    target = await stubTarget(() => interrupt.abort())
    const result = await verifyPacts({
      target,
      pactFiles: [writePact(interaction())],
      signal: interrupt.signal,
    })
    expect(result.checks[0]).to.include({ verdict: 'not evaluated', reason: 'interrupted' })
  })

  describe('a pact that cannot be verified', () => {
    beforeEach(async () => {
      target = await stubTarget(() => {})
    })
    const failure = (file: string): Promise<unknown> =>
      verifyPacts({ target, pactFiles: [file] }).catch((error: unknown) => error)

    it('no such file, or no pact in it: an error of the contract that names the file', async () => {
      expect(await failure('/no/such/pact.json'))
        .to.include({ kind: 'CONTRACT', code: 'PACT_UNREADABLE' })
        .and.have.property('message')
        .that.includes('/no/such/pact.json')
    })

    it('an interaction that names no clause, or an unknown one', async () => {
      expect(await failure(writePact(interaction({ comments: [] })))).to.include({
        code: 'INTERACTION_WITHOUT_CLAUSE',
      })
      expect(await failure(writePact(interaction({ comments: ['clauses: NO-1'] }))))
        .to.have.property('message')
        .that.includes('NO-1')
    })
  })

  describe('a broken contract', () => {
    it('tells expected and actual side by side, names the clause, and gives the redacted exchange', async () => {
      target = await stubTarget((_, response) => refuse(response, 403))
      const response = {
        status: 401,
        body: {
          content: { fault: { type: 'OtherException' } },
          contentType: 'application/json',
          encoded: false,
        },
      }
      const comments = ['clauses: CRED-2']
      const result = await verifyPacts({
        target,
        pactFiles: [writePact(interaction({ comments, response }))],
      })
      expect(result.verdict).to.equal('broken')
      const [check] = result.checks
      expect(check?.clauses).to.deep.equal(['CRED-2'])
      expect(check?.failures).to.deep.equal([
        {
          message:
            "$.fault.type: Expected 'AuthenticationFailedException' (String) to be equal to 'OtherException' (String)",
          expected: '"OtherException"',
          actual: '"AuthenticationFailedException"',
        },
        { message: 'status: expected 401 but was 403', expected: '401', actual: '403' },
      ])
      expect(check?.exchanges[0]?.response?.status).to.equal(403)
    })

    it('never quotes a real token', async () => {
      target = await stubTarget((_, response) => answerGuest(response, { note: `see ${TOKEN}` }))
      const response = {
        headers: { Authorization: ['Basic something-else'] },
        body: { content: { note: 'x' }, contentType: 'application/json', encoded: false },
      }
      const result = await verifyPacts({ target, pactFiles: [writePact(interaction({ response }))] })
      expect(result.verdict).to.equal('broken')
      const text = JSON.stringify(result.checks)
      for (const section of TOKEN.split('.')) expect(text).not.to.include(section)
    })

    it('a refusal whose prerequisite is not accepted shows nothing', async () => {
      target = await stubTarget((_, response) => refuse(response))
      const accepted = interaction({ description: 'a right request' })
      const refusal = interaction({
        description: 'a wrong request',
        comments: ['clauses: CRED-2', 'prerequisite: a right request'],
        response: { status: 401 },
      })
      const result = await verifyPacts({ target, pactFiles: [writePact(accepted, refusal)] })
      expect(result.checks.map(({ verdict }) => verdict)).to.deep.equal(['broken', 'not evaluated'])
      expect(result.checks[1]?.reason).to.include('"a right request" is broken')
    })
  })

  describe('what Pact cannot state', () => {
    it('a refusal that carries a token breaks its interaction', async () => {
      target = await stubTarget((_, response) => refuse(response, 401, { authorization: `Bearer ${TOKEN}` }))
      const result = await verifyPacts({
        target,
        pactFiles: [writePact(interaction({ response: { status: 401 } }))],
      })
      expect(result.checks[0]?.verdict).to.equal('broken')
      expect(result.checks[0]?.failures[0]?.message).to.equal(
        'the 401 answer carries an Authorization header',
      )
      expect(JSON.stringify(result)).not.to.include(TOKEN.split('.')[2])
    })

    it('the answer is about the customer of the state', async () => {
      target = await stubTarget((_, response) => answerGuest(response), {
        'a customer token': { customerId: 'abOther' },
      })
      const file = writePact(interaction({ state: 'a customer token' }))
      const result = await verifyPacts({ target, pactFiles: [file] })
      expect(result.checks[0]?.failures).to.deep.equal([
        {
          message: 'the answer is about another customer than the one who asked',
          expected: 'abOther',
          actual: 'abGuest',
        },
      ])
    })
  })
})
