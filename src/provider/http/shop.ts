import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { Answer } from '../policies/answers.ts'
import type { Grant } from '../policies/authentication.ts'
import { invalidVersion, methodNotAllowed, unknownSite, versionNotFound } from '../policies/fault.ts'
import type { Policies } from '../policies/policies.ts'
import { send } from './server.ts'

interface Shop {
  Params: { siteId: string; version: string; customerId: string }
}
type ShopRequest = FastifyRequest<Shop>
type Handler = (request: ShopRequest) => Answer | Promise<Answer>

const SHOP = '/s/:siteId/dw/shop/:version'

/** The resources of the Shop API. Checks run in one order everywhere: version, site, method, client, body. */
export function addShop(app: FastifyInstance, policies: Policies): void {
  const { settings, authentication, access, answers, authRequests, clients } = policies

  function checkAddress({ siteId, version }: Shop['Params']): void {
    if (version !== settings.apiVersion) {
      throw /^v\d{2}_\d{1,2}$/.test(version) ? versionNotFound(version) : invalidVersion()
    }
    if (siteId !== settings.siteId) throw unknownSite(siteId)
  }

  function clientOf({ headers, query }: ShopRequest): string {
    return clients.identify({
      authorization: headers.authorization,
      query: firstValue((query as Record<string, string | string[] | undefined>).client_id),
      header: firstValue(headers['x-dw-client-id']),
    })
  }

  function authenticate(request: ShopRequest, clientId: string): Grant | Promise<Grant> {
    const { authorization, cookie, 'content-type': contentType } = request.headers
    switch (authRequests.read(contentType, request.body as Buffer | undefined)) {
      case 'guest':
        return authentication.guest(clientId)
      case 'credentials':
        return authentication.credentials(clientId, authorization)
      case 'session':
        return authentication.session(clientId, cookie)
      case 'refresh':
        return authentication.refresh(authorization)
    }
  }

  /** A resource answers its own methods, OPTIONS, and 405 for all others. */
  function resource(path: string, handlers: Partial<Record<HTTPMethods, Handler>>): void {
    const allow = [...Object.keys(handlers), 'OPTIONS'].join(', ')
    for (const method of app.supportedMethods) {
      const handle: Handler =
        handlers[method] ??
        ((request) => {
          if (request.method === 'OPTIONS') return answers.options(allow)
          throw methodNotAllowed(request.method, allow)
        })
      const respond = (request: ShopRequest, reply: FastifyReply) => {
        checkAddress(request.params)
        const answer = handle(request)
        return answer instanceof Promise ? answer.then((late) => send(reply, late)) : send(reply, answer)
      }
      app.route<Shop>({ method, url: SHOP + path, handler: respond })
    }
  }

  resource('/customers/auth', {
    POST: (request) => {
      const grant = authenticate(request, clientOf(request))
      return grant instanceof Promise ? grant.then(answers.grant) : answers.grant(grant)
    },
    DELETE: (request) => {
      clientOf(request)
      access.endToken(request.headers.authorization)
      return answers.noContent()
    },
  })

  const readCustomer: Handler = async (request) => {
    clientOf(request)
    return answers.customer(
      await access.readCustomer(request.headers.authorization, request.params.customerId),
    )
  }
  resource('/customers/:customerId', { GET: readCustomer, HEAD: readCustomer })

  resource('/sessions', {
    POST: (request) => {
      clientOf(request)
      return answers.session(access.openSession(request.headers.authorization))
    },
  })
}

function firstValue(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
