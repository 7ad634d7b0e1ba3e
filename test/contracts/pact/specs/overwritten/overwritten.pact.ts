import { authRequest, customerAnswer, interaction } from '../../../../../contracts/lib/pact/dsl.ts'

describe('overwritten', () => {
  for (const authType of ['guest', 'registered'] as const) {
    interaction({
      clauses: ['GUEST-1'],
      description: 'one description for two interactions',
      request: authRequest('guest'),
      response: customerAnswer(authType),
    })
  }
})
