import { authRequest, basic, customerAnswer, fault, interaction, wrongBasic } from './lib/pact/dsl.ts'

describe('credentials', () => {
  interaction({
    clauses: ['SDK-1', 'SDK-2', 'CRED-1', 'TOKEN-1', 'TOKEN-2'],
    given: ['a registered customer', {}],
    description: 'a credentials request with the right password',
    request: authRequest('credentials', { authorization: basic }),
    response: customerAnswer('registered'),
  })

  const refusals = {
    'with a wrong password': wrongBasic.password,
    'with an unknown login': wrongBasic.login,
    'with an empty password': wrongBasic.noPassword,
    'whose credentials hold no colon': wrongBasic.noColon,
    'whose credentials are not base64': wrongBasic.notBase64,
    'with the scheme Bearer': wrongBasic.scheme,
    'without an Authorization header': undefined,
  }
  for (const [how, authorization] of Object.entries(refusals)) {
    interaction({
      clauses: ['CRED-2', 'FAULT-1'],
      // Failures are counted, so of a target with real accounts this takes one that may be locked.
      given: ['a registered customer', { failedLogins: 0 }],
      description: `a credentials request ${how}`,
      request: authRequest('credentials', authorization && { authorization }),
      response: fault(401, 'AuthenticationFailedException'),
      prerequisite: 'a credentials request with the right password',
    })
  }

  // No document says which status and fault a locked customer gets: 401, 403, 423 and 429 are all seen elsewhere.
  interaction({
    clauses: ['LOCK-1', 'FAULT-1'],
    given: ['a locked customer', {}],
    description: 'a credentials request with the right password of a locked customer',
    request: authRequest('credentials', { authorization: basic }),
    response: fault('4xx'),
    prerequisite: 'a credentials request with the right password',
  })
})
