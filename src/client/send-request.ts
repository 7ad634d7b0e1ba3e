import { Agent, request } from 'undici'
import { type Exchange, recordExchange } from '../verdict/evidence.ts'
import { decoded } from './content-coding.ts'
import { AbortError, ClientError, InvalidRequestError, NetworkError, TimeoutError } from './errors.ts'

/** By name, in any case; a list is sent as several lines, `null` and `undefined` are not sent. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | null | undefined>>

export interface RawRequest {
  method: string
  url: string
  headers?: RequestHeaders | undefined
  /** Sent as it is; no content type is added. */
  body?: string | Uint8Array | undefined
  /** From the call to the last byte of the answer, in ms. */
  timeoutMs?: number | undefined
  signal?: AbortSignal | undefined
  /** Called once, before the call settles, also when no answer came; the exchange is redacted. */
  onExchange?: ((exchange: Exchange) => void) | undefined
}

export interface RawResponse {
  status: number
  headers: Headers
  /** The values of the `Set-Cookie` lines, one an entry. */
  setCookies: string[]
  /** Without its content coding; a byte-order mark is dropped. */
  body: string
}

export const DEFAULT_TIMEOUT_MS = 10_000

/** An answer larger than this (bytes) is an error: no document of the API comes near it. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024

const agent = new Agent({ maxResponseSize: MAX_ANSWER_BYTES, headersTimeout: 0, bodyTimeout: 0 })

/**
 * Sends one HTTP request exactly as it is described and reads the whole answer, whatever its status. Redirects are
 * not followed. `undici.request` and not `fetch`, which adds a content type to a text body, joins repeated headers
 * into one line and refuses a body on a GET: a harness has to be able to send what is wrong.
 * @throws {NetworkError} {@link TimeoutError} {@link AbortError} {@link InvalidRequestError}
 */
export async function sendRequest(raw: RawRequest): Promise<RawResponse> {
  const startedAt = performance.now()
  const headers = sendableHeaders(raw.headers ?? {})
  const record = (outcome: Pick<Exchange, 'response' | 'error'>): void => {
    raw.onExchange?.(
      recordExchange({
        request: {
          method: raw.method,
          url: raw.url,
          headers: joinedHeaders(headers),
          ...(raw.body !== undefined && {
            body: typeof raw.body === 'string' ? raw.body : Buffer.from(raw.body).toString(),
          }),
        },
        ...outcome,
        durationMs: performance.now() - startedAt,
      }),
    )
  }
  let response: RawResponse
  try {
    response = await exchange(raw, headers)
  } catch (error) {
    if (error instanceof ClientError) record({ error: { code: error.code, message: error.message } })
    throw error
  }
  record({
    response: {
      status: response.status,
      headers: { ...Object.fromEntries(response.headers), ...joinedCookies(response.setCookies) },
      body: response.body,
    },
  })
  return response
}

async function exchange(raw: RawRequest, headers: Record<string, string | string[]>): Promise<RawResponse> {
  const title = `${raw.method} ${raw.url}`
  const timeoutMs = raw.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const deadline = deadlineAfter(title, timeoutMs)
  try {
    const answer = await request(raw.url, {
      dispatcher: agent,
      method: raw.method,
      headers,
      body: raw.body ?? null,
      signal: raw.signal === undefined ? deadline : AbortSignal.any([deadline, raw.signal]),
    })
    const sent = Buffer.from(await answer.body.arrayBuffer())
    const received = receivedHeaders(answer.headers)
    const body = await decoded(sent, received.get('content-encoding'), MAX_ANSWER_BYTES)
    return {
      status: answer.statusCode,
      headers: received,
      setCookies: received.getSetCookie(),
      body: new TextDecoder().decode(body),
    }
  } catch (error) {
    if (raw.signal?.aborted) throw new AbortError(title, raw.signal.reason)
    if (deadline.aborted || hasCode(error, 'UND_ERR_CONNECT_TIMEOUT'))
      throw new TimeoutError(title, timeoutMs)
    if (hasCode(error, 'UND_ERR_INVALID_ARG') || hasCode(error, 'ERR_INVALID_URL'))
      throw new InvalidRequestError(`${title}: ${String(error)}`, { cause: error })
    throw new NetworkError(title, error)
  }
}

function deadlineAfter(title: string, timeoutMs: number): AbortSignal {
  try {
    return AbortSignal.timeout(timeoutMs)
  } catch (error) {
    throw new InvalidRequestError(`${title}: timeoutMs must be a number of ms, not ${timeoutMs}`, {
      cause: error,
    })
  }
}

function sendableHeaders(headers: RequestHeaders): Record<string, string | string[]> {
  const sendable: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== null && value !== undefined)
      sendable[name.toLowerCase()] = typeof value === 'string' ? value : [...value]
  }
  return sendable
}

function joinedHeaders(headers: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.join(', '),
    ]),
  )
}

function joinedCookies(setCookies: string[]): Record<string, string> {
  return setCookies.length === 0 ? {} : { 'set-cookie': setCookies.join(', ') }
}

/** Undici reads header bytes as UTF-8; `Headers` holds bytes, as fetch does. */
function receivedHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const received = new Headers()
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values].flat()) {
      if (value !== undefined) received.append(name, Buffer.from(value).toString('latin1'))
    }
  }
  return received
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
