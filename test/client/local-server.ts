import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  method: string
  url: string
  headers: IncomingMessage['headers']
  /** Name, value, name, value, as they came. */
  rawHeaders: string[]
  body: string
}

export type Handler = (response: ServerResponse, request: Received) => void

/** A server on 127.0.0.1 that answers as a test says and keeps what it received. */
export class LocalServer {
  readonly received: Received[] = []
  handler: Handler = (response) => response.end()
  readonly #server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request
      const received = { method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString() }
      this.received.push(received)
      this.handler(response, received)
    })
  })

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get last(): Received {
    const last = this.received.at(-1)
    if (last === undefined) throw new Error('nothing was received')
    return last
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

export function answerJson(
  status: number,
  document: unknown,
  headers: Record<string, string | string[]> = {},
): Handler {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers })
    response.end(JSON.stringify(document))
  }
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it was not rejected')
}
