import { CookieJar } from '../http/cookies.ts'
import { ExpectedStatuses, expectedStatuses } from '../http/expected-statuses.ts'
import { asyncRequest } from '../http/request.ts'
import type { Response } from '../http/response.ts'
import { urlTemplate } from '../http/target.ts'
import type { Vu } from '../vu/vu.ts'

const CONSTANTS: Readonly<Record<string, string>> = {
  SSL_3_0: 'ssl3.0',
  TLS_1_0: 'tls1.0',
  TLS_1_1: 'tls1.1',
  TLS_1_2: 'tls1.2',
  TLS_1_3: 'tls1.3',
}

/** `k6/http` */
export function httpMember(vu: Vu, name: string): unknown {
  switch (name) {
    case 'asyncRequest':
      return (method: unknown, url: unknown, body?: unknown, params?: unknown): Promise<Response> =>
        vu.initialising
          ? Promise.reject(new Error('Making http requests in the init context is not supported'))
          : asyncRequest(vu, { method: String(method), url, body, params })
    case 'cookieJar':
      return () => new CookieJar(vu.makeJar())
    case 'CookieJar':
      return CookieJar
    case 'expectedStatuses':
      return expectedStatuses
    case 'setResponseCallback':
      return (callback: unknown) => {
        if (callback !== null && !(callback instanceof ExpectedStatuses)) {
          throw new TypeError('setResponseCallback() takes what http.expectedStatuses() makes, or null')
        }
        vu.responseCallback = callback
      }
    case 'url':
      return urlTemplate
  }
  // OCSP_STATUS_GOOD is "good", OCSP_REASON_KEY_COMPROMISE is "key_compromise".
  const constant = CONSTANTS[name]
  if (constant !== undefined) return constant
  if (!name.startsWith('OCSP_')) throw new TypeError(`k6/http has no ${name} in the embedded engine`)
  return name.replace(/^OCSP_(STATUS|REASON)_/, '').toLowerCase()
}
