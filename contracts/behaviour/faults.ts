import { randomBytes } from 'node:crypto'
import { isAccepted } from '../../src/ocapi/issued.ts'
import type { ProviderStateName } from '../../src/target/states/states.ts'
import { expectIssued } from '../lib/behaviour/answers.ts'
import type { Check, CheckContext } from '../lib/behaviour/check.ts'
import { ensure } from '../lib/behaviour/ensure.ts'
import { wrongBasic } from '../lib/behaviour/lockout.ts'
import { inCase, NotProvable } from '../lib/behaviour/outcome.ts'
import { expectFault, expectRefusal } from '../lib/behaviour/refusals.ts'
import type { Answer } from '../lib/behaviour/shop-api.ts'
import { forge } from '../lib/tokens.ts'

export const faultChecks: readonly Check[] = [
  faultDocument('wrong-password', 'a wrong password', ['a registered customer'], async ({ api, states }) =>
    api.login(wrongBasic(await states.setUp('a registered customer', { failedLogins: 0 }))),
  ),
  faultDocument('locked-customer', 'a locked customer', ['a locked customer'], async ({ api, states }) =>
    api.login((await states.setUp('a locked customer', {})).basic),
  ),
  faultDocument('expired-session', 'an expired session', ['an expired session'], async ({ api, states }) =>
    api.session((await states.setUp('an expired session', { customer: 'guest' })).cookie),
  ),
  faultDocument('no-session', 'a session request without cookies', [], ({ api }) => api.session(undefined)),
  faultDocument('altered-token', 'an altered token', ['a customer token'], async ({ api, states }) => {
    const { token } = await states.setUp('a customer token', { customer: 'guest' })
    return api.refresh(`Bearer ${forge.alterSignature(token)}`)
  }),
  faultDocument(
    'expired-token',
    'an expired token',
    ['an expired customer token'],
    async ({ api, states }) => {
      const { token } = await states.setUp('an expired customer token', { customer: 'guest' })
      return api.refresh(`Bearer ${token}`)
    },
  ),
  faultDocument('no-token', 'a follow-up without a token', ['a customer token'], async ({ api, states }) => {
    const { customerId } = await states.setUp('a customer token', { customer: 'guest' })
    return api.customer(customerId, undefined)
  }),
  faultDocument('unknown-type', 'an unknown type', [], ({ api }) => api.postAuth('{"type":"unknown"}')),
  faultDocument('no-json', 'a body that is not JSON', [], ({ api }) => api.postAuth('{"type":')),
  {
    id: 'behaviour/fault-document-undocumented-property',
    title: 'a property that is not documented answers a fault document, unless it is tolerated',
    clauses: ['FAULT-1'],
    needs: [],
    run: async (context) => {
      await guestAccepted(context)
      const answer = await context.api.postAuth('{"type":"guest","undocumented":"example"}')
      if (isAccepted(answer)) throw new NotProvable('the target tolerates a property that is not documented')
      expectFault(answer)
    },
  },
  faultDocument('no-client-id', 'a request without a client id', [], ({ api }) =>
    api.postAuth(GUEST, { 'x-dw-client-id': undefined }),
  ),
  faultDocument('unknown-path', 'an unknown path', [], ({ api }) =>
    api.send('POST', '/customers/auth/unknown', { 'content-type': 'application/json' }, GUEST),
  ),
  faultDocument('wrong-method', 'a method that the resource does not have', [], ({ api }) =>
    api.send('PUT', '/customers/auth', { 'content-type': 'application/json' }, GUEST),
  ),

  badRequest('unknown-type', 'an unknown type', {
    'a word': '{"type":"unknown"}',
    'a word of the runtime': '{"type":"constructor"}',
  }),
  badRequest('no-type', 'a body without a type', { 'no member': '{}', 'another member': '{"kind":"guest"}' }),
  badRequest('type-not-a-text', 'a type that is not a text', {
    null: '{"type":null}',
    'a number': '{"type":1}',
    'a list': '{"type":["guest"]}',
    'an object': '{"type":{"type":"guest"}}',
  }),
  badRequest('not-json', 'a body that is not JSON', {
    'nothing at all': '',
    'cut off': '{"type":"guest"',
    'a form': 'type=guest',
  }),
  badRequest('not-an-object', 'another JSON value than an object', {
    'a list': '[{"type":"guest"}]',
    'a text': '"guest"',
    'a number': '1',
    'a boolean': 'true',
    null: 'null',
  }),

  {
    id: 'behaviour/client-id-missing',
    title: 'a request without a client id answers 400, for a guest and for valid credentials',
    clauses: ['FAULT-3'],
    needs: ['a registered customer'],
    run: (context) => expectClientIdRefused(context, undefined, 400),
  },
  {
    id: 'behaviour/client-id-unknown',
    title: 'a request with an unknown client id answers 401, for a guest and for valid credentials',
    clauses: ['FAULT-3'],
    needs: ['a registered customer'],
    run: (context) => expectClientIdRefused(context, randomBytes(15).toString('hex'), 401),
  },
]

const GUEST = '{"type":"guest"}'

/** A refusal of any kind, of which only its document is looked at: that it is refused at all is another clause. */
function faultDocument(
  name: string,
  what: string,
  needs: readonly ProviderStateName[],
  send: (context: CheckContext) => Promise<Answer>,
): Check {
  return {
    id: `behaviour/fault-document-${name}`,
    title: `${what} answers a fault document as JSON with a status of 4xx`,
    clauses: ['FAULT-1'],
    needs,
    run: async (context) => {
      await guestAccepted(context)
      const answer = await send(context)
      await context.prerequisite(`${what} is refused`, () =>
        ensure(!isAccepted(answer), 'the answer is no customer'),
      )
      expectFault(answer)
    },
  }
}

function badRequest(name: string, what: string, bodies: Readonly<Record<string, string>>): Check {
  return {
    id: `behaviour/bad-request-${name}`,
    title: `${what} answers 400, without a token`,
    clauses: ['FAULT-2'],
    needs: [],
    run: async (context) => {
      await guestAccepted(context)
      for (const [how, body] of Object.entries(bodies)) {
        await inCase(how, async () => expectRefusal(await context.api.postAuth(body), { status: 400 }))
      }
    },
  }
}

async function expectClientIdRefused(
  context: CheckContext,
  clientId: string | undefined,
  status: number,
): Promise<void> {
  const { api, states, prerequisite } = context
  const { basic } = await states.setUp('a registered customer', {})
  await guestAccepted(context)
  await prerequisite('valid credentials are accepted', async () => expectIssued(await api.login(basic)))
  const headers = { 'x-dw-client-id': clientId }
  await inCase('guest', async () => expectRefusal(await api.postAuth(GUEST, headers), { status }))
  await inCase('credentials', async () => {
    const login = { ...headers, authorization: `Basic ${basic}` }
    expectRefusal(await api.postAuth('{"type":"credentials"}', login), { status })
  })
}

async function guestAccepted({ api, prerequisite }: CheckContext): Promise<void> {
  await prerequisite('a guest request is accepted', async () => expectIssued(await api.guest()))
}
