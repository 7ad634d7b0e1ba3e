import { parseDuration } from '../options/duration.ts'
import { type Jar, jarBehind, type RequestCookie } from './cookies.ts'
import { ExpectedStatuses } from './expected-statuses.ts'
import { canonicalName } from './headers.ts'
import type { ResponseType } from './response.ts'

/** `params` of a request, read once. */
export interface Params {
  /** Names in Go's form and values, alternating. */
  readonly headers: string[]
  readonly cookies: readonly RequestCookie[]
  readonly jar: Jar | undefined
  readonly tags: Readonly<Record<string, unknown>> | undefined
  /** ms */
  readonly timeout: number
  readonly redirects: number | undefined
  readonly responseType: ResponseType | undefined
  /** `null` turns it off; `undefined`: that of the VU. */
  readonly responseCallback: ExpectedStatuses | null | undefined
  readonly compression: string | undefined
  readonly throw: boolean | undefined
}

/** k6's default timeout of a request, ms. */
const DEFAULT_TIMEOUT = 60_000

const NONE: Omit<Params, 'headers'> = {
  cookies: [],
  jar: undefined,
  tags: undefined,
  timeout: DEFAULT_TIMEOUT,
  redirects: undefined,
  responseType: undefined,
  responseCallback: undefined,
  compression: undefined,
  throw: undefined,
}

/** @throws TypeError that names the parameter and its value */
export function readParams(params: unknown): Params {
  if (params === undefined || params === null) return { headers: [], ...NONE }
  if (typeof params !== 'object') throw new TypeError(`params must be an object, got ${typeof params}`)
  const given = params as Readonly<Record<string, unknown>>
  const { auth, compression, redirects, responseType, timeout } = given
  if (auth !== undefined && auth !== null && auth !== '' && auth !== 'basic') {
    throw new TypeError(
      `params.auth ${JSON.stringify(auth)} is not supported by the embedded engine: it has "basic"`,
    )
  }
  return {
    headers: readHeaders(given.headers),
    cookies: readCookies(given.cookies),
    jar: jarBehind(given.jar),
    tags: isRecord(given.tags) ? given.tags : undefined,
    timeout: timeout === undefined ? DEFAULT_TIMEOUT : readTimeout(timeout),
    redirects: redirects === undefined ? undefined : Math.trunc(Number(redirects)),
    responseType: responseType === undefined ? undefined : readResponseType(responseType),
    responseCallback: readResponseCallback(given),
    compression: typeof compression === 'string' && compression.trim() !== '' ? compression : undefined,
    throw: given.throw === undefined ? undefined : Boolean(given.throw),
  }
}

function readHeaders(headers: unknown): string[] {
  const list: string[] = []
  if (!isRecord(headers)) return list
  for (const name in headers) {
    const canonical = canonicalName(name)
    // The length is that of the body, whatever the script says: so does Go.
    if (canonical !== 'Content-Length') list.push(canonical, String(headers[name]))
  }
  return list
}

function readCookies(cookies: unknown): readonly RequestCookie[] {
  if (!isRecord(cookies)) return NONE.cookies
  return Object.entries(cookies).flatMap(([name, cookie]): RequestCookie[] => {
    if (cookie === undefined || cookie === null) return []
    if (!isRecord(cookie)) return [{ name, value: String(cookie), replace: false }]
    return [{ name, value: String(cookie.value ?? ''), replace: Boolean(cookie.replace) }]
  })
}

function readTimeout(timeout: unknown): number {
  const ms = parseDuration(timeout)
  if (ms === undefined || ms <= 0) {
    throw new TypeError(
      `invalid timeout value: ${JSON.stringify(timeout)} is no duration such as "10s" or 10000 (ms)`,
    )
  }
  return ms
}

function readResponseType(type: unknown): ResponseType {
  if (type === 'text' || type === 'binary' || type === 'none') return type
  throw new TypeError(`params.responseType must be "text", "binary" or "none", got ${JSON.stringify(type)}`)
}

function readResponseCallback(given: Readonly<Record<string, unknown>>): ExpectedStatuses | null | undefined {
  if (!('responseCallback' in given)) return undefined
  const { responseCallback } = given
  if (responseCallback === null || responseCallback === undefined) return null
  if (responseCallback instanceof ExpectedStatuses) return responseCallback
  throw new TypeError('params.responseCallback must be made by http.expectedStatuses(), or be null')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
