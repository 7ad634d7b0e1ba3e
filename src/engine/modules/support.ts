/**
 * What of k6's API this engine has: the one list from which the modules that a script may import, the refusals and
 * the table in docs/engine.md are made. A test holds it against `@types/k6`, name by name.
 */
export type Support =
  | { readonly status: 'supported'; readonly note?: string }
  /** Refused when the script loads; `instead` is the way out, as a phrase that follows a colon. */
  | { readonly status: 'refused'; readonly instead: string }
  /** Accepted, and without effect on purpose. */
  | { readonly status: 'ignored'; readonly note: string }

const supported: Support = { status: 'supported' }
const with_ = (note: string): Support => ({ status: 'supported', note })
const refused = (instead: string): Support => ({ status: 'refused', instead })
const ignored = (note: string): Support => ({ status: 'ignored', note })

const blocks = (method: string, args: string): Support =>
  refused(`it blocks the whole VU; use \`await http.asyncRequest('${method}', ${args})\``)

const constant = ignored('a constant; the engine never gives it as a value')

/** Names that a module exports as values. */
export const MODULES: Readonly<Record<string, Readonly<Record<string, Support>>>> = {
  k6: {
    check: supported,
    fail: supported,
    group: with_('an async callback is refused, as by k6'),
    randomSeed: with_('seeds Math.random of the VU; the sequence is not that of k6'),
    sleep: refused('it blocks; use `await new Promise((done) => setTimeout(done, seconds * 1000))`'),
  },
  'k6/http': {
    asyncRequest: supported,
    cookieJar: supported,
    CookieJar: supported,
    expectedStatuses: supported,
    setResponseCallback: supported,
    url: supported,
    get: blocks('GET', 'url, null, params'),
    head: blocks('HEAD', 'url, null, params'),
    post: blocks('POST', 'url, body, params'),
    put: blocks('PUT', 'url, body, params'),
    patch: blocks('PATCH', 'url, body, params'),
    del: blocks('DELETE', 'url, body, params'),
    options: blocks('OPTIONS', 'url, body, params'),
    request: refused('it blocks the whole VU; use `await http.asyncRequest(method, url, body, params)`'),
    batch: refused('it blocks the whole VU; use `await Promise.all([http.asyncRequest(…), …])`'),
    file: refused('multipart bodies are not supported; send a string or an ArrayBuffer'),
    FileData: refused('multipart bodies are not supported; send a string or an ArrayBuffer'),
    ...Object.fromEntries(
      [
        'SSL_3_0',
        'TLS_1_0',
        'TLS_1_1',
        'TLS_1_2',
        'TLS_1_3',
        'OCSP_STATUS_GOOD',
        'OCSP_STATUS_REVOKED',
        'OCSP_STATUS_SERVER_FAILED',
        'OCSP_STATUS_UNKNOWN',
        'OCSP_REASON_AA_COMPROMISE',
        'OCSP_REASON_AFFILIATION_CHANGED',
        'OCSP_REASON_CA_COMPROMISE',
        'OCSP_REASON_CERTIFICATE_HOLD',
        'OCSP_REASON_CESSATION_OF_OPERATION',
        'OCSP_REASON_KEY_COMPROMISE',
        'OCSP_REASON_PRIVILEGE_WITHDRAWN',
        'OCSP_REASON_REMOVE_FROM_CRL',
        'OCSP_REASON_SUPERSEDED',
        'OCSP_REASON_UNSPECIFIED',
      ].map((name) => [name, constant]),
    ),
  },
  'k6/metrics': {
    Counter: supported,
    Gauge: supported,
    Rate: supported,
    Trend: supported,
    Metric: refused('it is abstract; use Counter, Gauge, Rate or Trend'),
  },
  'k6/execution': {
    scenario: supported,
    instance: supported,
    test: supported,
    vu: supported,
  },
  'k6/data': {
    SharedArray: with_('its elements are frozen and shared by the VUs of a worker'),
  },
  'k6/encoding': { b64encode: supported, b64decode: supported },
  'k6/crypto': {
    randomBytes: supported,
    hmac: supported,
    md5: supported,
    sha1: supported,
    sha256: supported,
    sha384: supported,
    sha512: supported,
    sha512_224: supported,
    sha512_256: supported,
    ripemd160: supported,
    createHash: supported,
    createHMAC: supported,
    md4: refused('OpenSSL no longer has MD4; use another digest'),
    Hasher: refused('it is abstract; use createHash or createHMAC'),
  },
  'k6/timers': {
    setTimeout: supported,
    clearTimeout: supported,
    setInterval: supported,
    clearInterval: supported,
  },
  'k6/options': { BaseScenario: ignored('a type; the module has no values') },
}

/** Modules of k6 that are refused as a whole, and the way out. */
export const REFUSED_MODULES: Readonly<Record<string, string>> = {
  'k6/browser': 'there is no browser in the embedded engine; run the script under k6',
  'k6/html': 'the API under test answers JSON; use response.json(), or run the script under k6',
  'k6/ws': 'there are no WebSockets in the embedded engine; run the script under k6',
  'k6/websockets': 'there are no WebSockets in the embedded engine; run the script under k6',
  'k6/net/grpc': 'there is no gRPC in the embedded engine; run the script under k6',
  'k6/secrets': 'pass secrets as environment variables and read them from __ENV',
  'k6/experimental/csv': 'read the file with open() in the init context and split it inside a SharedArray',
  'k6/experimental/fs': 'read the file with open() in the init context',
  'k6/experimental/streams': 'there are no streams in the embedded engine; run the script under k6',
}

/** Members of the `params` of a request. */
export const PARAMS: Readonly<Record<string, Support>> = {
  headers: supported,
  cookies: supported,
  jar: supported,
  tags: supported,
  timeout: supported,
  redirects: supported,
  responseType: supported,
  responseCallback: supported,
  compression: with_('gzip, deflate, br and zstd'),
  auth: with_('basic, from the user information of the URL; digest and ntlm are refused'),
  throw: supported,
}

/** Members of a Response. */
export const RESPONSE: Readonly<Record<string, Support>> = {
  body: supported,
  cookies: supported,
  error: supported,
  error_code: supported,
  headers: supported,
  json: supported,
  proto: supported,
  remote_ip: supported,
  remote_port: supported,
  request: supported,
  status: supported,
  status_text: supported,
  timings: supported,
  tls_cipher_suite: supported,
  tls_version: supported,
  url: supported,
  ocsp: ignored('always the empty status: Node verifies no stapled answer'),
  html: refused('it throws; use response.json()'),
  clickLink: refused('it throws; use http.asyncRequest'),
  submitForm: refused('it throws; use http.asyncRequest'),
}

/** Names that a script may import from a module: those that exist in this engine. */
export function importableNames(module: string): string[] {
  return Object.entries(MODULES[module] ?? {})
    .filter(([, support]) => support.status !== 'refused')
    .map(([name]) => name)
}
