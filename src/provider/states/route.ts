import type { FastifyInstance } from 'fastify'
import type { Policies } from '../policies/policies.ts'
import { ParameterError } from './parameters.ts'
import { STATES } from './states.ts'

export const STATES_PATH = '/_states'

/** A state to be put into, as Pact's convention sends it. */
interface StateChange {
  state: string
  params: Record<string, unknown>
  action: 'setup' | 'teardown'
}

/**
 * Puts the provider into a state (provider states setup URL of Pact). 200 with the state's values; 400 with the
 * parameter's name; 404 for an unknown state, with the names of all.
 */
export function addStates(app: FastifyInstance, policies: Policies): void {
  app.post(STATES_PATH, async (request, reply) => {
    reply.header('content-type', 'application/json;charset=UTF-8').header('date', policies.clock.httpDate())
    try {
      const { state, params, action } = readStateChange(request.body as Buffer | undefined)
      const setUp = STATES.get(state)
      if (setUp === undefined) {
        reply.code(404)
        return JSON.stringify({ error: `unknown state ${JSON.stringify(state)}`, states: [...STATES.keys()] })
      }
      // Every setup makes things of its own, so there is nothing to tear down.
      return JSON.stringify(action === 'teardown' ? {} : await setUp(policies, params))
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error
      reply.code(400)
      return JSON.stringify({ error: error.message, parameter: error.parameter })
    }
  })
}

/** @throws {ParameterError} */
function readStateChange(body: Buffer | undefined): StateChange {
  const document = parse(body)
  if (!isObject(document)) throw new ParameterError('the body', 'must be a JSON object', document)
  const { state, params, action = 'setup' } = document
  if (typeof state !== 'string') throw new ParameterError('state', 'must be the name of a state', state)
  if (params !== undefined && params !== null && !isObject(params)) {
    throw new ParameterError('params', 'must be a JSON object', params)
  }
  if (action !== 'setup' && action !== 'teardown') {
    throw new ParameterError('action', 'must be "setup" or "teardown"', action)
  }
  return { state, params: params ?? {}, action }
}

function parse(body: Buffer | undefined): unknown {
  try {
    return JSON.parse((body ?? '').toString())
  } catch {
    throw new ParameterError('the body', 'must be JSON', undefined)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
