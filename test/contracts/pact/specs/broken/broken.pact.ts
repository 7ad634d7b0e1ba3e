import { authRequest, customerAnswer, interaction } from '../../../../../contracts/lib/pact/dsl.ts'

describe('broken', () => {
  interaction({
    clauses: ['GUEST-1'],
    description: 'a request that the client sends as the pact says',
    request: authRequest('guest'),
    response: customerAnswer('guest'),
  })

  interaction({
    clauses: ['GUEST-1'],
    description: 'a request that the client sends otherwise',
    request: { ...authRequest('session'), send: authRequest('guest').send },
    response: customerAnswer('guest'),
  })

  interaction({
    clauses: ['GUEST-1'],
    description: 'an answer that the client reads otherwise',
    request: authRequest('guest'),
    response: { ...customerAnswer('guest'), expect: customerAnswer('registered').expect },
  })
})
