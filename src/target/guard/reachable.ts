import { isCertificateReason } from '../../client/certificate-reasons.ts'
import { ClientError, NetworkError, TimeoutError } from '../../client/errors.ts'
import { sendRequest } from '../../client/send-request.ts'
import { HarnessError } from '../../verdict/errors.ts'
import type { Target } from '../target.ts'

/**
 * One cheap request; any HTTP answer will do.
 * @throws {HarnessError} TARGET `TARGET_UNREACHABLE`, `TARGET_NAME_UNKNOWN`, `TARGET_CERTIFICATE`, `TARGET_TLS`,
 *   `TARGET_NOT_HTTP` or `TARGET_HEADERS_TOO_LARGE`
 */
export async function checkReachable({ baseUrl, config }: Target): Promise<void> {
  try {
    await sendRequest({ method: 'GET', url: baseUrl, timeoutMs: config.target.timeoutSeconds * 1000 })
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    const { code, what, remedy } = kindOf(error)
    throw new HarnessError('TARGET', code, `the target ${baseUrl} ${what}: ${error.message}`, {
      remedy,
      cause: error,
    })
  }
}

interface Kind {
  readonly code: string
  /** Ends the sentence that the target begins. */
  readonly what: string
  readonly remedy: string
}

/** By the code of the system, of OpenSSL or of undici. */
const KINDS: readonly (readonly [reason: RegExp, kind: Kind])[] = [
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA)$/,
    {
      code: 'TARGET_NAME_UNKNOWN',
      what: 'has a name that the name server does not resolve',
      remedy: 'correct the host in target.baseUrl (--target), or see to the name server of this machine',
    },
  ],
  [
    /^(EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/,
    {
      code: 'TARGET_TLS',
      what: 'did not agree on TLS',
      remedy: 'where the port speaks plain HTTP, target.baseUrl begins with http://',
    },
  ],
  [
    /^HPE_HEADER_OVERFLOW$|^UND_ERR_HEADERS_OVERFLOW$/,
    {
      code: 'TARGET_HEADERS_TOO_LARGE',
      what: 'answers with more headers than the 256 KB that are read',
      remedy: 'see what adds them: the shop or a gateway before it',
    },
  ],
  [
    /^HTTPParserError$|^HPE_|^UND_ERR_SOCKET$/,
    {
      code: 'TARGET_NOT_HTTP',
      what: 'does not answer as HTTP',
      remedy: 'correct the scheme and the port of target.baseUrl (--target)',
    },
  ],
]

const CERTIFICATE: Kind = {
  code: 'TARGET_CERTIFICATE',
  what: 'shows a certificate that is not trusted',
  remedy: 'a private authority is trusted by target.caFile (--ca-file)',
}

const UNREACHABLE: Kind = {
  code: 'TARGET_UNREACHABLE',
  what: 'is unreachable',
  remedy: 'start the target, or correct target.baseUrl (--target); auth-harness doctor looks closer',
}

const LATE: Kind = {
  code: 'TARGET_UNREACHABLE',
  what: 'gave no answer in time',
  remedy:
    'a firewall, a proxy (HTTPS_PROXY, NO_PROXY) or a slow name server may hold the request; target.timeoutSeconds (--timeout) gives it longer',
}

function kindOf(error: ClientError): Kind {
  if (error instanceof TimeoutError) return LATE
  if (!(error instanceof NetworkError)) return UNREACHABLE
  if (isCertificateReason(error.reason)) return CERTIFICATE
  return KINDS.find(([reason]) => reason.test(error.reason))?.[1] ?? UNREACHABLE
}
