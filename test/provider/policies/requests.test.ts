import { expect } from 'chai'
import { createAuthRequests } from '../../../src/provider/policies/auth-requests.ts'
import { createClaims } from '../../../src/provider/policies/claims.ts'
import { createClients } from '../../../src/provider/policies/clients.ts'
import { Fault } from '../../../src/provider/policies/fault.ts'
import { createIdentifiers } from '../../../src/provider/policies/identifiers.ts'
import { createTokens } from '../../../src/provider/policies/tokens.ts'
import { completeSettings } from '../../../src/provider/settings.ts'
import { manualClock } from './manual-clock.ts'

/** What a call answers, or the fault that it throws. */
function outcome(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    if (error instanceof Fault) return `${error.status} ${error.type}`
    throw error
  }
}

describe('an auth request', () => {
  const requests = createAuthRequests()
  const read = (body: string | Buffer, contentType: string | undefined = 'application/json') =>
    outcome(() => requests.read(contentType, Buffer.from(body)))

  for (const type of ['guest', 'credentials', 'session', 'refresh']) {
    it(`of type ${type} is read`, () => expect(read(JSON.stringify({ type }))).to.equal(type))
  }

  for (const [body, fault] of [
    ['', '400 BodyDecodingException'],
    ['{', '400 BodyDecodingException'],
    ['[]', '400 BodyDecodingException'],
    ['null', '400 BodyDecodingException'],
    ['"guest"', '400 BodyDecodingException'],
    ['1', '400 BodyDecodingException'],
    ['{}', '400 PropertyConstraintViolationException'],
    ['{"type":null}', '400 PropertyConstraintViolationException'],
    ['{"type":1}', '400 TypeDecodingException'],
    ['{"type":["guest"]}', '400 TypeDecodingException'],
    ['{"type":"gest"}', '400 EnumConstraintViolationException'],
    ['{"type":"GUEST"}', '400 EnumConstraintViolationException'],
    ['{"type":"toString"}', '400 EnumConstraintViolationException'],
    ['{"type":"guest","login":"a"}', '400 UnknownPropertyException'],
    ['{"__proto__":{"type":"guest"}}', '400 UnknownPropertyException'],
  ] as const) {
    it(`with the body ${body || 'of no bytes'} is refused: ${fault}`, () =>
      expect(read(body)).to.equal(fault))
  }

  it('without a body, or with one that is not UTF-8, is refused', () => {
    expect(outcome(() => requests.read(undefined, undefined))).to.equal('400 BodyDecodingException')
    const notUtf8 = Buffer.from('{"type":"gu\xffest"}', 'latin1')
    expect(read(notUtf8)).to.equal('400 BodyDecodingException')
  })

  for (const contentType of [
    'application/json;charset=UTF-8',
    'Application/JSON; charset="utf-8"',
    'application/json;',
  ]) {
    it(`may say ${contentType}`, () => expect(read('{"type":"guest"}', contentType)).to.equal('guest'))
  }

  it('is JSON when it does not say what it is', () => {
    expect(outcome(() => requests.read(undefined, Buffer.from('{"type":"guest"}')))).to.equal('guest')
  })

  for (const [contentType, fault] of [
    ['application/xml', '415 UnsupportedContentTypeException'],
    ['text/plain', '415 UnsupportedContentTypeException'],
    ['application/json;charset=latin1', '415 UnsupportedContentTypeException'],
    ['json', '400 MalformedMediaTypeException'],
    ['', '400 MalformedMediaTypeException'],
  ] as const) {
    it(`may not say "${contentType}": ${fault}`, () =>
      expect(read('{"type":"guest"}', contentType)).to.equal(fault))
  }
})

describe('a client', () => {
  const clock = manualClock()
  const tokens = createTokens(completeSettings(), clock)
  const clients = createClients({ clientIds: ['one', 'two', 'three'] }, tokens)
  const claims = createClaims({ tokenLifetimeSeconds: 1800 }, clock, createIdentifiers())
  const bearer = (clientId: string) =>
    `Bearer ${tokens.write(claims.compose({ customerId: 'a', guest: true, visit: '0' }, clientId))}`
  const identify = (authorization?: string, query?: string, header?: string) =>
    outcome(() => clients.identify({ authorization, query, header }))

  it('is the issuer of the token, before the query parameter, before the header', () => {
    expect(identify(bearer('one'), 'two', 'three')).to.equal('one')
    expect(identify(undefined, 'two', 'three')).to.equal('two')
    expect(identify(undefined, undefined, 'three')).to.equal('three')
    expect(identify('Basic YTpi', undefined, 'three')).to.equal('three')
    expect(identify('Bearer garbage', undefined, 'three')).to.equal('three')
  })

  it('must be named, and known', () => {
    expect(identify()).to.equal('400 MissingClientIdException')
    expect(identify('Basic YTpi', '', '')).to.equal('400 MissingClientIdException')
    expect(identify('Bearer garbage')).to.equal('401 InvalidAccessTokenException')
    expect(identify(undefined, 'four', 'one')).to.equal('401 UnknownClientIdException')
    expect(identify(bearer('four'), 'one')).to.equal('401 UnknownClientIdException')
  })
})

describe('settings', () => {
  for (const [setting, value] of [
    ['port', -1],
    ['port', 1.5],
    ['siteId', 'a/b'],
    ['apiVersion', '25.6'],
    ['clientIds', []],
    ['clientIds', ['']],
    ['tokenLifetimeSeconds', 0],
    ['maxAttempts', 0],
    ['periodSeconds', Number.NaN],
    ['secret', new Uint8Array(31)],
    ['scryptCost', 3],
    ['oldTokenAfterRefresh', 'gone'],
  ] as const) {
    it(`refuse ${setting} ${JSON.stringify(value)}, and name it`, () => {
      expect(() => completeSettings({ [setting]: value })).to.throw(`provider setting "${setting}" must`)
    })
  }

  it('never tell a secret that is too short', () => {
    expect(() => completeSettings({ secret: Buffer.from('hunter2') })).to.throw(/got "7 bytes"$/)
  })

  it('take an undefined one as absent', () => {
    expect(completeSettings({ maxAttempts: undefined as never }).maxAttempts).to.equal(5)
  })
})
