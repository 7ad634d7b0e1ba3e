import type { Authentication } from '../policies/authentication.ts'
import { Fault } from '../policies/fault.ts'
import type { Plant } from '../policies/policies.ts'

/** Refusals of one auth type carry a guest's token, in a header or in the fault's arguments. */
export function refusalWithToken(type: 'credentials' | 'session', where: 'header' | 'body'): Plant {
  const tokens = new WeakMap<Fault, string>()
  return {
    authentication(correct): Authentication {
      async function withToken(clientId: string, attempt: () => ReturnType<Authentication[typeof type]>) {
        try {
          return await attempt()
        } catch (error) {
          if (error instanceof Fault) tokens.set(error, (await correct.guest(clientId)).token)
          throw error
        }
      }
      return {
        ...correct,
        [type]: (clientId: string, header: string | undefined) =>
          withToken(clientId, () => correct[type](clientId, header)),
      }
    },
    answers: (correct) => ({
      ...correct,
      fault(fault) {
        const token = tokens.get(fault)
        if (token === undefined) return correct.fault(fault)
        if (where === 'header') {
          const answer = correct.fault(fault)
          return { ...answer, headers: { ...answer.headers, authorization: `Bearer ${token}` } }
        }
        return correct.fault(
          new Fault(fault.status, fault.type, fault.message, { ...fault.arguments, token }),
        )
      },
    }),
  }
}
