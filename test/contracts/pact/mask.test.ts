import { expect } from 'chai'
import fc from 'fast-check'
import { BEARER } from '../../../contracts/lib/pact/consumer/responses.ts'
import { maskAnswer, maskAuthorization } from '../../../contracts/lib/pact/verification/mask.ts'
import { TOKEN } from './stub-target.ts'

const base64url = fc.stringMatching(/^[\w-]*$/)
const section = fc.oneof(
  base64url,
  base64url.map((text) => `eyJ${text}`),
)
const value = fc.oneof(
  fc.string({ unit: 'binary-ascii' }).filter((text) => !/[\r\n]/.test(text)),
  fc
    .tuple(
      fc.constantFrom('Bearer ', 'bearer ', 'Basic ', 'Bearer', '', ' '),
      fc.array(section, { maxLength: 4 }),
      fc.constantFrom('', '=', ' ', '.', ' x'),
    )
    .map(([scheme, sections, end]) => `${scheme}${sections.join('.')}${end}`),
)

describe('mask', () => {
  it('what the contract says of a token holds of its mask if and only if it holds of the token', () => {
    fc.assert(
      fc.property(value, (real) => {
        expect(BEARER.test(maskAuthorization(real))).to.equal(BEARER.test(real))
      }),
      { numRuns: 2000 },
    )
  })

  it('keeps nothing of the token that is longer than the beginning of a JSON object', () => {
    expect(maskAuthorization(`Bearer ${TOKEN}`)).to.equal('Bearer eyJx.eyJx.x')
    fc.assert(
      fc.property(value, (real) => {
        expect(maskAuthorization(real).replace(/^(?:Bearer|Basic) /i, '')).to.match(/^(?:eyJx|x|[^\w-])*$/)
      }),
    )
  })

  it('tells a malformed token from a well-formed one', () => {
    expect(maskAuthorization('Bearer abc.def')).to.equal('Bearer x.x')
    expect(maskAuthorization('Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.')).to.equal('Bearer eyJx.eyJx.')
  })

  it('leaves the shape of the answer, without tokens, cookies and the hashed login', () => {
    const answer = {
      status: 200,
      headers: new Headers([
        ['authorization', `Bearer ${TOKEN}`],
        ['content-type', 'application/json'],
        ['content-length', '999'],
        ['set-cookie', 'dwsid=secret-1; Path=/'],
      ]),
      setCookies: ['dwsid=secret-1; Path=/', 'dwsecuretoken_ab=secret-2; Secure'],
      body: `{"hashed_login":"secret-3","customer_id":"abc","note":"${TOKEN}"}`,
    }
    const masked = maskAnswer(answer)
    expect(masked.headers).to.deep.equal([
      ['authorization', 'Bearer eyJx.eyJx.x'],
      ['content-type', 'application/json'],
      ['set-cookie', 'dwsid=[redacted]; Path=/'],
      ['set-cookie', 'dwsecuretoken_ab=[redacted]; Secure'],
    ])
    expect(JSON.parse(masked.body)).to.deep.equal({
      hashed_login: '[redacted]',
      customer_id: 'abc',
      note: '[redacted]',
    })
  })
})
