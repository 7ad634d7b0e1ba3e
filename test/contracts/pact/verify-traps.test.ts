import { mkdtempSync, rmSync } from 'node:fs'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type VerifyResult, verifyPacts } from '../../../contracts/lib/pact/index.ts'
import { StatesOverHttp } from '../../../src/target/states/over-http.ts'
import { StateNotProvable } from '../../../src/target/states/states.ts'
import type { Target } from '../../../src/target/target.ts'
import type { CheckResult } from '../../../src/verdict/check.ts'
import { injected, interaction, writePact } from './pact-builder.ts'
import { answerGuest, refuse, type StubTarget, stubTarget, TOKEN } from './stub-target.ts'

// Each verification starts a process with Pact's native core, so what can share one does.
describe('traps of the verifier', function () {
  this.timeout(60_000)

  let target: StubTarget

  describe('in a verification of many interactions', () => {
    let result: VerifyResult
    const received: (string | undefined)[] = []

    before(async () => {
      // Pact's own variables, which would leave interactions out and add those of a broker.
      process.env.PACT_DESCRIPTION = 'only this'
      process.env.PACT_BROKER_BASE_URL = 'http://127.0.0.1:1'
      target = await stubTarget(
        (request, response) => {
          const path = request.url?.split('/').at(-1)
          received.push(request.headers.authorization)
          if (path === 'closed') response.socket?.destroy()
          else if (path === 'slow') return
          else if (path === 'unavailable') response.writeHead(503).end('down for maintenance')
          else if (path === 'forbidden') refuse(response, 403)
          else if (path === 'refused') refuse(response, 401)
          else if (path === 'refused-with-token') refuse(response, 401, { authorization: `Bearer ${TOKEN}` })
          else if (path === 'quoting') answerGuest(response, { note: `see ${TOKEN}` })
          else answerGuest(response)
        },
        {
          'a registered customer': { basic: 'c2VjcmV0OnNlY3JldA==', customerId: 'abGuest' },
          'a customer token': { customerId: 'abOther' },
          'a locked customer': new StateNotProvable('a locked customer', 'no accounts are configured'),
          'an expired session': ({ baseUrl }: Target) =>
            new StatesOverHttp(`${baseUrl}/unavailable`).setUp('an expired session', { customer: 'guest' }),
        },
        { timeoutSeconds: 1 },
      )
      const withBasic = injected('Authorization', `Basic $\{basic}`, 'Basic ZXhhbXBsZQ==')
      const secretInPath = {
        path: '/customers/x',
        generators: { path: { type: 'ProviderState', expression: `/customers/$\{basic}` } },
      }
      const at = (path: string) => ({ path: `/${path}` })
      const body = (content: object) => ({
        body: { content, contentType: 'application/json', encoded: false },
      })
      result = await verifyPacts({
        target,
        pactFiles: [
          writePact(
            interaction({ description: 'injected', state: 'a registered customer', request: withBasic }),
            interaction({ description: 'injected nothing', request: withBasic }),
            interaction({ description: 'no means', state: 'a locked customer' }),
            interaction({
              description: 'first of two',
              state: ['a locked customer', 'a registered customer'],
            }),
            interaction({
              description: 'second of two',
              state: ['a registered customer', 'a locked customer'],
            }),
            interaction({ description: 'after two', state: 'a registered customer' }),
            interaction({ description: 'state failed', state: 'an expired session' }),
            interaction({ description: 'state unknown', state: 'a unicorn' }),
            interaction({
              description: 'secret in path',
              state: 'a registered customer',
              request: secretInPath,
            }),
            interaction({ description: 'closed', request: at('closed') }),
            interaction({ description: 'slow', request: at('slow') }),
            interaction({
              description: 'broken',
              comments: ['a note', 'clauses: CRED-2, FAULT-1'],
              request: at('forbidden'),
              response: { status: 401, ...body({ fault: { type: 'OtherException' } }) },
            }),
            interaction({
              description: 'shows nothing',
              comments: ['clauses: CRED-2', 'prerequisite: broken'],
              request: at('refused'),
              response: { status: 401 },
            }),
            interaction({
              description: 'not provable either',
              comments: ['clauses: CRED-2', 'prerequisite: no means'],
              request: at('refused'),
              response: { status: 401 },
            }),
            interaction({
              description: 'shows something',
              comments: ['clauses: CRED-2', 'prerequisite: injected'],
              request: at('refused'),
              response: { status: 401 },
            }),
            interaction({
              description: 'quoting',
              request: at('quoting'),
              response: { headers: { Authorization: ['Basic x'] }, ...body({ note: 'x' }) },
            }),
            interaction({
              description: 'token on a refusal',
              request: at('refused-with-token'),
              response: { status: 401 },
            }),
            interaction({
              description: 'both',
              request: at('refused-with-token'),
              response: { status: 400 },
            }),
            interaction({ description: 'another customer', state: 'a customer token' }),
          ),
          writePact(interaction({ description: 'injected nothing' })),
        ],
      })
    })

    after(async () => {
      delete process.env.PACT_DESCRIPTION
      delete process.env.PACT_BROKER_BASE_URL
      await target.close()
    })

    const check = (name: string): CheckResult => {
      const found = result.checks.find(({ title }) => title.startsWith(`${name} is answered`))
      if (found === undefined) throw new Error(`no check ${name}`)
      return found
    }

    it('every interaction of every file gives one check, with an id of its own, whatever Pact reads from the environment', () => {
      expect(result.checks).to.have.lengthOf(20)
      expect(new Set(result.checks.map(({ id }) => id)).size).to.equal(20)
      expect(check('injected').id).to.equal('contract/injected')
    })

    it('a state that the target has no means for: not provable here, with the reason, and nothing is sent', () => {
      expect(check('no means')).to.deep.include({
        verdict: 'not provable here',
        reason: 'no accounts are configured',
        failures: [],
        exchanges: [],
      })
    })

    it('one of two states that fails leaves the other interactions in step', () => {
      expect(check('first of two')).to.deep.include({ verdict: 'not provable here', exchanges: [] })
      expect(check('second of two')).to.deep.include({ verdict: 'not provable here', exchanges: [] })
      expect(check('after two')).to.include({ verdict: 'held' })
    })

    it('a states URL that answers 5xx: asked once, not evaluated, with the reason, and nothing is sent', () => {
      expect(check('state failed')).to.deep.include({ verdict: 'not evaluated', failures: [], exchanges: [] })
      expect(check('state failed').reason).to.include('its states URL answered 503')
      expect(target.requests.filter((request) => request === 'POST /unavailable')).to.have.lengthOf(1)
    })

    it('a state that nobody knows: not evaluated, and nothing is sent', () => {
      expect(check('state unknown')).to.deep.include({
        verdict: 'not evaluated',
        failures: [],
        exchanges: [],
      })
      expect(check('state unknown').reason).to.include('"a unicorn"')
    })

    it('a secret that would stand in a URL is not sent', () => {
      expect(check('secret in path')).to.deep.include({
        verdict: 'not evaluated',
        failures: [],
        exchanges: [],
      })
      expect(target.requests.filter((request) => request.startsWith('GET /customers'))).to.deep.equal([])
    })

    it('a connection that is closed, an answer that is late: not evaluated, never a broken contract', () => {
      expect(check('closed')).to.deep.include({ verdict: 'not evaluated', failures: [] })
      expect(check('slow')).to.deep.include({ verdict: 'not evaluated', failures: [] })
      expect(check('slow').exchanges[0]?.error?.code).to.equal('TIMEOUT')
    })

    it('the first error stands for the verification, and a broken interaction is its verdict', () => {
      expect(result.error).to.include({ kind: 'TARGET', code: 'STATE_FAILED' })
      expect(result.verdict).to.equal('broken')
    })

    it('the values of one interaction are not there for the next', () => {
      expect(received[0]).to.equal('Basic c2VjcmV0OnNlY3JldA==')
      expect(received[1]).not.to.equal(received[0])
    })

    it('a broken interaction tells expected and actual, its clauses and the redacted exchange', () => {
      const { clauses, failures, exchanges } = check('broken')
      expect(clauses).to.deep.equal(['CRED-2', 'FAULT-1'])
      expect(failures).to.deep.equal([
        { message: 'the status is 403, not 401', expected: '401', actual: '403', clauses: ['CRED-2'] },
        {
          message: 'the fault is AuthenticationFailedException, not OtherException',
          expected: 'OtherException',
          actual: 'AuthenticationFailedException',
          clauses: ['CRED-2'],
        },
      ])
      expect(exchanges[0]?.response?.status).to.equal(403)
    })

    it('a refusal counts only where its prerequisite is accepted', () => {
      expect(check('shows something')).to.include({ verdict: 'held' })
      expect(check('shows nothing')).to.include({ verdict: 'not evaluated' })
      expect(check('shows nothing').reason).to.include('"broken" was not accepted')
      expect(check('not provable either')).to.include({ verdict: 'not provable here' })
    })

    it('a refusal that carries a token breaks its interaction, which Pact cannot state', () => {
      expect(check('token on a refusal').verdict).to.equal('broken')
      expect(check('token on a refusal').failures[0]?.message).to.equal(
        'the answer that refuses holds a token',
      )
    })

    it('what Pact finds and what it cannot state are told together', () => {
      expect(check('both').failures.map(({ message }) => message)).to.deep.equal([
        'the status is 401, not 400',
        'the answer that refuses holds a token',
      ])
    })

    it('an answer about another customer than that of the state breaks its interaction', () => {
      expect(check('another customer').failures).to.deep.equal([
        {
          message: 'the answer is about another customer than the one who asked',
          expected: 'abOther',
          actual: 'abGuest',
        },
      ])
    })

    it('no secret of the target is anywhere in the result', () => {
      expect(check('quoting').verdict, 'its mismatches quote the answer').to.equal('broken')
      const text = JSON.stringify(result)
      for (const secret of [...TOKEN.split('.'), 'c2VjcmV0OnNlY3JldA==']) expect(text).not.to.include(secret)
    })
  })

  it('a target that is down gives no verdict on any interaction, and never looks like a broken contract', async () => {
    target = await stubTarget(() => {})
    await target.close()
    const result = await verifyPacts({
      target,
      pactFiles: [writePact(interaction({ description: 'one' }), interaction({ description: 'two' }))],
    })
    expect(result.verdict).to.equal('not evaluated')
    for (const check of result.checks) {
      expect(check).to.deep.include({ verdict: 'not evaluated', failures: [] })
      expect(check.reason).to.include('ECONNREFUSED')
    }
    expect(result.error).to.include({ kind: 'TARGET', code: 'TARGET_UNREACHABLE' })
  })

  it('a target that is late three times in a row is sent nothing more', async () => {
    target = await stubTarget(() => {}, {}, { timeoutSeconds: 0.1 })
    const names = ['one', 'two', 'three', 'four', 'five']
    const result = await verifyPacts({
      target,
      pactFiles: [writePact(...names.map((description) => interaction({ description })))],
    })
    expect(result.checks.map(({ verdict }) => verdict)).to.deep.equal(names.map(() => 'not evaluated'))
    expect(result.checks.map(({ reason }) => reason?.startsWith('not sent'))).to.deep.equal([
      false,
      false,
      false,
      true,
      true,
    ])
    expect(target.requests).to.have.lengthOf(3)
    expect(result.error).to.include({ kind: 'TARGET', code: 'TARGET_SLOW' })
    await target.close()
  })

  it('a machine without certificates, such as a slim image, verifies all the same', async () => {
    const before = { ...process.env }
    const none = mkdtempSync(join(tmpdir(), 'no-certificates-'))
    Object.assign(process.env, { SSL_CERT_FILE: devNull, SSL_CERT_DIR: none })
    target = await stubTarget((_request, response) => answerGuest(response))
    try {
      const { checks } = await verifyPacts({ target, pactFiles: [writePact(interaction())] })
      expect(checks.map(({ verdict, reason }) => ({ verdict, reason }))).to.deep.equal([
        { verdict: 'held', reason: undefined },
      ])
    } finally {
      for (const name of ['SSL_CERT_FILE', 'SSL_CERT_DIR']) {
        if (before[name] === undefined) delete process.env[name]
        else process.env[name] = before[name]
      }
      rmSync(none, { recursive: true })
      await target.close()
    }
  })

  it('an interrupt ends the verifier, and nothing was evaluated', async () => {
    const interrupt = new AbortController()
    target = await stubTarget(() => interrupt.abort())
    const result = await verifyPacts({
      target,
      pactFiles: [writePact(interaction())],
      signal: interrupt.signal,
    })
    expect(result.checks[0]).to.include({ verdict: 'not evaluated', reason: 'interrupted' })
    await target.close()
  })

  describe('without a verifier', () => {
    before(async () => {
      target = await stubTarget((_, response) => answerGuest(response))
    })
    after(() => target.close())

    const failure = (file: string): Promise<unknown> =>
      verifyPacts({ target, pactFiles: [file] }).catch((error: unknown) => error)

    it('no pacts, an empty pact, a filter that matches nothing: not evaluated', async () => {
      const nothing = { verdict: 'not evaluated', checks: [], error: undefined }
      expect(await verifyPacts({ target, pactFiles: [] })).to.deep.equal(nothing)
      expect(await verifyPacts({ target, pactFiles: [writePact()] })).to.deep.equal(nothing)
      const pactFiles = [writePact(interaction())]
      expect(await verifyPacts({ target, pactFiles, filter: 'nothing like it' })).to.deep.equal(nothing)
      expect(target.requests).to.deep.equal([])
    })

    it('no such file, or no pact in it: an error of the contract that names the file', async () => {
      expect(await failure('/no/such/pact.json'))
        .to.include({ kind: 'CONTRACT', code: 'PACT_UNREADABLE' })
        .and.have.property('message')
        .that.includes('/no/such/pact.json')
    })

    it('an interaction that names no clause, or an unknown one, is an error of the contract', async () => {
      const withComments = (...comments: string[]) => failure(writePact(interaction({ comments })))
      expect(await withComments()).to.include({ kind: 'CONTRACT', code: 'INTERACTION_WITHOUT_CLAUSE' })
      expect(await withComments('clauses: NO-1'))
        .to.have.property('message')
        .that.includes('NO-1')
    })
  })
})
