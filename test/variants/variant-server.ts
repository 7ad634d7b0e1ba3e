import { createHash, createPrivateKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { sendRequest } from '../../src/client/send-request.ts'
import { isObject, parsedJson } from '../../src/ocapi/json.ts'

/** A response of the reference provider on its way; header names in lower case. */
interface Passing {
  status: number
  headers: Record<string, string | string[]>
  json: Record<string, unknown> | undefined
}

/** How a target may differ from the reference provider and be as right. */
interface Variant {
  readonly change?: (passing: Passing) => void
  /** Another token for the same claims; requests with it are sent on with the one that was issued. */
  readonly token?: (header: Record<string, unknown>, payload: Record<string, unknown>) => string
  readonly delayMs?: () => number
  readonly send?: (response: ServerResponse, passing: Passing) => void
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const bodyOf = ({ json }: Passing) => (json === undefined ? '' : JSON.stringify(json))

let key: KeyObject | undefined

function rs256(header: Record<string, unknown>, payload: Record<string, unknown>): string {
  key ??= createPrivateKey(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
  )
  const input = `${encode({ ...header, alg: 'RS256', typ: 'JWS' })}.${encode({ ...payload, scope: 'x'.repeat(1800) })}`
  return `${input}.${createSign('sha256').update(input).sign(key, 'base64url')}`
}

export const VARIANTS: Readonly<Record<string, Variant>> = {
  'closes every connection': {
    send: (response, passing) => {
      response.shouldKeepAlive = false
      response.writeHead(passing.status, { ...passing.headers, connection: 'close' }).end(bodyOf(passing))
    },
  },
  'sends bodies in chunks': {
    send: (response, passing) => {
      const body = bodyOf(passing)
      response.writeHead(passing.status, passing.headers)
      if (body !== '') {
        response.write(body.slice(0, body.length >> 1))
        response.write(body.slice(body.length >> 1))
      }
      response.end()
    },
  },
  'typed fault arguments': {
    change: ({ json }) => {
      if (!isObject(json?.fault)) return
      const given = isObject(json.fault.arguments) ? json.fault.arguments : {}
      json.fault.arguments = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name, { type: 'string', value }]),
      )
    },
  },
  'sub without customer_info': {
    token: (header, payload) => {
      const { customer_info } = JSON.parse(String(payload.sub)) as { customer_info: object }
      const flat = { ...payload, sub: JSON.stringify(customer_info) }
      const signature = createHash('sha256').update(encode(flat)).digest('base64url')
      return `${encode(header)}.${encode(flat)}.${signature}`
    },
  },
  'RS256 and a token of 3 kB': { token: rs256 },
  'members that nobody knows': {
    change: ({ json }) => {
      if (json === undefined) return
      json._resource_state = 'a1'
      json.c_loyalty = { tier: 'gold', points: 12.5 }
      if (isObject(json.fault)) json.fault.display_message_pattern = 'No.'
    },
  },
  'odd cookies and headers of proxies': {
    change: ({ headers }) => {
      headers['set-cookie'] = [
        ...[headers['set-cookie'] ?? []].flat(),
        '__cf_bm=abc.def-1; path=/; HttpOnly; Secure; SameSite=None',
        'dw_dnt=0; Path=/',
        'odd',
      ]
      headers.via = '1.1 varnish, 1.1 edge'
      headers.server = 'cloudflare'
      headers['x-cache'] = 'MISS'
    },
  },
  '30 to 120 ms': { delayMs: () => 30 + Math.random() * 90 },
  'gzip that nobody asked for': {
    send: (response, passing) => {
      const body = bodyOf(passing)
      if (body === '') response.writeHead(passing.status, passing.headers).end()
      else
        response
          .writeHead(passing.status, { ...passing.headers, 'content-encoding': 'gzip' })
          .end(gzipSync(body))
    },
  },
  'names of headers in lower case': {
    send: (response, passing) => {
      response.writeHead(passing.status, passing.headers).end(bodyOf(passing))
    },
  },
}

export interface VariantServer {
  readonly url: string
  readonly statesUrl: string
  close(): Promise<void>
}

/** A variant of the provider at `upstream`, its states too. */
export async function startVariant(
  upstream: { url: string; statesUrl: string },
  variant: Variant,
): Promise<VariantServer> {
  const issued = new Map<string, string>()

  /** The token as this variant would have issued it. */
  const asIssued = (token: string): string => {
    const [head = '', body = ''] = token.split('.')
    if (variant.token === undefined) return token
    const read = (section: string) =>
      JSON.parse(Buffer.from(section, 'base64url').toString()) as Record<string, unknown>
    const other = variant.token(read(head), read(body))
    issued.set(other, token)
    return other
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const passing = await forward(request)
    const { authorization } = passing.headers
    if (typeof authorization === 'string')
      passing.headers.authorization = `Bearer ${asIssued(authorization.slice(7))}`
    const isState = request.url?.startsWith('/_states') === true
    if (isState && typeof passing.json?.token === 'string') passing.json.token = asIssued(passing.json.token)
    if (!isState) variant.change?.(passing)
    await sleep(isState ? 0 : (variant.delayMs?.() ?? 0))
    if (variant.send === undefined || isState)
      response.writeHead(passing.status, passing.headers).end(bodyOf(passing))
    else variant.send(response, passing)
  }

  async function forward(request: IncomingMessage): Promise<Passing> {
    const { host, connection, 'content-length': _, 'transfer-encoding': __, ...headers } = request.headers
    const token = /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1]
    const original = token === undefined ? undefined : issued.get(token)
    if (original !== undefined) headers.authorization = `Bearer ${original}`
    const body = await buffer(request)
    const answered = await sendRequest({
      method: request.method ?? 'GET',
      url: `${upstream.url}${request.url}`,
      headers,
      body: body.length > 0 ? body : undefined,
      timeoutMs: 60_000,
    })
    const json = parsedJson(answered.body)
    const kept = [...answered.headers].filter(([name]) => !PER_CONNECTION.has(name))
    return {
      status: answered.status,
      headers: {
        ...Object.fromEntries(kept),
        ...(answered.setCookies.length > 0 && { 'set-cookie': answered.setCookies }),
      },
      json: isObject(json) ? json : undefined,
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    statesUrl: `${url}${new URL(upstream.statesUrl).pathname}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const PER_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'set-cookie',
])
