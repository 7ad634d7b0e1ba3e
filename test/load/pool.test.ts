import { expect } from 'chai'
import fc from 'fast-check'
import { isShare, pick, poolSize, requirePool } from '../../load/lib/pool.ts'

describe('Data pools', () => {
  it('refuses a pool that is too small, with the number needed', () => {
    expect(() => requirePool('customers', 7, 8, 'so that none logs in twice', 'lower RATE')).to.throw(
      'too few customers: there are 7 and 8 are needed, so that none logs in twice; lower RATE',
    )
    requirePool('customers', 8, 8, '', '')
  })

  it('needs one for each use within a second, or one for each VU', () => {
    expect(poolSize(12.5, undefined)).to.equal(13)
    expect(poolSize(undefined, 40)).to.equal(40)
    expect(poolSize(0.1, undefined)).to.equal(1)
  })

  it('picks all of a pool before it picks one again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(1000), (size, from) => {
        const pool = Array.from({ length: size }, (_, index) => index)
        const picked = pool.map((index) => pick(pool, from + index))
        expect(new Set(picked).size).to.equal(size)
      }),
    )
    expect(() => pick([], 0)).to.throw('empty pool')
  })

  it('takes exactly the share of any number of iterations, whatever floating point makes of it', () => {
    for (let percent = 0; percent <= 100; percent++) {
      let taken = 0
      for (let index = 0; index < 300; index++) {
        if (isShare(percent / 100, index)) taken++
        expect(taken, `${percent} % of ${index + 1}`).to.equal(Math.floor(((index + 1) * percent) / 100))
      }
    }
  })
})
