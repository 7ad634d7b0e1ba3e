import { redactText } from '../verdict/redact.ts'

/**
 * Every way in which a call of the client can fail:
 * FAULT the API refused it with a fault document; NETWORK no answer came; TIMEOUT none came in time; ABORTED the
 * caller's signal ended it; INVALID_ANSWER what came is no OCAPI document; INVALID_REQUEST nothing could be sent.
 */
export type ClientErrorCode =
  | 'FAULT'
  | 'NETWORK'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'INVALID_ANSWER'
  | 'INVALID_REQUEST'

/** What every rejection of the client is an instance of. Messages are redacted. */
export abstract class ClientError extends Error {
  abstract readonly code: ClientErrorCode

  constructor(message: string, options?: ErrorOptions) {
    super(redactText(message), options)
    this.name = new.target.name
  }
}

/** No whole answer came: the name is unknown, the connection was refused, reset or closed too early. */
export class NetworkError extends ClientError {
  readonly code = 'NETWORK'
  /** The code of the system or of the HTTP client, such as `ECONNREFUSED` or `UND_ERR_SOCKET`, or else the error's name. */
  readonly reason: string

  constructor(request: string, cause: unknown) {
    const reason = codeOf(cause)
    super(`${request}: ${messageOf(cause) || reason}`, { cause })
    this.reason = reason
  }
}

/** No whole answer came within the time allowed. */
export class TimeoutError extends ClientError {
  readonly code = 'TIMEOUT'
  /** The time allowed, in ms. */
  readonly timeoutMs: number

  constructor(request: string, timeoutMs: number) {
    super(`${request}: no whole answer within ${timeoutMs} ms`)
    this.timeoutMs = timeoutMs
  }
}

/** The caller's `AbortSignal` ended the call; `cause` is the reason given to it. Named as the platform names it. */
export class AbortError extends ClientError {
  readonly code = 'ABORTED'

  constructor(request: string, reason: unknown) {
    super(`${request}: aborted by the caller`, { cause: reason })
  }
}

/** The request could not be sent as it was asked for: a URL, a header or a time that HTTP does not allow. */
export class InvalidRequestError extends ClientError {
  readonly code = 'INVALID_REQUEST'
}

/** An answer came, and it is not what the API's documentation promises: no fault, or no customer. */
export class InvalidAnswerError extends ClientError {
  readonly code = 'INVALID_ANSWER'
  readonly status: number

  constructor(request: string, status: number, problem: string) {
    super(`${request} answered ${status}: ${problem}`)
    this.status = status
  }
}

/** The API refused the call with a fault document. */
export class FaultError extends ClientError {
  readonly code = 'FAULT'
  readonly status: number
  /** Name of the fault, such as `AuthenticationFailedException`. */
  readonly type: string
  /** The fault's own text; the vendor documents none, so nothing should depend on it. */
  readonly faultMessage: string
  /** By name; typed arguments (`{"type": "string", "value": …}`) are read as their values. */
  readonly arguments: Readonly<Record<string, unknown>>

  constructor(
    request: string,
    status: number,
    fault: { type: string; message: string; arguments: Readonly<Record<string, unknown>> },
  ) {
    super(`${request} answered ${status} ${fault.type}: ${fault.message}`)
    this.status = status
    this.type = fault.type
    this.faultMessage = redactText(fault.message)
    this.arguments = fault.arguments
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
