import {
  authRequest,
  customerAnswer,
  fault,
  interaction,
  sessionCookies,
  wrongCookies,
} from './lib/pact/dsl.ts'

describe('session', () => {
  for (const customer of ['guest', 'registered'] as const) {
    interaction({
      clauses: ['SDK-1', 'SDK-2', 'SESS-1', 'TOKEN-1', 'TOKEN-2'],
      given: ['an active session', { customer }],
      description: `a session request with the cookies of a ${customer} session`,
      request: authRequest('session', { cookie: sessionCookies }),
      response: customerAnswer(customer),
    })

    interaction({
      clauses: ['SESS-2', 'FAULT-1'],
      given: ['an expired session', { customer }],
      description: `a session request with the cookies of an expired ${customer} session`,
      request: authRequest('session', { cookie: sessionCookies }),
      response: fault(401, 'AuthenticationFailedException'),
      prerequisite: `a session request with the cookies of a ${customer} session`,
    })

    interaction({
      clauses: ['SESS-4', 'FAULT-1'],
      given: ['a session whose secure token was never used', { customer }],
      description: `a session request with the cookies of a ${customer} session whose secure token was never used`,
      request: authRequest('session', { cookie: sessionCookies }),
      response: fault(401, 'AuthenticationFailedException'),
      prerequisite: `a session request with the cookies of a ${customer} session`,
    })
  }

  const refusals = {
    'without a secure token': wrongCookies.noSecureToken,
    'with a wrong secure token': wrongCookies.wrongSecureToken,
    'with a secure token and no dwsid': wrongCookies.noDwsid,
    'without cookies': undefined,
  }
  for (const [how, cookie] of Object.entries(refusals)) {
    interaction({
      clauses: ['SESS-3', 'FAULT-1'],
      given: ['an active session', { customer: 'registered' }],
      description: `a session request ${how}`,
      request: authRequest('session', cookie && { cookie }),
      response: fault(401, 'AuthenticationFailedException'),
      prerequisite: 'a session request with the cookies of a registered session',
    })
  }

  interaction({
    clauses: ['SESS-3', 'FAULT-1'],
    given: ['active sessions', { count: 2, customer: 'registered' }],
    description: "a session request with another session's secure token",
    request: authRequest('session', { cookie: wrongCookies.anothersSecureToken }),
    response: fault(401, 'AuthenticationFailedException'),
    prerequisite: 'a session request with the cookies of a registered session',
  })
})
