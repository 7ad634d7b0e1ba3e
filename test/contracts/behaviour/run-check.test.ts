import type { RequestListener } from 'node:http'
import { expect } from 'chai'
import { expectIssued } from '../../../contracts/lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../../../contracts/lib/behaviour/check.ts'
import { runChecks } from '../../../contracts/lib/behaviour/index.ts'
import { allHold, NotProvable } from '../../../contracts/lib/behaviour/outcome.ts'
import { DECLINED, expectRefusal } from '../../../contracts/lib/behaviour/refusals.ts'
import { type ProviderStates, StateNotProvable } from '../../../src/target/states/states.ts'
import { type CheckResult, checkResultSchema } from '../../../src/verdict/check.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { FAULT, type FakeTarget, fakeTarget, GUEST, reply, tokenOf } from './support/fake-target.ts'

const accepts = reply(200, GUEST, { authorization: `Bearer ${tokenOf({})}` })

function check(run: Check['run'], more: Partial<Check> = {}): Check {
  return { id: 'behaviour/example', title: 'it holds', clauses: ['GUEST-2'], needs: [], run, ...more }
}

const states = (setUp: () => Promise<never>): ProviderStates => ({ passedSeconds: 0, setUp })

describe('the verdict of a check', () => {
  const opened: FakeTarget[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((target) => target.close()))
  })

  async function judge(
    run: Check['run'],
    answer = accepts,
    options: Parameters<typeof fakeTarget>[1] = {},
    more: Partial<Check> = {},
  ): Promise<CheckResult> {
    const target = await fakeTarget(answer, options)
    opened.push(target)
    const [result] = await runChecks({ target, checks: [check(run, more)] })
    return checkResultSchema.parse(result)
  }

  async function rejection(...args: Parameters<typeof judge>): Promise<unknown> {
    try {
      await judge(...args)
    } catch (error) {
      return error
    }
    throw new Error('it gave a verdict')
  }

  const acceptsGuest = async ({ api }: CheckContext): Promise<void> => {
    expectIssued(await api.guest())
  }
  const prerequisiteGuest = async ({ api, prerequisite }: CheckContext): Promise<void> => {
    await prerequisite('a guest request is accepted', async () => expectIssued(await api.guest()))
  }

  it('is held when the check returns, with its exchanges as evidence', async () => {
    const result = await judge(acceptsGuest)
    expect(result).to.include({
      verdict: 'held',
      kind: 'behaviour',
      id: 'behaviour/example',
      title: 'it holds',
    })
    expect(result.clauses).to.deep.equal(['GUEST-2'])
    expect(result.failures).to.deep.equal([])
    expect(result.exchanges.map(({ request, response }) => [request.method, response?.status])).to.deep.equal(
      [['POST', 200]],
    )
  })

  it('holds no secret in its evidence', async () => {
    const result = await judge(acceptsGuest)
    const secret = tokenOf({}).split('.')[2]
    expect(JSON.stringify(result)).to.include('authorization').and.not.include(secret)
  })

  it('is broken by an assertion, with what was expected and what came', async () => {
    const result = await judge(acceptsGuest, reply(201, GUEST))
    expect(result.verdict).to.equal('broken')
    expect(result.failures).to.deep.equal([
      { message: 'the status is 201, not 200', expected: '200', actual: '201' },
    ])
    expect(result.exchanges).to.have.length(1)
  })

  it('tells every assertion that failed about one answer', async () => {
    const result = await judge(async ({ api }) => {
      const answer = await api.guest()
      allHold(
        () => expect(answer.status, 'status').to.equal(401),
        () => expect(1, 'one').to.equal(1),
        () =>
          allHold(
            () => expect(answer.body.length, 'length').to.equal(0),
            () => expect(true, 'truth').to.equal(false),
          ),
      )
    })
    expect(result.verdict).to.equal('broken')
    expect(result.failures.map(({ message }) => message.split(':')[0])).to.deep.equal([
      'status',
      'length',
      'truth',
    ])
  })

  it('quotes no token that an assertion compares', async () => {
    const token = tokenOf({})
    const result = await judge(async ({ api }) => {
      await api.guest()
      expect(`Bearer ${token}`).to.equal('x')
    })
    expect(result.verdict).to.equal('broken')
    const told = JSON.stringify(result.failures)
    for (const section of token.split('.').slice(1)) expect(told).to.not.include(section.slice(0, 10))
  })

  it('is not evaluated when its prerequisite fails, also by a 5xx, and names the prerequisite', async () => {
    for (const status of [401, 500]) {
      const result = await judge(prerequisiteGuest, reply(status, FAULT))
      expect(result).to.deep.include({
        verdict: 'not evaluated',
        failures: [],
        reason: `its prerequisite failed: a guest request is accepted (the status is ${status}, not 200)`,
      })
    }
  })

  it('is broken by a 5xx or an invalid document of the very request that the clause speaks of', async () => {
    const refuses = async ({ api }: CheckContext) => expectRefusal(await api.login('x'), DECLINED)
    const toLogins =
      (answer: RequestListener): RequestListener =>
      (request, response) =>
        (request.headers.authorization === undefined ? accepts : answer)(request, response)
    const html = { 'content-type': 'text/html' }
    expect((await judge(refuses, toLogins(reply(401, FAULT)))).verdict).to.equal('held')
    expect((await judge(refuses, toLogins(reply(500, FAULT)))).verdict).to.equal('broken')
    expect((await judge(refuses, toLogins(reply(401, '<html>', html)))).verdict).to.equal('broken')
    expect((await judge(refuses, toLogins(reply(401, '{"fault":')))).verdict).to.equal('broken')
  })

  it('is not evaluated where what answers is not the API, neither the request nor a guest request after it', async () => {
    const pages: [string, RequestListener][] = [
      ['503 text/html', reply(503, '<h1>Maintenance</h1>', { 'content-type': 'text/html; charset=utf-8' })],
      ['200 text/html', reply(200, '<form>', { 'content-type': 'text/html' })],
      ['302 without a body', reply(302, '', { location: '/login' })],
      ['429 application/json', reply(429, '{"message":"slow down"}')],
    ]
    for (const [kind, page] of pages) {
      for (const check of [
        acceptsGuest,
        async ({ api }: CheckContext) => expectRefusal(await api.login('x'), DECLINED),
      ]) {
        const result = await judge(check, page)
        expect(result).to.include({
          verdict: 'not evaluated',
          reason: `POST /customers/auth is answered ${kind}, no document of the API`,
        })
        expect(result.exchanges).to.have.length(2)
      }
    }
  })

  it('is not evaluated when no answer comes, or none in time', async () => {
    const cut = await judge(acceptsGuest, (request) => request.socket.destroy())
    expect(cut.verdict).to.equal('not evaluated')
    expect(cut.reason).to.include('POST')
    expect(cut.exchanges[0]?.error?.code).to.equal('NETWORK')

    const silent = await judge(acceptsGuest, () => {}, { config: { target: { timeoutSeconds: 0.05 } } })
    expect(silent).to.include({ verdict: 'not evaluated' })
    expect(silent.reason).to.include('50 ms')
  })

  it('is not provable here when a state is not, or the check says so', async () => {
    const needs = ['time passes'] as const
    const state = await judge(
      async (context) => {
        await context.states.setUp('time passes', { seconds: 1 })
      },
      accepts,
      { states: states(() => Promise.reject(new StateNotProvable('time passes', 'it has no clock'))) },
      { needs },
    )
    expect(state).to.include({ verdict: 'not provable here', reason: 'it has no clock' })
    const own = await judge(async () => {
      throw new NotProvable('there is no key')
    })
    expect(own).to.include({ verdict: 'not provable here', reason: 'there is no key' })
  })

  it('is not evaluated when a state should have been possible and failed', async () => {
    const result = await judge(
      async (context) => {
        await context.states.setUp('time passes', { seconds: 1 })
      },
      accepts,
      {
        states: states(() =>
          Promise.reject(new HarnessError('TARGET', 'STATE_FAILED', 'states answered 500')),
        ),
      },
      { needs: ['time passes'] },
    )
    expect(result).to.include({ verdict: 'not evaluated', reason: 'states answered 500' })
  })

  it('a failure that is told in a prerequisite keeps its own meaning', async () => {
    const result = await judge(async ({ prerequisite }) =>
      prerequisite('a key is there', () => {
        throw new NotProvable('there is no key')
      }),
    )
    expect(result).to.include({ verdict: 'not provable here', reason: 'there is no key' })
  })

  it('an error of the check itself is no verdict, and quotes nothing', async () => {
    const error = await rejection(async ({ api }) => {
      await api.guest()
      throw new TypeError('secret')
    })
    expect(error).to.be.instanceOf(HarnessError)
    expect(error).to.include({ kind: 'HARNESS', code: 'CHECK_DEFECT' })
    expect((error as Error).message)
      .to.include('behaviour/example')
      .and.not.include('secret')
  })

  it('a check that asked the target nothing does not hold', async () => {
    expect(await rejection(async () => {})).to.include({ code: 'CHECK_DEFECT' })
  })

  it('a state that the check does not declare is a defect of the check', async () => {
    const error = await rejection(async (context) => {
      await context.states.setUp('a locked customer', {})
    })
    expect(error).to.include({ code: 'CHECK_DEFECT' })
    expect((error as Error).message).to.include('a locked customer')
  })

  it('a wrong configuration that a state meets is told as such', async () => {
    const wrong = new HarnessError('CONFIG', 'ACCOUNTS_INVALID', 'line 3')
    const error = await rejection(
      async (context) => {
        await context.states.setUp('a locked customer', {})
      },
      accepts,
      { states: states(() => Promise.reject(wrong)) },
      { needs: ['a locked customer'] },
    )
    expect(error).to.equal(wrong)
  })
})
