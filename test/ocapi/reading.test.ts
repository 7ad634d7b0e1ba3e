import { expect } from 'chai'
import { readBearer } from '../../src/ocapi/bearer.ts'
import { type Customer, fieldProblems, isCustomer } from '../../src/ocapi/customer.ts'
import { faultProblem, readFault } from '../../src/ocapi/fault.ts'
import { tokenPlaces } from '../../src/ocapi/leak.ts'
import { isJson } from '../../src/ocapi/media-type.ts'
import { isOfTheApi, kindOf } from '../../src/ocapi/response.ts'

const GUEST: Customer = { auth_type: 'guest', customer_id: 'abc' }

describe('reading the API', () => {
  it('takes a scheme in any case, one token, and the characters of a token', () => {
    for (const header of ['Bearer a.b.c', 'bearer a.b.c', 'BEARER  a.b.c'])
      expect(readBearer(header), header).to.equal('a.b.c')
    for (const header of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Basic abc',
      'a.b.c',
      'Bearer a, Bearer b',
      'Bearer a b',
    ])
      expect(readBearer(header), header).to.equal(undefined)
  })

  it('takes a JSON media type in any case, with or without parameters', () => {
    for (const type of [
      'application/json',
      'Application/JSON',
      'application/json;charset=UTF-8',
      'application/hal+json',
    ])
      expect(isJson(type), type).to.equal(true)
    for (const type of [undefined, '', 'text/html', 'text/json', 'application/jsonp', 'application/xml'])
      expect(isJson(type), type).to.equal(false)
  })

  it('knows a customer by what says which customer it is', () => {
    expect(isCustomer(GUEST)).to.equal(true)
    for (const wrong of [
      {},
      [],
      null,
      { ...GUEST, auth_type: 'other' },
      { ...GUEST, customer_id: '' },
      { ...GUEST, _type: 'basket' },
    ])
      expect(isCustomer(wrong), JSON.stringify(wrong)).to.equal(false)
  })

  it('holds documented constraints, and no value that was only observed', () => {
    const legal = {
      ...GUEST,
      gender: 0,
      visit_id: 'visit',
      _v: '25.10.1',
      birthday: '2000-02-29',
      note: null,
      c_x: [1],
    }
    expect(fieldProblems(legal as unknown as Customer)).to.deep.equal([])
    const wrong = {
      ...GUEST,
      customer_id: 'x'.repeat(29),
      enabled: 'yes',
      last_login_time: 'yesterday',
      gender: 'f',
    }
    expect(fieldProblems(wrong as unknown as Customer)).to.deep.equal([
      { field: 'customer_id', rule: 'a text of at most 28 characters' },
      { field: 'enabled', rule: 'a boolean' },
      { field: 'last_login_time', rule: 'an ISO 8601 time' },
      { field: 'gender', rule: 'a whole number' },
    ])
  })

  it('reads a fault with typed and flat arguments, with none, and without _v', () => {
    const fault = { type: 'X', message: 'm', arguments: { a: { type: 'string', value: 'v' }, b: 1 } }
    expect(readFault({ fault })).to.deep.equal({ type: 'X', message: 'm', arguments: { a: 'v', b: 1 } })
    expect(readFault({ _v: '25.6', fault: { type: 'X', message: 'm', arguments: null } })).to.deep.equal({
      type: 'X',
      message: 'm',
      arguments: {},
    })
    expect(faultProblem({ fault: { type: '', message: 'm' } })).to.equal('fault.type is no text')
    expect(faultProblem({ fault: { type: 'X', message: 'm', arguments: [] } })).to.equal(
      'fault.arguments is no object',
    )
    expect(faultProblem({ type: 'X' })).to.equal('the body has no member fault that is an object')
    expect(faultProblem([])).to.equal('the body is no JSON object')
  })

  it('tells the answers of the API from those of what stands before it', () => {
    const api = ['{"fault":{}}', '{"fault":{"type":"X","message":"m"}}', JSON.stringify(GUEST)]
    for (const body of api) expect(isOfTheApi({ status: 503, body }), body).to.equal(true)
    expect(isOfTheApi({ status: 204, body: '' })).to.equal(true)
    for (const body of ['', '<html>', '{}', '[]', '"guest"', '{"error":"x"}'])
      expect(isOfTheApi({ status: 200, body }), body).to.equal(false)
  })

  it('names the kind of an answer that is not the API’s, and nothing of its body', () => {
    expect(kindOf({ status: 503, contentType: 'Text/HTML; charset=utf-8', body: '<p>' })).to.equal(
      '503 text/html',
    )
    expect(kindOf({ status: 302, contentType: 'text/html', body: '' })).to.equal('302 without a body')
    expect(kindOf({ status: 200, contentType: undefined, body: 'x' })).to.equal('200 without a media type')
    expect(kindOf({ status: 200, contentType: `a/${'b'.repeat(99)}`, body: 'x' }).length).to.be.at.most(60)
    expect(kindOf({ status: 200, contentType: 'a/b<script>', body: 'x' })).to.equal(
      '200 without a media type',
    )
  })

  it('finds a token wherever it is, and none in a quotation of what was sent', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln'
    const places = (body: string, headers: [string, string][] = [], sent?: string) =>
      tokenPlaces({ body, headers, authorization: undefined }, sent)
    expect(places(`{"token":"${token}"}`)).to.deep.equal(['body'])
    expect(places('', [['X-Token', token]])).to.deep.equal(['header x-token'])
    expect(places('', [['WWW-Authenticate', 'Bearer realm="shop"']])).to.deep.equal([])
    expect(places(`The token ${token} is invalid.`, [], `Bearer ${token}`)).to.deep.equal([])
    expect(places(`The token eyJa.eyJb. is invalid.`, [], 'Bearer eyJa.eyJb')).to.deep.equal([])
    expect(tokenPlaces({ body: '', headers: [], authorization: 'x' }, undefined)).to.deep.equal([
      'header authorization',
    ])
  })
})
