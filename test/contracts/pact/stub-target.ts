import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { configSchema } from '../../../src/config/schema.ts'
import type { ProviderStateName } from '../../../src/target/states/states.ts'
import type { Target } from '../../../src/target/target.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface StubTarget extends Target {
  /** `METHOD path` of every request that reached it. */
  readonly requests: string[]
}

/** A target whose every answer the test gives; its states are objects, functions or errors. */
export async function stubTarget(
  handler: Handler,
  states: Partial<Record<ProviderStateName, object | Error | ((target: Target) => Promise<object>)>> = {},
  config: { timeoutSeconds?: number; enforceHttps?: boolean } = {},
): Promise<StubTarget> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  }
  const target: StubTarget = {
    kind: 'url',
    config: configSchema.parse({
      target: { baseUrl, timeoutSeconds: config.timeoutSeconds ?? 5 },
      session: { enforceHttps: config.enforceHttps ?? false },
    }),
    baseUrl,
    shopUrl: `${baseUrl}/s/Site/dw/shop/v25_6`,
    statesUrl: undefined,
    states: {
      passedSeconds: 0,
      // biome-ignore lint/suspicious/noExplicitAny: the values of one state stand for those of the one asked for
      async setUp(name): Promise<any> {
        const values = states[name]
        if (values instanceof Error) throw values
        if (typeof values === 'function') return values(target)
        return values ?? {}
      },
    },
    verification: { kind: 'opaque' },
    defect: undefined,
    requests,
    close,
  }
  return target
}

function json(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** A token of the documented shape; the signature is of the real one's kind, and no example of the pact. */
export const TOKEN = [
  Buffer.from('{"_v":"1","alg":"HS256","typ":"JWT"}').toString('base64url'),
  Buffer.from(
    '{"exp":4102444800,"iat":4102443000,"iss":"client","sub":"{\\"customer_id\\":\\"abSECRET\\"}"}',
  ).toString('base64url'),
  Buffer.from('a signature that nobody may see').toString('base64url'),
].join('.')

export const GUEST = {
  _v: '25.6',
  _type: 'customer',
  auth_type: 'guest',
  customer_id: 'abGuest',
  preferred_locale: 'default',
}

export function answerGuest(response: ServerResponse, more: object = {}): void {
  json(response, 200, { ...GUEST, ...more }, { authorization: `Bearer ${TOKEN}` })
}

export function refuse(response: ServerResponse, status = 401, headers: Record<string, string> = {}): void {
  json(response, status, { fault: { type: 'AuthenticationFailedException', message: 'no' } }, headers)
}
