import { expect } from 'chai'
import fc from 'fast-check'
import { parseSelector } from '../../../src/engine/metrics/selector.ts'

function tagsOf(source: string): unknown {
  const selector = parseSelector(source)
  return typeof selector === 'string'
    ? selector
    : { metric: selector.metric, tags: Object.fromEntries(selector.tags) }
}

describe('a metric selector', () => {
  it('is a name, or a name with tags', () => {
    expect(tagsOf('http_reqs')).to.deep.equal({ metric: 'http_reqs', tags: {} })
    expect(tagsOf('http_reqs{status:200}')).to.deep.equal({ metric: 'http_reqs', tags: { status: '200' } })
    expect(tagsOf('a{b:c, d : e f }')).to.deep.equal({ metric: 'a', tags: { b: 'c', d: 'e f' } })
  })

  it('takes values with spaces, colons, braces and quotes', () => {
    expect(tagsOf('a{name:POST /login}')).to.deep.equal({ metric: 'a', tags: { name: 'POST /login' } })
    expect(tagsOf('a{url:http://h:80/x}')).to.deep.equal({ metric: 'a', tags: { url: 'http://h:80/x' } })
    expect(tagsOf('a{name:/users/{id}}')).to.deep.equal({ metric: 'a', tags: { name: '/users/{id}' } })
    expect(tagsOf(`a{"b":'c d'}`)).to.deep.equal({ metric: 'a', tags: { b: 'c d' } })
  })

  it('says what is wrong', () => {
    for (const wrong of [
      '',
      ' ',
      '{a:b}',
      'a{',
      'a}',
      'a}{',
      'a{b:c}d',
      'a{}',
      'a{b}',
      'a{b:}',
      'a{:c}',
      'a{b:c,}',
      'a{b:c,b:d}',
    ]) {
      expect(tagsOf(wrong), wrong).to.be.a('string')
    }
  })

  it('reads back what it is made of', () => {
    const word = fc.stringMatching(/^[a-z_/.:$-][a-z0-9_/.:$ -]{0,10}[a-z0-9]$/)
    const key = fc.stringMatching(/^[a-z_]{1,8}$/)
    fc.assert(
      fc.property(key, fc.dictionary(key, word, { minKeys: 1, maxKeys: 4 }), (metric, tags) => {
        const source = `${metric}{${Object.entries(tags)
          .map(([name, value]) => `${name}:${value}`)
          .join(',')}}`
        expect(tagsOf(source)).to.deep.equal({ metric, tags: { ...tags } })
      }),
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseSelector(text)))
  })
})
