import { expect } from 'chai'
import { beyondPact } from '../../../contracts/lib/pact/verification/beyond-pact.ts'
import { GUEST, TOKEN } from './stub-target.ts'

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return { status, headers: new Headers(headers), setCookies: [], body: JSON.stringify(body) }
}

function messages(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  values = {},
): string[] {
  return beyondPact(answer(status, body, headers), values).map(({ message }) => message)
}

describe('what the contract says beyond Pact', () => {
  it('holds for a guest with exactly the documented keys, with fewer, and with more', () => {
    expect(messages(200, GUEST)).to.deep.equal([])
    const { preferred_locale: _, ...fewer } = GUEST
    expect(messages(200, fewer)).to.deep.equal([])
    expect(
      messages(200, { ...GUEST, visit_id: '0'.repeat(26), c_loyalty: 'gold', unheard_of: {} }),
    ).to.deep.equal([])
  })

  it('holds for the documented example of a registered customer', () => {
    const registered = {
      ...GUEST,
      auth_type: 'registered',
      creation_date: '2015-08-20T11:30:36.000Z',
      customer_no: '999',
      email: 'a@example.com',
      gender: 1,
      birthday: '1990-01-31',
      last_login_time: '2026-01-31T10:00:00Z',
      addresses: [],
    }
    expect(messages(200, registered)).to.deep.equal([])
  })

  const wrong: Record<string, unknown> = {
    customer_no: 'n'.repeat(101),
    login: 'l'.repeat(257),
    email: 7,
    enabled: 'true',
    gender: 3,
    birthday: '31.01.1990',
    phone_home: '1'.repeat(33),
    creation_date: 'yesterday',
    last_visit_time: 1_700_000_000,
    preferred_locale: null,
    visit_id: 26,
    addresses: {},
  }
  for (const [field, value] of Object.entries(wrong)) {
    it(`a wrong ${field} is found where it is present`, () => {
      expect(messages(200, { ...GUEST, [field]: value }))
        .to.have.lengthOf(1)
        .and.have.property('0')
        .that.matches(new RegExp(`^${field} of the customer document: `))
    })
  }

  it('the customer of the answer is that of the provider state', () => {
    expect(messages(200, GUEST, {}, { customerId: GUEST.customer_id })).to.deep.equal([])
    expect(messages(200, GUEST, {}, { customerId: 'abOther' })).to.have.lengthOf(1)
  })

  describe('a token', () => {
    const section = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const HEADER = { alg: 'RS256', typ: 'JWS' }
    const PAYLOAD = { exp: 2, iat: 1, iss: 'client', sub: '{}' }
    const found = (header: object, payload: object): string[] =>
      messages(200, GUEST, { authorization: `Bearer ${section(header)}.${section(payload)}.c2ln` })

    it('says its type and algorithm, its client, its times and its customer', () => {
      expect(found(HEADER, PAYLOAD)).to.deep.equal([])
      expect(found({ ...HEADER, kid: 'x' }, { ...PAYLOAD, _v: '1' })).to.deep.equal([])
    })

    for (const member of ['alg', 'typ', 'exp', 'iat', 'iss', 'sub']) {
      it(`without ${member} is found`, () => {
        const without = (value: object) =>
          Object.fromEntries(Object.entries(value).filter(([key]) => key !== member))
        expect(found(without(HEADER), without(PAYLOAD)))
          .to.have.lengthOf(1)
          .and.have.property('0')
          .that.includes(`${member} of the token's`)
      })
    }

    it('whose sections are no JSON objects is found, and one without three sections left to Pact', () => {
      expect(messages(200, GUEST, { authorization: 'Bearer eyJ4.eyJ4.x' })).to.have.lengthOf(2)
      expect(messages(200, GUEST, { authorization: 'Bearer eyJ4.eyJ4' })).to.deep.equal([])
    })
  })

  it('a refusal carries no token, in no header and not in its body', () => {
    const fault = { fault: { type: 'X', message: 'no' } }
    expect(messages(401, fault)).to.deep.equal([])
    expect(messages(401, fault, { authorization: `Bearer ${TOKEN}` })).to.have.lengthOf(1)
    expect(messages(400, { fault: { type: 'X', message: `the token ${TOKEN}` } })).to.have.lengthOf(1)
    expect(messages(500, fault, { authorization: '' })).to.have.lengthOf(1)
  })

  it('leaves what is no JSON object to Pact', () => {
    for (const body of ['', 'null', '[]', 'x', '"x"'])
      expect(beyondPact({ ...answer(200, null), body }, { customerId: 'a' })).to.deep.equal([])
  })
})
