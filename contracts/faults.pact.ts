import { fault, interaction, rawAuthRequest, UNKNOWN_CLIENT_ID } from './lib/pact/dsl.ts'

// The clauses name statuses only, so no type of fault is pinned here.
describe('faults', () => {
  const bodies = {
    'of an unknown type': { body: { type: 'unknown' } },
    'without a type': { body: {} },
    'whose type is null': { body: { type: null } },
    'whose type is a number': { body: { type: 1 } },
    'whose body is null': { rawBody: 'null' },
    'whose body is a number': { body: 42 },
    'whose body is a text': { rawBody: '"guest"' },
    'whose body is an array': { body: [{ type: 'guest' }] },
    'whose body is not JSON': { rawBody: '{"type": "guest"' },
    'whose body is empty': {},
  }
  for (const [how, body] of Object.entries(bodies)) {
    interaction({
      clauses: ['FAULT-2', 'FAULT-1'],
      description: `a request ${how}`,
      request: rawAuthRequest(body),
      response: fault(400),
      prerequisite: 'a guest request',
    })
  }

  // 415 by one page of the documentation, 400 by another.
  interaction({
    clauses: ['FAULT-1'],
    description: 'a guest request of a media type that is not supported',
    request: rawAuthRequest({ body: { type: 'guest' }, contentType: 'text/plain' }),
    response: fault('4xx'),
    prerequisite: 'a guest request',
  })

  interaction({
    clauses: ['FAULT-3', 'FAULT-1'],
    description: 'a guest request without a client id',
    request: rawAuthRequest({ body: { type: 'guest' }, clientId: null }),
    response: fault(400),
    prerequisite: 'a guest request',
  })

  interaction({
    clauses: ['FAULT-3', 'FAULT-1'],
    description: 'a guest request with an unknown client id',
    request: rawAuthRequest({ body: { type: 'guest' }, clientId: UNKNOWN_CLIENT_ID }),
    response: fault(401),
    prerequisite: 'a guest request',
  })

  interaction({
    clauses: ['FAULT-3', 'FAULT-1'],
    description: 'a guest request with an unknown client id in the query',
    request: rawAuthRequest({ body: { type: 'guest' }, clientId: null, clientIdInQuery: UNKNOWN_CLIENT_ID }),
    response: fault(401),
    prerequisite: 'a guest request with the client id in the query',
  })
})
