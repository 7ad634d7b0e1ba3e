import { authRequest, clientId, customerAnswer, interaction, rawAuthRequest } from './lib/pact/dsl.ts'

describe('guest', () => {
  interaction({
    clauses: ['SDK-1', 'GUEST-1', 'TOKEN-1', 'TOKEN-2'],
    description: 'a guest request',
    request: authRequest('guest'),
    response: customerAnswer('guest'),
  })

  interaction({
    clauses: ['GUEST-1', 'TOKEN-1', 'TOKEN-2'],
    description: 'a guest request with the client id in the query',
    request: rawAuthRequest({ body: { type: 'guest' }, clientId: null, clientIdInQuery: clientId }),
    response: customerAnswer('guest'),
  })
})
