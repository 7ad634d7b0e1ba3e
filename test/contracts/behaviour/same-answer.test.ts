import type { RequestListener } from 'node:http'
import { expect } from 'chai'
import fc from 'fast-check'
import { runChecks } from '../../../contracts/lib/behaviour/index.ts'
import type { ProviderStates, ValuesOf } from '../../../src/target/states/states.ts'
import { basicOf } from '../../../src/target/states/values.ts'
import type { CheckResult } from '../../../src/verdict/check.ts'
import { FAULT, fakeTarget, GUEST, reply, tokenOf } from './support/fake-target.ts'

/** States that a target gives without being put into any. */
function madeUpStates(): ProviderStates {
  let nth = 0
  const person = () => {
    const [login, password] = [`login-${++nth}@example.invalid`, `Password-${nth}`]
    return { login, password, basic: basicOf(login, password), customerId: `customer-${nth}` }
  }
  const session = () => {
    const [dwsid, secureToken, secureTokenName] = [`sid-${++nth}`, `secret-${nth}`, 'dwsecuretoken_0f']
    const cookie = `dwsid=${dwsid}; ${secureTokenName}=${secureToken}`
    return { cookie, dwsid, secureToken, secureTokenName, customerId: `customer-${nth}` }
  }
  const token = () => ({ token: tokenOf({ customerId: `customer-${++nth}` }), customerId: `customer-${nth}` })
  const values: { [Name in Parameters<ProviderStates['setUp']>[0]]: () => ValuesOf<Name> } = {
    'a registered customer': person,
    'registered customers': () => ({ customers: [person(), person()] }),
    'a locked customer': person,
    'an active session': session,
    'active sessions': () => ({ sessions: [session(), session()] }),
    'an expired session': session,
    'a session whose secure token was never used': session,
    'a customer token': token,
    'an expired customer token': token,
    'time passes': () => ({}),
  }
  return { passedSeconds: 0, setUp: async (state) => values[state]() }
}

async function results(answer: RequestListener): Promise<CheckResult[]> {
  const target = await fakeTarget(answer, {
    states: madeUpStates(),
    config: { lockout: { maxAttempts: 2 } },
  })
  try {
    return await runChecks({ target, concurrency: 20 })
  } finally {
    await target.close()
  }
}

const held = (found: readonly CheckResult[]) =>
  found.filter(({ verdict }) => verdict === 'held').map(({ id }) => id)
const count = (found: readonly CheckResult[], verdict: CheckResult['verdict']) =>
  found.filter((check) => check.verdict === verdict).length

/** Nothing is proved by a target that does not do its work, however its one answer looks. */
describe('a target that gives every request the same answer', () => {
  const answers: Record<string, RequestListener> = {
    'a refusal': reply(401, FAULT),
    'a refusal of the request': reply(400, FAULT),
    'not found, as a web server': reply(404, '<html></html>', { 'content-type': 'text/html' }),
    'an internal error': reply(500, FAULT),
    'an empty 200': reply(200, ''),
    'a customer without a token': reply(200, GUEST),
    'a redirect': reply(302, '', { location: '/' }),
    'a cut connection': (request) => request.socket.destroy(),
  }
  for (const [name, answer] of Object.entries(answers)) {
    it(`${name}: no check holds`, async () => {
      const found = await results(answer)
      expect(held(found)).to.deep.equal([])
      expect(
        count(found, 'broken') + count(found, 'not evaluated') + count(found, 'not provable here'),
      ).to.equal(found.length)
    })
  }

  // such a target does read the customer that it named; what a refusal has to show it lacks everywhere
  const onlyFollowUps = /^behaviour\/follow-up-with-token-of-/
  const alsoItsToken = /^behaviour\/(?:follow-up-with-token-of|token-(?:sections|times|customer))-/

  it('one customer with a token that is none: only reading that customer holds', async () => {
    const found = await results(reply(200, GUEST, { authorization: 'Bearer abc' }))
    expect(held(found).filter((id) => !onlyFollowUps.test(id))).to.deep.equal([])
    expect(count(found, 'broken')).to.be.above(30)
  })

  it('one customer with one token: only what that one answer shows holds', async () => {
    const found = await results(reply(200, GUEST, { authorization: `Bearer ${tokenOf({})}` }))
    expect(held(found).filter((id) => !alsoItsToken.test(id))).to.deep.equal([])
    expect(count(found, 'broken')).to.be.above(30)
  })

  it('no answer, of whatever form, makes a check fail by itself', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(JSON.stringify(GUEST), JSON.stringify(FAULT), '{"fault":null}', '{"fault":{"type":1}}'),
      fc
        .jsonValue()
        .map((value) => JSON.stringify({ auth_type: 'guest', customer_id: 'x', last_visit_time: value })),
    )
    const section = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc
        .record({
          iat: fc.jsonValue(),
          exp: fc.jsonValue(),
          iss: fc.jsonValue(),
          sub: fc.jsonValue(),
          alg: fc.jsonValue(),
        })
        .map((claims) => Buffer.from(JSON.stringify(claims)).toString('base64url')),
    )
    const answer = fc.record({
      status: fc.constantFrom(200, 200, 200, 204, 301, 400, 401, 404, 500),
      body: text,
      type: fc.constantFrom('application/json', 'text/html', ''),
      authorization: fc.oneof(
        fc.constant('Bearer x'),
        fc.tuple(section, section, section).map((sections) => `Bearer ${sections.join('.')}`),
      ),
      date: fc.constantFrom('Tue, 24 Nov 2026 00:00:00 GMT', 'yesterday'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 5 }), async (given) => {
        let next = 0
        const found = await results((request, response) => {
          const drawn = given[next++ % given.length]
          if (drawn === undefined) throw new Error('there is at least one')
          const { status, body, type, authorization, date } = drawn
          reply(status, status === 204 ? '' : body, { 'content-type': type, authorization, date })(
            request,
            response,
          )
        })
        expect(found.length).to.be.above(0)
      }),
      { numRuns: 8 },
    )
  })
})
