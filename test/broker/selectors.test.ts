import { expect } from 'chai'
import fc from 'fast-check'
import { defaultSelectors, parseSelector } from '../../src/broker/selectors.ts'

describe('a consumer version selector', () => {
  for (const text of [
    '{"mainBranch":true}',
    '{"branch":"feature","fallbackBranch":"main"}',
    '{"deployedOrReleased":true,"consumer":"ocapi-web"}',
    '{"environment":"test"}',
  ]) {
    it(`is read as it stands: ${text}`, () => {
      expect(parseSelector(text)).to.deep.equal(JSON.parse(text))
    })
  }

  for (const [text, why] of [
    ['main', 'must be JSON'],
    ['{}', 'must say which versions'],
    ['{"consumer":"x"}', 'must say which versions'],
    ['{"mainBranch":false}', 'mainBranch'],
    ['{"mainbranch":true}', 'mainbranch'],
    ['{"branch":""}', 'branch'],
    ['[]', 'expected object'],
  ] as const) {
    it(`is refused with its value and the rule: ${text}`, () => {
      expect(() => parseSelector(text))
        .to.throw(why)
        .that.satisfies(
          (error: Error & { code: string }) =>
            error.message.includes(text) && error.code === 'SELECTOR_INVALID',
        )
    })
  }

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          parseSelector(text)
        } catch (error) {
          expect(error).to.include({ code: 'SELECTOR_INVALID' })
        }
      }),
    )
  })

  it('by default asks for a matching branch where there is a branch', () => {
    expect(defaultSelectors(undefined)).to.deep.equal([{ mainBranch: true }, { deployedOrReleased: true }])
    expect(defaultSelectors('x')).to.deep.equal([
      { mainBranch: true },
      { deployedOrReleased: true },
      { matchingBranch: true },
    ])
  })
})
