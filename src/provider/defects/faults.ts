import { Fault, missingClientId } from '../policies/fault.ts'
import { internalError } from './credentials.ts'
import type { Defect } from './defect.ts'

export const faultDefects: readonly Defect[] = [
  {
    id: 'fault-without-envelope',
    title: 'a failure answers the fault itself, without the document around it',
    clauses: ['FAULT-1'],
    underLoad: false,
    plant: () => ({
      answers: (correct) => ({
        ...correct,
        fault(fault) {
          const { type, message } = fault
          return {
            ...correct.fault(fault),
            body: JSON.stringify({ type, message, arguments: fault.arguments }),
          }
        },
      }),
    }),
  },
  {
    id: 'fault-as-html',
    title: 'a failure answers an HTML page',
    clauses: ['FAULT-1'],
    underLoad: false,
    plant: () => ({
      answers: (correct) => ({
        ...correct,
        fault(fault) {
          const answer = correct.fault(fault)
          return {
            ...answer,
            headers: { ...answer.headers, 'content-type': 'text/html;charset=UTF-8' },
            body: `<!doctype html><title>${fault.status}</title><h1>${fault.type}</h1>`,
          }
        },
      }),
    }),
  },
  {
    id: 'unknown-type-answers-500',
    title: 'an unknown type makes an internal error',
    clauses: ['FAULT-2'],
    underLoad: false,
    plant: () => failing('EnumConstraintViolationException', internalError),
  },
  {
    id: 'type-number-is-a-guest',
    title: 'a type that is a number is taken for a guest request',
    clauses: ['FAULT-2'],
    underLoad: false,
    plant: () => ({
      authRequests: (correct) => ({
        read(contentType, body) {
          const text = body?.toString() ?? ''
          return correct.read(contentType, Buffer.from(text.replace(/("type"\s*:\s*)\d+/, '$1"guest"')))
        },
      }),
    }),
  },
  {
    id: 'missing-type-is-a-guest',
    title: 'a body without a type is taken for a guest request',
    clauses: ['FAULT-2'],
    underLoad: false,
    plant: () => ({
      authRequests: (correct) => ({
        read(contentType, body) {
          try {
            return correct.read(contentType, body)
          } catch (error) {
            if (error instanceof Fault && error.type === 'PropertyConstraintViolationException')
              return 'guest'
            throw error
          }
        },
      }),
    }),
  },
  {
    id: 'bad-body-answers-500',
    title: 'a body that is no JSON object makes an internal error',
    clauses: ['FAULT-2'],
    underLoad: false,
    plant: () => failing('BodyDecodingException', internalError),
  },
  {
    id: 'missing-client-id-accepted',
    title: 'a request without a client id is served',
    clauses: ['FAULT-3'],
    underLoad: false,
    plant: () => ({
      clients: (correct, { settings }) => ({
        identify(source) {
          const named = source.authorization || source.query || source.header
          return correct.identify(named ? source : { ...source, header: settings.clientIds[0] })
        },
      }),
    }),
  },
  {
    id: 'missing-client-id-answers-401',
    title: 'a request without a client id is refused as an unknown one is',
    clauses: ['FAULT-3'],
    underLoad: false,
    plant: () => ({
      answers: (correct) => ({
        ...correct,
        fault: (fault) =>
          correct.fault(
            fault.type === missingClientId().type
              ? new Fault(401, 'UnknownClientIdException', 'The client id is unknown.')
              : fault,
          ),
      }),
    }),
  },
  {
    id: 'unknown-client-id-accepted',
    title: 'a request with an unknown client id is served',
    clauses: ['FAULT-3'],
    underLoad: false,
    plant: () => ({
      clients: (correct, { settings }) => ({
        identify(source) {
          try {
            return correct.identify(source)
          } catch (error) {
            if (error instanceof Fault && error.type === 'UnknownClientIdException')
              return settings.clientIds[0] ?? ''
            throw error
          }
        },
      }),
    }),
  },
]

/** One kind of bad request is answered by another fault. */
function failing(type: string, other: () => Fault): ReturnType<Defect['plant']> {
  return {
    authRequests: (correct) => ({
      read(contentType, body) {
        try {
          return correct.read(contentType, body)
        } catch (error) {
          throw error instanceof Fault && error.type === type ? other() : error
        }
      },
    }),
  }
}
