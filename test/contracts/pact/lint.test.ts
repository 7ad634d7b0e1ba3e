import { expect } from 'chai'
import { lintPacts } from '../../../contracts/lib/pact/lint.ts'
import type { PactInteraction } from '../../../contracts/lib/pact/pact-file.ts'
import { injected, interaction, pact } from './pact-builder.ts'
import { TOKEN } from './stub-target.ts'

function lint(...interactions: PactInteraction[]): string[] {
  const declared = interactions.map(({ description }) => description)
  return lintPacts([pact(...interactions)], declared).map(({ message }) => message)
}

function rules(regex: string): { matchers: object[] } {
  return { matchers: [{ match: 'regex', regex }] }
}

describe('lint of the written pacts', () => {
  it('finds nothing in a sound pact', () => {
    const refusal = interaction({
      description: 'a wrong request',
      comments: ['clauses: CRED-2, FAULT-1', 'prerequisite: a guest request'],
      state: 'a registered customer',
      request: injected(
        'Authorization',
        `Basic $\{basicWithWrongPassword}`,
        'Basic ZXhhbXBsZUBleGFtcGxlLmNvbTpXcm9uZy0x',
      ),
      response: { status: 401 },
    })
    expect(lint(interaction(), refusal)).to.deep.equal([])
  })

  describe('count', () => {
    it('a declared interaction that is not in the pact', () => {
      const failures = lintPacts([pact(interaction())], ['a guest request', 'a lost one'])
      expect(failures).to.deep.include({ message: 'a lost one: declared, and not in the pact' })
      expect(failures).to.deep.include({
        message: 'the pact does not hold every interaction that the specs declare',
        expected: '2 interactions',
        actual: '1 interactions',
      })
    })

    it('an interaction of an older run', () => {
      const failures = lintPacts(
        [pact(interaction(), interaction({ description: 'stale' }))],
        ['a guest request'],
      )
      expect(failures).to.deep.include({ message: 'stale: in the pact, and not declared' })
    })

    it('two of one description', () => {
      const failures = lintPacts([pact(interaction())], ['a guest request', 'a guest request'])
      expect(failures.map(({ message }) => message)).to.include(
        'a guest request: declared more than once; Pact keeps the last one only',
      )
    })
  })

  describe('clauses and prerequisites', () => {
    it('no clause, or one that the catalogue does not hold', () => {
      expect(lint(interaction({ comments: ['a note'] }))).to.deep.equal(['a guest request: names no clause'])
      expect(lint(interaction({ comments: ['clauses: GUEST-1, GUEST-9'] }))[0]).to.include('GUEST-9')
    })

    it('a refusal without the request that is accepted, or with another refusal for it', () => {
      const response = { status: 401 }
      const refusal = (...comments: string[]) =>
        interaction({ description: 'b', comments: ['clauses: CRED-2', ...comments], response })
      expect(lint(refusal())).to.deep.equal(['b: is a refusal without a prerequisite'])
      expect(lint(refusal('prerequisite: unknown'))[0]).to.include('"unknown" is not in the pact')
      expect(lint(refusal('prerequisite: b'))[0]).to.include('is a refusal itself')
    })
  })

  describe('examples', () => {
    it('a header, a body value, a path or a query value that its own expression refuses, as a whole', () => {
      const wrong = 'the example of its'
      const header = { headers: { X: ['abc'] }, matchingRules: { header: { X: rules('ab') } } }
      expect(lint(interaction({ request: header }))[0]).to.include(
        `${wrong} request header X does not match ab`,
      )
      expect(lint(interaction({ response: { status: 200, ...header } }))[0]).to.include(
        `${wrong} response header X`,
      )
      const body = {
        status: 200,
        body: { content: { fault: { type: 'X Y' } } },
        matchingRules: { body: { '$.fault.type': rules('\\w+') } },
      }
      expect(lint(interaction({ response: body }))[0]).to.include(`${wrong} response body $.fault.type`)
      expect(lint(interaction({ request: { matchingRules: { path: rules('/x') } } }))[0]).to.include(
        'request path',
      )
      const query = { query: { client_id: ['abc'] }, matchingRules: { query: { client_id: rules('\\d+') } } }
      expect(lint(interaction({ request: query }))[0]).to.include('request query client_id')
    })

    it('an array that was written as text', () => {
      const response = { status: 200, headers: { 'Set-Cookie': ['["dwsid=a","dwsecuretoken_1=b"]'] } }
      expect(lint(interaction({ response }))[0]).to.include(
        'response header Set-Cookie is an array written as text',
      )
    })

    it('a token or a credential that is none of the examples', () => {
      for (const value of [`Bearer ${TOKEN}`, 'Basic YW5uOnNlY3JldA=='])
        expect(lint(interaction({ request: { headers: { Authorization: [value] } } }))).to.deep.equal([
          'a guest request: holds a token or a credential that is none of the examples',
        ])
    })
  })

  describe('values of provider states', () => {
    it('a state that is none', () => {
      expect(lint(interaction({ state: 'a unicorn' }))[0]).to.include('"a unicorn" is none')
    })

    it('a value that its state does not give', () => {
      const request = injected('Authorization', `Bearer $\{token}`, 'Bearer x')
      expect(lint(interaction({ state: 'a registered customer', request }))[0]).to.include(`needs $\{token}`)
      expect(lint(interaction({ state: 'a customer token', request }))).to.deep.equal([])
    })

    it('a secret elsewhere than in a header', () => {
      const generators = { path: { type: 'ProviderState', expression: `/$\{token}` } }
      expect(lint(interaction({ state: 'a customer token', request: { generators } }))[0]).to.include(
        'elsewhere than in a header',
      )
    })
  })
})
