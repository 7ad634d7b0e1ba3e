import { expect } from 'chai'
import {
  fillIn,
  isPublic,
  placeholders,
  valueNames,
} from '../../../contracts/lib/pact/verification/provider-values.ts'
import { type Config, configSchema } from '../../../src/config/schema.ts'
import { StateNotProvable } from '../../../src/target/states/states.ts'
import { TOKEN } from './stub-target.ts'

const config = configSchema.parse({})
const strict = configSchema.parse({ session: { enforceHttps: true } })
const customer = {
  login: 'ann@example.com',
  password: 'p:w',
  basic: base64('ann@example.com:p:w'),
  customerId: 'abAnn',
}
const session = {
  cookie: 'dwsid=aaa; dwsecuretoken_1f=bbb',
  dwsid: 'aaa',
  secureTokenName: 'dwsecuretoken_1f',
  secureToken: 'bbb',
  customerId: 'abAnn',
}
const another = { ...session, dwsid: 'ccc', secureToken: 'ddd' }

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function fill(name: string, values: object, settings: Config = config): string {
  return fillIn(`{{${name}}}`, { ...values }, settings)
}

describe('values of provider states', () => {
  it('Pact is given a placeholder for every value that is a secret, and for every one made from it', () => {
    const given = placeholders({ clientId: 'c', ...customer })
    expect(given).to.include({
      clientId: 'c',
      customerId: 'abAnn',
      basic: '{{basic}}',
      password: '{{password}}',
    })
    expect(given).to.include({ basicWithWrongPassword: '{{basicWithWrongPassword}}' })
    for (const [name, value] of Object.entries(given))
      if (!isPublic(name)) expect(value).to.equal(`{{${name}}}`)
  })

  it('the lint knows exactly the names that Pact is given', () => {
    const values = { clientId: 'c', ...customer }
    expect([...valueNames(['a registered customer'])].sort()).to.deep.equal(
      Object.keys(placeholders(values)).sort(),
    )
  })

  it('fills a header in, and leaves the rest of it', () => {
    expect(fillIn('Basic {{basic}}; {{login}}', customer, config)).to.equal(
      `Basic ${customer.basic}; ann@example.com`,
    )
    expect(fillIn('Basic x', {}, config)).to.equal('Basic x')
  })

  it('refuses a name that the state does not give', () => {
    expect(() => fill('token', customer)).to.throw('token')
    expect(() => fill('tokenWithAlteredPayload', customer)).to.throw('token')
    expect(() => fill('unheardOf', customer)).to.throw('unheardOf')
  })

  it('credentials are wrong in one way only', () => {
    const read = (name: string): string => Buffer.from(fill(name, customer), 'base64').toString()
    expect(read('basicWithWrongPassword')).to.match(/^ann@example\.com:(?!p:w$).+/)
    expect(read('basicOfUnknownLogin')).to.match(/^(?!ann@).+:p:w$/)
    expect(read('basicWithEmptyPassword')).to.equal('ann@example.com:')
    expect(read('basicWithoutColon')).to.equal('ann@example.com')
    expect(fill('basicNotBase64', customer)).to.equal(`*${customer.basic}`)
  })

  it('tokens are wrong in one way only', () => {
    const [header, payload, signature] = TOKEN.split('.')
    const sections = (name: string): string[] => fill(name, { token: TOKEN }).split('.')
    const alteredPayload = sections('tokenWithAlteredPayload')
    expect([alteredPayload[0], alteredPayload[2]]).to.deep.equal([header, signature])
    expect(alteredPayload[1]).not.to.equal(payload)
    const alteredSignature = sections('tokenWithAlteredSignature')
    expect(alteredSignature.slice(0, 2)).to.deep.equal([header, payload])
    expect(alteredSignature[2])
      .to.have.lengthOf(signature?.length ?? 0)
      .and.not.equal(signature)
    expect(sections('tokenWithoutSignature')).to.deep.equal([header, payload])
    const algNone = sections('tokenWithAlgNone')
    expect(algNone.slice(1)).to.deep.equal([payload, ''])
    expect(JSON.parse(Buffer.from(algNone[0] ?? '', 'base64url').toString())).to.include({
      alg: 'none',
      typ: 'JWT',
    })
  })

  it('a token that cannot be read is told as such, without quoting it', () => {
    expect(() => fill('tokenWithAlteredPayload', { token: 'opaque' }))
      .to.throw()
      .with.property('name', 'UnreadableToken')
  })

  it('cookies are wrong in one way only', () => {
    expect(fill('cookieWithoutSecureToken', session)).to.equal('dwsid=aaa')
    expect(fill('cookieWithoutDwsid', session)).to.equal('dwsecuretoken_1f=bbb')
    expect(fill('cookieWithWrongSecureToken', session)).to.equal('dwsid=aaa; dwsecuretoken_1f=abb')
    expect(fill('cookieWithWrongSecureToken', { ...session, secureToken: 'abb' })).to.include('=bbb')
    expect(fill('cookieWithAnothersSecureToken', { sessions: [session, another] })).to.equal(
      'dwsid=aaa; dwsecuretoken_1f=ddd',
    )
  })

  it('a target that does not ask for a secure token cannot refuse a wrong one', () => {
    for (const name of ['cookieWithoutSecureToken', 'cookieWithWrongSecureToken'])
      expect(() => fill(name, session, strict)).to.throw(StateNotProvable, 'enforceHttps')
    expect(() => fill('cookieWithAnothersSecureToken', { sessions: [session, another] }, strict)).to.throw(
      StateNotProvable,
    )
    expect(fill('cookieWithoutDwsid', session, strict)).to.equal('dwsecuretoken_1f=bbb')
  })
})
