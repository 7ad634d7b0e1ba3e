import { expect } from 'chai'
import fc from 'fast-check'
import { PoqResponse } from '../../src/client/poq-response.ts'

const token = fc.stringMatching(/^[\w\-.~+/]{1,40}={0,2}$/)

describe('PoqResponse', () => {
  it('reads any token, whatever the case of name and scheme', () => {
    fc.assert(
      fc.property(
        token,
        fc.mixedCase(fc.constant('authorization')),
        fc.mixedCase(fc.constant('bearer')),
        fc.integer({ min: 1, max: 3 }),
        (value, name, scheme, spaces) => {
          const headers = new Headers({ [name]: `${scheme}${' '.repeat(spaces)}${value}` })
          expect(new PoqResponse(200, headers, null).token).to.equal(value)
        },
      ),
    )
  })

  it('reads no token from anything else', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (value) => {
        fc.pre(!/^\s*Bearer +[\w\-.~+/]+=*\s*$/i.test(value))
        expect(new PoqResponse(200, new Headers({ authorization: value }), null).token).to.equal(undefined)
      }),
    )
    expect(new PoqResponse(200, new Headers(), null).token).to.equal(undefined)
    for (const value of ['Bearer', 'Bearer ', 'Basic YTpi', 'Token a.b.c', 'Bearer a b', 'Bearera.b.c'])
      expect(new PoqResponse(200, new Headers({ authorization: value }), null).token, value).to.equal(
        undefined,
      )
  })

  it('reads no token from two', () => {
    const headers = new Headers([
      ['authorization', 'Bearer a'],
      ['authorization', 'Bearer b'],
    ])
    expect(new PoqResponse(200, headers, null).token).to.equal(undefined)
  })
})
