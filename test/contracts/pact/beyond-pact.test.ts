import { expect } from 'chai'
import { apiResponse } from '../../../contracts/lib/api-response.ts'
import {
  beyondPact,
  type Expectation,
  expectationOf,
} from '../../../contracts/lib/pact/verification/beyond-pact.ts'
import { GUEST, TOKEN } from './stub-target.ts'

const ACCEPTED: Expectation = { kind: 'accepted', withToken: false }
const JSON_TYPE = { 'content-type': 'application/json' }

function found(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  { values = {}, expectation = ACCEPTED, sent }: Partial<Given> = {},
): [about: string, message: string][] {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = apiResponse({
    status,
    headers: new Headers({ ...JSON_TYPE, ...headers }),
    setCookies: [],
    body: text,
  })
  return beyondPact(answer, values, expectation, sent).map(({ about, message }) => [about, message])
}

interface Given {
  values: Record<string, unknown>
  expectation: Expectation
  sent: string
}

describe('what the contract says beyond Pact', () => {
  it('holds for a guest with exactly the documented keys, with fewer, and with more', () => {
    expect(found(200, GUEST)).to.deep.equal([])
    const { preferred_locale: _, ...fewer } = GUEST
    expect(found(200, fewer)).to.deep.equal([])
    expect(
      found(200, { ...GUEST, visit_id: '0'.repeat(26), c_loyalty: 'gold', unheard_of: {} }),
    ).to.deep.equal([])
  })

  it('holds for the documented example of a registered customer', () => {
    const registered = {
      ...GUEST,
      auth_type: 'registered',
      creation_date: '2015-08-20T11:30:36.000Z',
      customer_no: '999',
      email: 'a@example.com',
      gender: 0,
      birthday: '1990-01-31',
      last_login_time: '2026-01-31T10:00:00Z',
      addresses: [],
    }
    expect(found(200, registered)).to.deep.equal([])
  })

  const wrong: Record<string, unknown> = {
    customer_no: 'n'.repeat(101),
    login: 'l'.repeat(257),
    email: 7,
    enabled: 'true',
    gender: 'f',
    birthday: '31.01.1990',
    phone_home: '1'.repeat(33),
    creation_date: 'yesterday',
    last_visit_time: 1_700_000_000,
    preferred_locale: 7,
    visit_id: 26,
    addresses: {},
  }
  for (const [field, value] of Object.entries(wrong)) {
    it(`a wrong ${field} is found where it is present, and is about the customer`, () => {
      const [[about, message] = []] = found(200, { ...GUEST, [field]: value })
      expect(about).to.equal('customer')
      expect(message).to.match(new RegExp(`^${field} of the customer document is not `))
    })
  }

  it('the customer of the answer is that of the provider state', () => {
    expect(found(200, GUEST, {}, { values: { customerId: GUEST.customer_id } })).to.deep.equal([])
    expect(found(200, GUEST, {}, { values: { customerId: 'abOther' } })).to.have.lengthOf(1)
  })

  it('a token has to be there where the pact has one, in its three sections with their members', () => {
    const expectation: Expectation = { kind: 'accepted', withToken: true }
    expect(found(200, GUEST, { authorization: `bearer ${TOKEN}` }, { expectation })).to.deep.equal([])
    expect(found(200, GUEST, {}, { expectation }).map(([about]) => about)).to.deep.equal(['bearer'])
    const header = Buffer.from('{"alg":"RS256"}').toString('base64url')
    const untyped = `Bearer ${header}.${TOKEN.split('.').slice(1).join('.')}`
    expect(found(200, GUEST, { authorization: untyped }, { expectation })).to.deep.equal([
      ['token', 'the header of the token has no typ, the type'],
    ])
  })

  it('of a wrong status nothing else is said', () => {
    expect(found(503, { fault: { type: 'X', message: 'no' } })).to.deep.equal([
      ['status', 'the status is 503, not 200'],
    ])
  })

  describe('a refusal', () => {
    const expectation: Expectation = { kind: 'refused', refusal: { status: 401, type: 'X' } }
    const fault = { fault: { type: 'X', message: 'no' } }

    it('has its status and its type, a fault document, and no token', () => {
      expect(found(401, fault, {}, { expectation })).to.deep.equal([])
      const parts = (...given: Parameters<typeof found>) => found(...given).map(([about]) => about)
      expect(parts(400, fault, {}, { expectation })).to.deep.equal(['status'])
      expect(parts(500, fault, {}, { expectation })).to.deep.equal(['status', 'fault'])
      expect(parts(401, { fault: { type: 'Y', message: 'no' } }, {}, { expectation })).to.deep.equal([
        'fault type',
      ])
      expect(parts(401, fault, { authorization: '' }, { expectation })).to.deep.equal(['leak'])
      expect(
        parts(401, { fault: { type: 'X', message: `the token ${TOKEN}` } }, {}, { expectation }),
      ).to.deep.equal(['leak'])
    })

    it('may quote the token that was sent, in its message and in its arguments', () => {
      const quoting = {
        fault: { type: 'X', message: `'${TOKEN}' is invalid.`, arguments: { accessToken: TOKEN } },
      }
      expect(found(401, quoting, {}, { expectation, sent: `Bearer ${TOKEN}` })).to.deep.equal([])
    })
  })

  it('reads what an interaction expects from its response', () => {
    const request = { method: 'POST', path: '/customers/auth' }
    const of = (response: Parameters<typeof expectationOf>[0]['response']) =>
      expectationOf({ description: 'x', request, response })
    expect(of({ status: 200, headers: { authorization: 'x' } })).to.deep.equal({
      kind: 'accepted',
      withToken: true,
    })
    expect(of({ status: 200 })).to.deep.equal({ kind: 'accepted', withToken: false })
    const body = { content: { fault: { type: 'X', message: 'm' } } }
    expect(of({ status: 401, body })).to.deep.equal({ kind: 'refused', refusal: { status: 401, type: 'X' } })
    const matchingRules = { status: {}, body: { '$.fault.type': {} } }
    expect(of({ status: 401, body, matchingRules })).to.deep.equal({ kind: 'refused', refusal: {} })
  })
})
