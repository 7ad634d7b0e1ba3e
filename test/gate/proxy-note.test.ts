import { expect } from 'chai'
import { proxyNote } from '../../src/gate/proxy-note.ts'

describe('the note on a proxy', () => {
  const names = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']
  let before: (string | undefined)[]
  beforeEach(() => {
    before = names.map((name) => process.env[name])
    for (const name of names) delete process.env[name]
  })
  afterEach(() => {
    for (const [index, name] of names.entries()) {
      const value = before[index]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  it('says how load goes where there is one, without its password', () => {
    process.env.HTTPS_PROXY = 'http://user:hunter2@proxy.example:3128'
    expect(proxyNote('https://shop.example', 'node')).to.match(
      /directly and not through the proxy proxy\.example:3128,/,
    )
    expect(proxyNote('https://shop.example', 'k6')).to.match(
      /^load goes through the proxy proxy\.example:3128,/,
    )
    expect(proxyNote('https://127.0.0.1:8443', 'k6')).to.equal(undefined)
    process.env.NO_PROXY = 'shop.example'
    expect(proxyNote('https://shop.example', 'k6')).to.equal(undefined)
  })

  it('is none without a proxy', () => {
    expect(proxyNote('https://shop.example', 'node')).to.equal(undefined)
  })
})
