import {
  authRequest,
  basic,
  bearer,
  customerAnswer,
  fault,
  interaction,
  wrongBearer,
} from './lib/pact/dsl.ts'

describe('refresh', () => {
  for (const customer of ['guest', 'registered'] as const) {
    interaction({
      clauses: ['SDK-1', 'SDK-2', 'REFR-1', 'TOKEN-1', 'TOKEN-2'],
      given: ['a customer token', { customer }],
      description: `a refresh request with the token of a ${customer} customer`,
      request: authRequest('refresh', { authorization: bearer }),
      response: customerAnswer(customer),
    })

    interaction({
      clauses: ['REFR-3', 'FAULT-1'],
      given: ['an expired customer token', { customer }],
      description: `a refresh request with the expired token of a ${customer} customer`,
      request: authRequest('refresh', { authorization: bearer }),
      response: fault(401),
      prerequisite: `a refresh request with the token of a ${customer} customer`,
    })
  }

  const refusals = {
    'with an altered payload': wrongBearer.payload,
    'with an altered signature': wrongBearer.signature,
    'with a token that says alg none': wrongBearer.algNone,
    'with a token of two sections': wrongBearer.twoSections,
    'with a valid token under the scheme Basic': wrongBearer.scheme,
    'without an Authorization header': undefined,
  }
  for (const [how, authorization] of Object.entries(refusals)) {
    interaction({
      clauses: ['REFR-3', 'FAULT-1'],
      given: ['a customer token', { customer: 'registered' }],
      description: `a refresh request ${how}`,
      request: authRequest('refresh', authorization && { authorization }),
      response: fault(401),
      prerequisite: 'a refresh request with the token of a registered customer',
    })
  }

  interaction({
    clauses: ['REFR-3', 'FAULT-1'],
    given: ['a registered customer', {}],
    description: 'a refresh request with the right Basic credentials',
    request: authRequest('refresh', { authorization: basic }),
    response: fault(401),
    prerequisite: 'a refresh request with the token of a registered customer',
  })
})
