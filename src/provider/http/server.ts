import { METHODS, STATUS_CODES } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Answer } from '../policies/answers.ts'
import { Fault, malformedRequest, notFound, requestTooLarge } from '../policies/fault.ts'
import type { Policies } from '../policies/policies.ts'

/** Many times what an `auth_request` or a provider state takes. */
const BODY_LIMIT_BYTES = 16 * 1024

/** A server without routes, every failure of which is answered by a fault document. */
export function createServer(policies: Policies): FastifyInstance {
  const { answers } = policies
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1000 },
    frameworkErrors: (error, request, reply) =>
      send(reply, answers.fault(toFault(error) ?? notFound(pathOf(request.url)))),
    clientErrorHandler(error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable) return
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
      socket.end(writeRaw(answers.fault(malformedRequest(status))))
    },
  })
  // Every body arrives as bytes, of whatever type: the order of the checks is ours to keep.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  for (const method of METHODS) {
    if (!app.supportedMethods.includes(method) && method !== 'CONNECT') app.addHttpMethod(method)
  }
  app.setNotFoundHandler((request, reply) => send(reply, answers.fault(notFound(pathOf(request.url)))))
  app.setErrorHandler((error, _request, reply) => {
    const fault = toFault(error)
    // A mistake of ours is no fault of the client's: told as the 500 that it is, and not hidden.
    if (fault === undefined) {
      console.error(error)
      return send(
        reply,
        answers.fault(new Fault(500, 'InternalServerErrorException', 'Internal server error.')),
      )
    }
    return send(reply, answers.fault(fault))
  })
  return app
}

export function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(answer.status).headers(answer.headers).send(answer.body)
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

/** Fastify's own refusals, as faults; undefined for an error that nobody foresaw. */
function toFault(error: unknown): Fault | undefined {
  if (error instanceof Fault) return error
  const { statusCode } = error as { statusCode?: unknown }
  if (statusCode === 413) return requestTooLarge()
  return typeof statusCode === 'number' && statusCode < 500 ? malformedRequest(statusCode) : undefined
}

/** For a connection whose request could not be read, so that there is no reply object. */
function writeRaw({ status, headers, body = '' }: Answer): string {
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  })
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
