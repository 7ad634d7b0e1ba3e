import { ErrorCode, RequestError } from './errors.ts'

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Host and port, unless the headers name another. */
  readonly host: string
  /** Names and values, alternating. */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array | undefined
  /** The connection is not to be used again. */
  readonly close: boolean
}

/** A request as it is written: the head, with the body where that is ASCII too, and else the body beside it. */
export interface WrittenRequest {
  readonly request: WireRequest
  /** Latin-1. */
  readonly text: string
  readonly bytes: Uint8Array | undefined
}

/** @throws RequestError 1000 on a method or a header that would break the request */
export function writtenRequest(request: WireRequest): WrittenRequest {
  const head = requestHead(request)
  const { body } = request
  if (body === undefined) return { request, text: head, bytes: undefined }
  // One write where it can be, and so one system call.
  if (typeof body === 'string' && isAscii(body)) return { request, text: head + body, bytes: undefined }
  return { request, text: head, bytes: Buffer.from(body) }
}

/** Whether two requests are written the same; bodies of bytes are not compared. */
export function isWrittenSame(one: WireRequest, other: WireRequest): boolean {
  if (
    one.method !== other.method ||
    one.path !== other.path ||
    one.host !== other.host ||
    one.close !== other.close ||
    one.body !== other.body ||
    typeof one.body === 'object' ||
    one.headers.length !== other.headers.length
  )
    return false
  for (let i = 0; i < one.headers.length; i++) if (one.headers[i] !== other.headers[i]) return false
  return true
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
/** What no value of a header may hold: control characters. */
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\uffff]/
const NOT_ASCII = /[\x80-\uffff]/

/**
 * The head of a request, with its empty line.
 * @throws RequestError 1000 on a method or a header that would break the request
 */
function requestHead({ method, path, host, headers, body, close }: WireRequest): string {
  if (!TOKEN.test(method)) throw invalid('method', method)
  let head = ''
  let ownHost: string | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    if (!TOKEN.test(name)) throw invalid('header field name', name)
    if (NOT_A_VALUE.test(value)) throw invalid('header field value for', name)
    if (name === 'Host') ownHost = value
    // The engine frames the body itself.
    else if (name !== 'Transfer-Encoding') head += `${name}: ${asUtf8(value)}\r\n`
  }
  if (close) head += 'Connection: close\r\n'
  const length = lengthOf(method, body)
  const framing = length === undefined ? '' : `Content-Length: ${length}\r\n`
  return `${method} ${path} HTTP/1.1\r\nHost: ${ownHost ?? host}\r\n${head}${framing}\r\n`
}

/** The head is written as Latin-1, a byte a character: a value goes as the bytes of its UTF-8. */
function asUtf8(value: string): string {
  return NOT_ASCII.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value
}

function lengthOf(method: string, body: string | Uint8Array | undefined): number | undefined {
  if (body !== undefined) return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  // As Go: a method that usually has a body says that this time it has none.
  return method === 'POST' || method === 'PUT' || method === 'PATCH' ? 0 : undefined
}

/** As many bytes of UTF-8 as characters. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

function invalid(what: string, value: string): RequestError {
  return new RequestError(ErrorCode.generic, `invalid ${what} ${JSON.stringify(value)}`)
}
