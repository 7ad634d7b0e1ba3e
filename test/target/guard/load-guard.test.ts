import { expect } from 'chai'
import fc from 'fast-check'
import { hostName } from '../../../src/config/host-name.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { assertLoadAllowed, isLoadAllowed } from '../../../src/target/guard/load-guard.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'

const config = (...loadAllowedHosts: string[]) => configSchema.parse({ target: { loadAllowedHosts } })

describe('isLoadAllowed', () => {
  for (const name of [
    'localhost',
    'LOCALHOST',
    '127.0.0.1',
    '127.9.8.7',
    '::1',
    '[::1]',
    '127.1',
    '0x7f.0.0.1',
  ])
    it(`allows loopback: ${name}`, () => {
      expect(isLoadAllowed(config(), name)).to.equal(true)
    })

  for (const name of [
    ...['127.0.0.1.evil.example', 'localhost.', 'localhost.evil.example', 'evil-localhost', 'evil.localhost'],
    ...['127.0.0.1@evil.example', 'evil.example/127.0.0.1', 'evil.example#127.0.0.1', 'localhost:80', ''],
    ...[
      '0.0.0.0',
      '128.0.0.1',
      '10.0.0.1',
      '::',
      '[::2]',
      '::ffff:10.0.0.1',
      'ｌocalhost.example',
      '127.0.0.1 ',
    ],
    ...[
      '%31%32%37.0.0.1',
      '*',
      '*.example',
      '127.0.0.256',
      '127.0.0.1\nevil.example',
      '127.0.0.1,evil.example',
    ],
  ])
    it(`refuses ${JSON.stringify(name)}`, () => {
      expect(isLoadAllowed(config(), name)).to.equal(false)
    })

  it('allows a listed host by exact name, in any case and in punycode or not', () => {
    expect(isLoadAllowed(config('Shop.Example'), 'shop.example')).to.equal(true)
    expect(isLoadAllowed(config('bücher.example'), 'xn--bcher-kva.example')).to.equal(true)
    expect(isLoadAllowed(config('2001:DB8::0:1'), '[2001:db8::1]')).to.equal(true)
    for (const other of [
      'www.shop.example',
      'shop.example.evil.example',
      'shop.example.',
      'shop-example',
      'xshop.example',
    ])
      expect(isLoadAllowed(config('Shop.Example'), other), other).to.equal(false)
  })

  it('allows nothing else than loopback and what is listed', () => {
    const listed = fc.array(fc.domain(), { maxLength: 3 })
    fc.assert(
      fc.property(listed, fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.string()), (names, host) => {
        const name = hostName(host)
        const loopback = name !== undefined && /^(localhost|\[::1\]|127(\.\d+){3})$/.test(name)
        const inList = name !== undefined && names.map(hostName).includes(name)
        expect(isLoadAllowed(config(...names), host)).to.equal(loopback || inList)
      }),
    )
  })

  it('never takes a host for a listed one because it begins or ends like it', () => {
    fc.assert(
      fc.property(fc.domain(), fc.domain(), (listed, other) => {
        for (const host of [
          `${listed}.${other}`,
          `${other}.${listed}`,
          `${other}-${listed}`,
          `${listed}@${other}`,
        ])
          expect(isLoadAllowed(config(listed), host), host).to.equal(false)
      }),
    )
  })
})

describe('assertLoadAllowed', () => {
  it('lets loopback and listed hosts through, whatever the port and path', () => {
    assertLoadAllowed(config(), 'http://127.0.0.1:4010/s/RefArch')
    assertLoadAllowed(config(), 'http://[::1]:80')
    assertLoadAllowed(config('shop.example'), 'https://SHOP.example:8443/a')
  })

  for (const url of [
    ...['https://shop.example', 'http://127.0.0.1@evil.example/', 'http://localhost:pw@evil.example'],
    ...['https://evil.example/?127.0.0.1', 'file:///etc/passwd', 'not a url'],
  ])
    it(`refuses ${url} and names the key to set`, () => {
      expect(() => assertLoadAllowed(config('other.example'), url))
        .to.throw(HarnessError)
        .and.include({ kind: 'CONFIG', code: 'LOAD_NOT_ALLOWED' })
      expect(() => assertLoadAllowed(config(), 'https://shop.example'))
        .to.throw(HarnessError)
        .with.property('remedy')
        .that.includes('target.loadAllowedHosts')
        .and.includes('"shop.example"')
    })

  it('keeps user information out of its message', () => {
    expect(() => assertLoadAllowed(config(), 'https://user:hunter2@shop.example')).to.throw(/^[^2]*$/)
  })
})

describe('target.loadAllowedHosts', () => {
  for (const name of [
    'https://shop.example',
    'shop.example:443',
    'shop.example/',
    '*.example',
    '',
    'a b',
    'u@shop.example',
  ])
    it(`refuses ${JSON.stringify(name)}, which is more or less than one host`, () => {
      expect(() => config(name)).to.throw(/must be the name of one host alone/)
    })
})
