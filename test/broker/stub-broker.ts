import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Broker } from '../../src/broker/broker.ts'

interface Recorded {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: unknown
}

export interface StubBroker {
  url: string
  /** Of a client with the token `s3cret-token`. */
  broker: Broker
  requests: Recorded[]
  /** What to answer: `GET /path` to a status and a JSON body; anything else is 404. */
  answers: Record<string, Answer>
  close(): Promise<void>
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> }

/** A server that answers as a broker would, and records what it was asked. */
export async function startStubBroker(): Promise<StubBroker> {
  const requests: Recorded[] = []
  const answers: Record<string, Answer> = {}
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const path = request.url ?? ''
    requests.push({
      method: request.method ?? '',
      path,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    })
    const answer = answers[`${request.method} ${path}`] ?? { status: 404, body: { error: 'not found' } }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/hal+json', ...answer.headers })
    response.end(
      answer.body === undefined
        ? ''
        : typeof answer.body === 'string'
          ? answer.body
          : JSON.stringify(answer.body),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  answers['GET /'] = { body: indexOf(url) }
  return {
    url,
    broker: new Broker(url, { kind: 'token', token: 's3cret-token' }),
    requests,
    answers,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Those links of a broker's index that clients follow. */
function indexOf(url: string): unknown {
  const links = {
    'pb:publish-contracts': '/contracts/publish',
    'pb:pacticipants': '/pacticipants',
    'pb:pacticipant': '/pacticipants/{pacticipant}',
    'pb:pacticipant-version': '/pacticipants/{pacticipant}/versions/{version}',
    'pb:pacticipant-branch-version': '/pacticipants/{pacticipant}/branches/{branch}/versions/{version}',
    'pb:provider-pacts-for-verification': '/pacts/provider/{provider}/for-verification',
    'pb:environments': '/environments',
  }
  return {
    _links: Object.fromEntries(
      Object.entries(links).map(([relation, path]) => [relation, { href: url + path }]),
    ),
  }
}

/** What an expression throws or rejects with. */
export async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
