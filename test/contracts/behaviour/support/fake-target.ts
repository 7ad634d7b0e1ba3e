import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ConfigInput, configSchema } from '../../../../src/config/schema.ts'
import type { ProviderStates } from '../../../../src/target/states/states.ts'
import type { Target } from '../../../../src/target/target.ts'

export interface FakeTarget extends Target {
  /** What was asked, in order: method and path. */
  readonly requests: readonly string[]
}

/** A target that answers whatever the test wants, to see what the frame makes of it. */
export async function fakeTarget(
  answer: RequestListener,
  options: { states?: ProviderStates; config?: ConfigInput; statesUrl?: string | undefined } = {},
): Promise<FakeTarget> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    kind: 'url',
    config: configSchema.parse(options.config ?? {}),
    baseUrl,
    shopUrl: baseUrl,
    statesUrl: 'statesUrl' in options ? options.statesUrl : `${baseUrl}/_states`,
    states: options.states ?? noStates,
    verification: { kind: 'opaque' },
    defect: undefined,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const noStates: ProviderStates = {
  passedSeconds: 0,
  setUp: async (state) => {
    throw new Error(`the test gave no state "${state}"`)
  },
}

/** An answer as a server writes it. */
export function reply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): RequestListener {
  return (request, response) => {
    request.resume()
    response
      .writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

export const FAULT = { fault: { type: 'AuthenticationFailedException', message: 'no', arguments: {} } }

/** A token as the vendor's are, with a signature that nobody can verify. */
export function tokenOf(claims: {
  iss?: string
  iat?: number
  exp?: number
  customerId?: string
  guest?: boolean
}): string {
  const iat = claims.iat ?? Math.floor(Date.now() / 1000)
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [
    encode({ _v: '1', alg: 'HS256', typ: 'JWT' }),
    encode({
      _v: '1',
      exp: claims.exp ?? iat + 1800,
      iat,
      iss: claims.iss ?? 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      sub: JSON.stringify({
        _v: '1',
        customer_info: { customer_id: claims.customerId ?? 'abc', guest: claims.guest ?? true },
      }),
    }),
    Buffer.from('signature').toString('base64url'),
  ].join('.')
}

export const GUEST = { _type: 'customer', auth_type: 'guest', customer_id: 'abc' }
