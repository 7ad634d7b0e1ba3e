import { readBasic } from '../policies/basic.ts'
import { customerNotFound, Fault } from '../policies/fault.ts'
import { moveTimes } from '../policies/profiles.ts'
import type { Defect } from './defect.ts'
import { refusalWithToken } from './refusal-with-token.ts'

export const credentialsDefects: readonly Defect[] = [
  {
    id: 'login-answers-a-guest',
    title: 'valid credentials answer a new guest',
    clauses: ['CRED-1'],
    underLoad: false,
    plant: () => ({
      authentication: (correct) => ({
        ...correct,
        async credentials(clientId, authorization) {
          await correct.credentials(clientId, authorization)
          return correct.guest(clientId)
        },
      }),
    }),
  },
  {
    id: 'login-ignores-the-password',
    title: 'any password logs a customer in',
    clauses: ['CRED-2'],
    underLoad: false,
    plant: () => ({
      passwords: (correct) => ({ ...correct, matches: async (_password, stored) => stored !== undefined }),
    }),
  },
  {
    id: 'unknown-login-answers-404',
    title: 'an unknown login is told to be unknown',
    clauses: ['CRED-2'],
    underLoad: false,
    plant: () => ({
      authentication: (correct, { customers }) => ({
        ...correct,
        async credentials(clientId, authorization) {
          const login = readBasic(authorization)?.login
          if (login !== undefined && customers.findByLogin(login) === undefined) throw customerNotFound('')
          return correct.credentials(clientId, authorization)
        },
      }),
    }),
  },
  {
    id: 'malformed-basic-answers-500',
    title: 'a malformed Basic header makes an internal error',
    clauses: ['CRED-2'],
    underLoad: false,
    plant: () => ({
      authentication: (correct) => ({
        ...correct,
        async credentials(clientId, authorization) {
          if (authorization !== undefined && readBasic(authorization) === undefined) throw internalError()
          return correct.credentials(clientId, authorization)
        },
      }),
    }),
  },
  {
    id: 'login-refusal-carries-a-token',
    title: 'a refused login carries a token in its header',
    clauses: ['CRED-2'],
    underLoad: false,
    plant: () => refusalWithToken('credentials', 'header'),
  },
  {
    id: 'login-leaves-the-times',
    title: "a login does not touch the profile's times",
    clauses: ['CRED-3'],
    underLoad: false,
    plant: () => ({ profiles: (correct) => ({ ...correct, recordLogin() {} }) }),
  },
  {
    id: 'login-times-an-hour-off',
    title: "a login sets the profile's times to an hour ago: local time is written as UTC",
    clauses: ['CRED-3'],
    underLoad: false,
    plant: () => ({
      profiles: (correct, { clock }) => ({
        ...correct,
        recordLogin: (customer) => moveTimes(customer, clock.now() - 3_600_000),
      }),
    }),
  },
]

/** What a backend answers when its own code fails. */
export function internalError(): Fault {
  return new Fault(500, 'InternalServerErrorException', 'Internal server error.')
}
