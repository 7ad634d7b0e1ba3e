import { expect } from 'chai'
import { TestProvider, withSignaturesThatDoNotHold } from './support.ts'

/** What each defect lets in, of the tokens whose signature does not hold. */
const LET_IN: readonly (readonly [string | undefined, readonly string[]])[] = [
  [undefined, []],
  ['empty-signature-accepted', ['empty']],
  ['shortened-signature-accepted', ['shortened']],
  ['signature-of-another-token-accepted', ["another token's"]],
  ['empty-key-accepted', ['made with an empty key']],
  ['other-hash-skips-the-signature', ['of alg HS512']],
  ['embedded-key-accepted', ['made with a key that it brings along']],
  [
    'key-id-as-a-path',
    ['made with the empty file that kid names', 'made with the empty file that a relative kid names'],
  ],
  ['empty-key-id-skips-the-signature', ['of an empty kid']],
]

describe('signatures that do not hold', () => {
  for (const [defect, expected] of LET_IN) {
    it(`${defect ?? 'the correct provider'} lets in ${expected.join(', ') || 'none'}`, async () => {
      const provider = await TestProvider.start({ defect })
      try {
        const { token = '', customerId = '' } = await provider.state('a customer token', {
          customer: 'guest',
        })
        const other = (await provider.auth('guest')).token ?? ''
        const refreshed: string[] = []
        const read: string[] = []
        for (const [name, bad] of Object.entries(withSignaturesThatDoNotHold(token, other))) {
          if ((await provider.refresh(bad)).status === 200) refreshed.push(name)
          if ((await provider.read(customerId, bad)).status === 200) read.push(name)
        }
        expect({ refreshed, read }).to.deep.equal({ refreshed: expected, read: expected })
      } finally {
        await provider.close()
      }
    })
  }
})
