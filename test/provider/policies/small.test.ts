import { expect } from 'chai'
import fc from 'fast-check'
import { readBasic, writeBasic } from '../../../src/provider/policies/basic.ts'
import { readCookies } from '../../../src/provider/policies/cookies.ts'
import { createCustomers, type RegisteredCustomer } from '../../../src/provider/policies/customers.ts'
import { ExpiringMap } from '../../../src/provider/policies/expiring-map.ts'
import { createIdentifiers, visitOf } from '../../../src/provider/policies/identifiers.ts'
import { createPasswords } from '../../../src/provider/policies/passwords.ts'
import { randomHex, randomText } from '../../../src/provider/policies/random.ts'
import { manualClock, START_MS } from './manual-clock.ts'

describe('clock', () => {
  it('moves forward by seconds and their fractions, and tells the date of what it shows', () => {
    const clock = manualClock()
    expect(clock.httpDate()).to.equal('Tue, 24 Nov 2026 00:00:00 GMT')
    clock.advance(1.5)
    expect(clock.now()).to.equal(START_MS + 1500)
    expect(clock.httpDate()).to.equal('Tue, 24 Nov 2026 00:00:01 GMT')
  })
})

describe('random text', () => {
  it('is letters and digits of the length asked for, and never twice the same', () => {
    const texts = Array.from({ length: 2000 }, () => randomText(26))
    for (const text of texts) expect(text).to.match(/^[A-Za-z0-9]{26}$/)
    expect(new Set(texts).size).to.equal(texts.length)
    expect(new Set(texts.join('')).size, 'every letter and digit').to.equal(62)
  })

  it('is hex digits in lower case where they are asked for', () => {
    const texts = Array.from({ length: 2000 }, () => randomHex(16))
    for (const text of texts) expect(text).to.match(/^[0-9a-f]{16}$/)
    expect(new Set(texts).size).to.equal(texts.length)
    expect(new Set(texts.join('')).size, 'every digit').to.equal(16)
  })
})

describe('identifiers', () => {
  it('give every token of a visit a visit id of its own, 26 hex digits that open with the visit', () => {
    const identifiers = createIdentifiers()
    const visit = identifiers.visit()
    const ids = Array.from({ length: 300 }, () => identifiers.visitId(visit))
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{26}$/)
    expect(new Set(ids.map(visitOf))).to.deep.equal(new Set([visit]))
    expect(new Set(ids).size).to.equal(ids.length)
  })
})

describe('an expiring map', () => {
  it('forgets an entry when its time is over, and takes no memory for it after the next one', () => {
    const clock = manualClock()
    const map = new ExpiringMap<number>(clock, 10)
    map.set('a', 1)
    clock.advance(5)
    map.set('b', 2)
    clock.advance(5)
    expect([map.get('a'), map.get('b')]).to.deep.equal([undefined, 2])
    map.set('c', 3)
    expect(map.size).to.equal(2)
  })

  it('begins the time anew for an entry that is set again', () => {
    const clock = manualClock()
    const map = new ExpiringMap<number>(clock, 10)
    map.set('a', 1)
    map.set('b', 2)
    clock.advance(9)
    map.set('a', 3)
    clock.advance(5)
    map.set('c', 4)
    expect([map.get('a'), map.get('b'), map.size]).to.deep.equal([3, undefined, 2])
  })

  it('never holds more than its maximum, and lets the oldest go first', () => {
    const map = new ExpiringMap<number>(manualClock(), 10, 3)
    for (const [index, key] of ['a', 'b', 'a', 'c', 'd'].entries()) map.set(key, index)
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).to.deep.equal([2, undefined, 3, 4])
  })
})

describe('customers', () => {
  const customer = (login: string): RegisteredCustomer => ({
    customerId: `id-${login}`,
    customerNo: '1',
    login,
    email: login,
    firstName: 'Ada',
    lastName: 'Shopper',
    password: { salt: Buffer.alloc(0), hash: Buffer.alloc(0) },
    createdAt: START_MS,
  })

  it('are found by login and by id, up to a maximum beyond which the oldest goes', () => {
    const customers = createCustomers(2)
    for (const login of ['a', 'b', 'c']) customers.add(customer(login))
    expect(customers.findByLogin('a')).to.equal(undefined)
    expect(customers.findById('id-a')).to.equal(undefined)
    expect(customers.findByLogin('c')?.customerId).to.equal('id-c')
    expect(customers.findById('id-b')?.login).to.equal('b')
  })
})

describe('a Basic header', () => {
  it('gives back every login and password that it was written from', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((login) => !login.includes(':')),
        fc.string({ unit: 'grapheme' }),
        (login, password) => {
          expect(readBasic(`Basic ${writeBasic({ login, password })}`)).to.deep.equal({ login, password })
        },
      ),
    ))

  for (const [what, header] of [
    ['is missing', undefined],
    ['is empty', ''],
    ['has no credentials', 'Basic'],
    ['has another scheme', `Bearer ${btoa('a:b')}`],
    ['is no base64', 'Basic a:b'],
    ['has base64 without its padding', 'Basic YTpiYw'],
    ['has no colon', `Basic ${btoa('ab')}`],
    ['has no login', `Basic ${btoa(':b')}`],
    ['has something after it', `Basic ${btoa('a:b')} x`],
  ] as const) {
    it(`is refused if it ${what}`, () => expect(readBasic(header)).to.equal(undefined))
  }

  it('is read whatever the case of its scheme, with colons in the password', () => {
    expect(readBasic(`bASIC ${btoa('a:b:c')}`)).to.deep.equal({ login: 'a', password: 'b:c' })
  })
})

describe('cookies', () => {
  it('are read with = in a value, and the first of two with one name', () => {
    const cookies = readCookies('a=1==; b=2;a=3; ;c; =4;  d = 5 ')
    expect([...cookies]).to.deep.equal([
      ['a', '1=='],
      ['b', '2'],
      ['d', '5'],
    ])
  })

  it('never throw', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        expect(readCookies(header)).to.be.instanceOf(Map)
      }),
    ))
})

describe('passwords', () => {
  const passwords = createPasswords({ scryptCost: 2 })

  it('match their own hash and no other, and never that of nobody', async () => {
    const one = await passwords.hash('one')
    expect(await passwords.matches('one', one)).to.equal(true)
    expect(await passwords.matches('two', one)).to.equal(false)
    expect(await passwords.matches('one', undefined)).to.equal(false)
  })

  it('are hashed with a salt of their own', async () => {
    const [one, other] = [await passwords.hash('same'), await passwords.hash('same')]
    expect(one.hash.equals(other.hash)).to.equal(false)
  })

  it('take a cost as high as a real store has', async () => {
    const costly = createPasswords({ scryptCost: 2 ** 15 })
    expect(await costly.matches('one', await costly.hash('one'))).to.equal(true)
  })
})
