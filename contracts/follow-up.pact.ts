import { bearer, customerAnswer, customerRequest, fault, interaction, wrongBearer } from './lib/pact/dsl.ts'

describe('follow-up', () => {
  for (const customer of ['guest', 'registered'] as const) {
    interaction({
      clauses: ['USE-1'],
      given: ['a customer token', { customer }],
      description: `a follow-up request with the token of a ${customer} customer`,
      request: customerRequest({ authorization: bearer }),
      response: customerAnswer(customer, { withToken: false }),
    })
  }

  // Which status and fault a follow-up is declined with is documented nowhere.
  interaction({
    clauses: ['USE-2', 'FAULT-1'],
    given: ['a customer token', { customer: 'registered' }],
    description: 'a follow-up request without a token',
    request: customerRequest(),
    response: fault('4xx'),
    prerequisite: 'a follow-up request with the token of a registered customer',
  })

  interaction({
    clauses: ['USE-3', 'FAULT-1'],
    given: ['an expired customer token', { customer: 'registered' }],
    description: 'a follow-up request with an expired token',
    request: customerRequest({ authorization: bearer }),
    response: fault('4xx'),
    prerequisite: 'a follow-up request with the token of a registered customer',
  })

  const refusals = {
    'with an altered payload': wrongBearer.payload,
    'with an altered signature': wrongBearer.signature,
    'with a token that says alg none': wrongBearer.algNone,
    'with a token of two sections': wrongBearer.twoSections,
  }
  for (const [how, authorization] of Object.entries(refusals)) {
    interaction({
      clauses: ['USE-3', 'FAULT-1'],
      given: ['a customer token', { customer: 'registered' }],
      description: `a follow-up request ${how}`,
      request: customerRequest({ authorization }),
      response: fault('4xx'),
      prerequisite: 'a follow-up request with the token of a registered customer',
    })
  }
})
