/** k6's error codes for what can go wrong below HTTP; 1400 to 1599 are 1000 plus the status. */
export const ErrorCode = {
  generic: 1000,
  invalidUrl: 1020,
  timeout: 1050,
  dns: 1100,
  noSuchHost: 1101,
  tcp: 1200,
  brokenPipe: 1201,
  dial: 1210,
  dialTimeout: 1211,
  dialRefused: 1212,
  dialErrno: 1213,
  reset: 1220,
  tls: 1300,
  unknownAuthority: 1310,
  wrongHostname: 1311,
  decompression: 1701,
} as const

/** What a failed request shows: k6's code and k6's words. */
export class RequestError extends Error {
  readonly code: number
  /** k6 measures no time of a request that never had a connection. */
  readonly beforeConnection: boolean

  constructor(code: number, message: string, options: { beforeConnection?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'RequestError'
    this.code = code
    this.beforeConnection = options.beforeConnection ?? false
  }
}

/** Codes of OpenSSL for a certificate whose issuer is not trusted. */
const UNKNOWN_AUTHORITY = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
])

/**
 * Reads an error of a socket as k6 would have named it.
 * @param phase `dial` until there is a connection, then `write` until the request is out, then `read`
 */
export function classify(error: unknown, phase: 'dial' | 'write' | 'read'): RequestError {
  if (error instanceof RequestError) return error
  const { code, message, errno, syscall, hostname } = details(error)
  const options = { beforeConnection: phase === 'dial', cause: error }
  const make = (k6Code: number, text: string) => new RequestError(k6Code, text, options)

  if (syscall === 'getaddrinfo') {
    return code === 'ENOTFOUND'
      ? make(ErrorCode.noSuchHost, 'lookup: no such host')
      : make(ErrorCode.dns, `lookup ${hostname ?? ''}: ${code}`)
  }
  if (UNKNOWN_AUTHORITY.has(code)) return make(ErrorCode.unknownAuthority, 'x509: unknown authority')
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return make(ErrorCode.wrongHostname, "x509: certificate doesn't match hostname")
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return make(ErrorCode.generic, `x509: ${message}`)
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return make(ErrorCode.tls, `tls: ${message}`)
  }
  if (phase === 'dial') {
    switch (code) {
      case 'ECONNREFUSED':
        return make(ErrorCode.dialRefused, 'dial: connection refused')
      case 'ETIMEDOUT':
        return make(ErrorCode.dialTimeout, 'dial: i/o timeout')
      case 'ECONNRESET':
        return make(ErrorCode.reset, 'read: connection reset by peer')
      default:
        return errno === undefined
          ? make(ErrorCode.dial, `dial: ${message}`)
          : make(ErrorCode.dialErrno, `dial: unknown errno ${Math.abs(errno)} error with msg \`${code}\``)
    }
  }
  switch (code) {
    case 'ECONNRESET':
      return make(ErrorCode.reset, `${phase}: connection reset by peer`)
    case 'EPIPE':
      return make(ErrorCode.brokenPipe, `${phase}: broken pipe`)
    default:
      return errno === undefined ? make(ErrorCode.generic, message) : make(ErrorCode.tcp, `${phase}: ${code}`)
  }
}

interface Details {
  readonly code: string
  readonly message: string
  readonly errno: number | undefined
  readonly syscall: string | undefined
  readonly hostname: string | undefined
}

function details(error: unknown): Details {
  if (!(error instanceof Error)) {
    return {
      code: '',
      message: String(error),
      errno: undefined,
      syscall: undefined,
      hostname: undefined,
    }
  }
  // Of an address that failed on both families Node gives the errors of both, with the code of the first.
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error
  const { code, errno, syscall, hostname } = first as NodeJS.ErrnoException & { hostname?: string }
  return {
    code: typeof code === 'string' ? code : '',
    message: first.message,
    errno,
    syscall,
    hostname,
  }
}
