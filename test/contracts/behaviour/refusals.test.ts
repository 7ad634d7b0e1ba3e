import { expect } from 'chai'
import fc from 'fast-check'
import { apiResponse } from '../../../contracts/lib/api-response.ts'
import { outcomeOf } from '../../../contracts/lib/behaviour/outcome.ts'
import {
  AUTHENTICATION_FAILED,
  DECLINED,
  expectFault,
  expectRefusal,
} from '../../../contracts/lib/behaviour/refusals.ts'
import type { Answer } from '../../../contracts/lib/behaviour/shop-api.ts'
import { tokenPlaces as placesOf } from '../../../src/ocapi/leak.ts'
import { FAULT, tokenOf } from './support/fake-target.ts'

function answer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  sent?: string,
): Answer {
  return apiResponse({
    status,
    headers: new Headers({ 'content-type': 'application/json;charset=UTF-8', ...headers }),
    setCookies: [],
    body: typeof body === 'string' ? body : JSON.stringify(body),
    sent,
    receivedAtMs: 0,
    durationMs: 0,
  })
}

const tokenPlaces = (found: Answer) => placesOf(found, found.sent)

function failuresOf(act: () => void): string[] {
  try {
    act()
    return []
  } catch (error) {
    return outcomeOf(error)?.failures.map(({ message }) => message) ?? ['no assertion']
  }
}

describe('a refusal', () => {
  it('has the pinned status and type, a fault document, and no token', () => {
    expect(failuresOf(() => expectRefusal(answer(401, FAULT), AUTHENTICATION_FAILED))).to.deep.equal([])
  })

  it('may have any 4xx and any type where none is pinned', () => {
    const fault = { fault: { type: 'Other', message: 'x' } }
    for (const status of [400, 401, 403, 404, 499]) {
      expect(failuresOf(() => expectRefusal(answer(status, fault), DECLINED))).to.deep.equal([])
    }
    for (const status of [200, 302, 399, 500, 503]) {
      expect(failuresOf(() => expectRefusal(answer(status, fault), DECLINED))).to.have.length(1)
    }
  })

  it('is told whole: status, type and token at once', () => {
    const failures = failuresOf(() =>
      expectRefusal(
        answer(403, { fault: { type: 'Other', message: 'x' } }, { authorization: `Bearer ${tokenOf({})}` }),
        AUTHENTICATION_FAILED,
      ),
    )
    expect(failures).to.deep.equal([
      'the status is 403, not 401',
      'the fault is Other, not AuthenticationFailedException',
      'the answer that refuses holds a token',
    ])
  })

  for (const [what, body] of Object.entries({
    'not JSON': '<html>',
    'a list': [FAULT],
    'the fault without its envelope': FAULT.fault,
    'a fault that is null': { fault: null },
    'a fault without a type': { fault: { message: 'x' } },
    'a type that is empty': { fault: { type: '', message: 'x' } },
    'a fault without a message': { fault: { type: 'X' } },
    'a message that is empty': { fault: { type: 'X', message: '' } },
    'a message that is no text': { fault: { type: 'X', message: {} } },
    'arguments that are a list': { fault: { type: 'X', message: 'x', arguments: [] } },
    'arguments that are a text': { fault: { type: 'X', message: 'x', arguments: 'x' } },
  })) {
    it(`${what} is no fault document`, () => {
      expect(failuresOf(() => expectFault(answer(401, body)))).to.have.length(1)
    })
  }

  it('breaks no other clause than FAULT-1 by its fault document, but is no refusal where it is no JSON object', () => {
    for (const body of [FAULT.fault, { fault: null }])
      expect(failuresOf(() => expectRefusal(answer(401, body), DECLINED))).to.deep.equal([])
    for (const body of ['<html>', '', '[]'])
      expect(failuresOf(() => expectRefusal(answer(401, body), DECLINED))).to.deep.equal([
        'it is not the API that refuses',
      ])
  })

  it('is JSON by its content type', () => {
    for (const type of ['application/json', 'application/json ; charset=utf-8', 'application/problem+json']) {
      expect(failuresOf(() => expectFault(answer(401, FAULT, { 'content-type': type })))).to.deep.equal([])
    }
    for (const type of ['text/html', 'application/jsonp', 'text/json', '']) {
      expect(failuresOf(() => expectFault(answer(401, FAULT, { 'content-type': type })))).to.have.length(1)
    }
  })
})

describe('a token in an answer', () => {
  const token = tokenOf({})
  const text = fc.string({ maxLength: 40 }).filter((drawn) => !/eyJ|[\w-]$/.test(drawn))

  it('is found in any header and anywhere in the body', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom('x-token', 'set-cookie', 'location'), (before, after, name) => {
        expect(tokenPlaces(answer(401, `${before}${token}${after.replace(/^[\w.-]+/, '')}`))).to.deep.equal([
          'body',
        ])
        expect(tokenPlaces(answer(401, '', { [name]: `a=${token}; Path=/` }))).to.deep.equal([
          `header ${name}`,
        ])
      }),
    )
  })

  it('is any Authorization header, whatever it holds', () => {
    expect(tokenPlaces(answer(401, '', { authorization: 'x' }))).to.deep.equal(['header authorization'])
  })

  it('is not the token that the request sent, which a fault may quote', () => {
    const [header, payload] = token.split('.')
    for (const sent of [token, `${header}.${payload}.`, `${header}.${payload}`]) {
      const quoting = `The access token '${sent}' is invalid. It was ${sent}.`
      expect(tokenPlaces(answer(401, quoting, {}, `Bearer ${sent}`)), sent).to.deep.equal([])
    }
    const other = tokenOf({ customerId: 'other' })
    expect(tokenPlaces(answer(401, other, {}, `Bearer ${token}`))).to.deep.equal(['body'])
    expect(tokenPlaces(answer(401, token, {}, `Bearer ${header}.${payload}.`))).to.deep.equal(['body'])
  })

  it('is not a challenge, nor any other text', () => {
    const headers = { 'www-authenticate': 'Bearer realm="shop", error="invalid_token"' }
    expect(tokenPlaces(answer(401, JSON.stringify(FAULT), headers))).to.deep.equal([])
    fc.assert(
      fc.property(fc.string(), (drawn) => {
        expect(tokenPlaces(answer(401, drawn.replaceAll('eyJ', '')))).to.deep.equal([])
      }),
    )
  })
})
