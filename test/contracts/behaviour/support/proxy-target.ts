import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { sendRequest } from '../../../../src/client/send-request.ts'
import { isObject, parsedJson } from '../../../../src/ocapi/json.ts'
import type { Target } from '../../../../src/target/target.ts'

/** An answer on its way through the proxy. `json` is its document; header names are in lower case. */
export interface Passing {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  /** The type that the request asks for, where it is one of `POST /customers/auth`. */
  readonly type: unknown
  status: number
  json: Record<string, unknown> | undefined
  /** Sent in the place of `json` where it is set. */
  raw?: string | Buffer
  headers: Record<string, string | undefined>
}

/**
 * The target behind a proxy that changes its answers: a target that made other choices. Its states stay its own.
 * @param issued what a token that was changed on its way is to the target behind: token as changed → as issued
 */
export async function proxyTarget(
  behind: Target,
  change: (answer: Passing) => void,
  issued: ReadonlyMap<string, string> = new Map(),
): Promise<Target> {
  const server = createServer(async (request, response) => {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
    const original = issued.get(token)
    if (original !== undefined) request.headers.authorization = `${scheme} ${original}`
    const answer = await forwarded(request, behind.baseUrl)
    change(answer)
    response.sendDate = false
    response
      .writeHead(
        answer.status,
        Object.fromEntries(Object.entries(answer.headers).filter(([, value]) => value !== undefined)),
      )
      .end(answer.raw ?? (answer.json === undefined ? '' : JSON.stringify(answer.json)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...behind,
    baseUrl,
    shopUrl: behind.shopUrl.replace(behind.baseUrl, baseUrl),
    states: behind.states,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      await behind.close()
    },
  }
}

async function forwarded(request: IncomingMessage, upstream: string): Promise<Passing> {
  const body = await text(request)
  const {
    host,
    connection,
    'content-length': length,
    'transfer-encoding': encoding,
    ...headers
  } = request.headers
  const answer = await sendRequest({
    method: request.method ?? '',
    url: `${upstream}${request.url}`,
    headers,
    body: length === undefined && encoding === undefined ? undefined : body,
  })
  const {
    connection: _,
    'keep-alive': __,
    'content-length': ___,
    'transfer-encoding': ____,
    ...passed
  } = Object.fromEntries(answer.headers)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: headers.authorization,
    type: typeOf(body),
    status: answer.status,
    json: answer.body === '' ? undefined : (JSON.parse(answer.body) as Record<string, unknown>),
    headers: passed,
  }
}

function typeOf(body: string): unknown {
  const document = parsedJson(body)
  return isObject(document) ? document.type : undefined
}
