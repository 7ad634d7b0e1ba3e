import { expect } from 'chai'
import fc from 'fast-check'
import { type Exchange, exchangeSchema, recordExchange } from '../../src/verdict/evidence.ts'

const token = 'eyJhbGciOiJIUzI1NiJ9.aHVudGVyMmh1bnRlcjI.aHVudGVyMmh1bnRlcjI'

function raw(change: Partial<Exchange> = {}): Exchange {
  return {
    request: {
      method: 'POST',
      url: 'http://127.0.0.1/customers/auth',
      headers: {},
      body: '{"type":"guest"}',
    },
    response: { status: 200, headers: {}, body: '{}' },
    durationMs: 1.5,
    ...change,
  }
}

describe('recordExchange', () => {
  it('redacts URL, headers, bodies and the error of both sides', () => {
    const recorded = recordExchange({
      request: {
        method: 'POST',
        url: `http://user:hunter2@127.0.0.1/?token=${token}`,
        headers: { Authorization: `Bearer ${token}`, Cookie: 'sid=hunter2', 'X-Debug': token },
        body: `{"password":"hunter2","a":"${token}"}`,
      },
      response: {
        status: 401,
        headers: { 'Set-Cookie': 'sid=hunter2; Path=/', authorization: `Bearer ${token}` },
        body: `<p>${token}</p>`,
      },
      error: { code: 'NETWORK', message: `got ${token}` },
      durationMs: 2,
    })
    expect(JSON.stringify(recorded)).not.to.match(/hunter2|aHVudGVyMmh1bnRlcjI/)
    expect(recorded.request.headers).to.have.keys('authorization', 'cookie', 'x-debug')
    expect(recorded.response?.headers).to.have.keys('set-cookie', 'authorization')
    expect(exchangeSchema.parse(recorded)).to.deep.equal(recorded)
  })

  it('keeps what is no secret as it was', () => {
    expect(recordExchange(raw())).to.deep.equal(raw())
    const { body: _, ...request } = raw().request
    const failed: Exchange = { request, error: { code: 'TIMEOUT', message: 'late' }, durationMs: 1 }
    expect(recordExchange(failed)).to.deep.equal(failed)
  })

  it('cuts a long body after it is redacted, so that half a secret is never left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4000, max: 4200 }), (length) => {
        const body = `${' '.repeat(length)}${token} ${'x'.repeat(300)}`
        const { request } = recordExchange(raw({ request: { ...raw().request, body } }))
        expect(request.body).not.to.include('eyJ')
        expect(request.body).to.match(/… \(\d+ characters\)$/)
        expect(request.body?.length).to.be.lessThan(4130)
      }),
    )
  })
})
