import { type Dispatcher, EnvHttpProxyAgent } from 'undici'

/** An answer larger than this (bytes) is an error: no document of the API comes near it. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024
/** Of one answer, bytes; gateways add long policies and cookies to what a shop sends. */
const MAX_HEADER_BYTES = 256 * 1024
/** Never through a proxy, as in k6: the proxy's loopback is another machine's. */
const LOOPBACK = 'localhost,127.0.0.1,[::1]'

type Headers = Readonly<Record<string, string>>
type Environment = Readonly<Record<string, string | undefined>>

const headersByOrigin = new Map<string, Headers>()

/**
 * Headers that a deployment asks of every request, such as a firewall's pass. They are added on the way out, so that
 * no exchange records them; a header that the request has itself is kept.
 * @param url any URL of the deployment: its scheme, host and port count
 */
export function addHeadersFor(url: string, headers: Headers): void {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  headersByOrigin.set(new URL(url).origin, Object.fromEntries(entries))
}

/**
 * Connections directly or through the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name, in upper or lower
 * case.
 */
export function createDispatcher(env: Environment): Dispatcher {
  const { http, https, none } = proxiesOf(env)
  return new EnvHttpProxyAgent({
    maxResponseSize: MAX_ANSWER_BYTES,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
    // An empty text where there is none: undici would look into the environment itself.
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: none === '*' ? none : [none, LOOPBACK].filter(Boolean).join(','),
  }).compose((dispatch) => (options, handler) => {
    const added = headersByOrigin.get(String(options.origin))
    return dispatch(
      added === undefined ? options : { ...options, headers: { ...added, ...options.headers } },
      handler,
    )
  })
}

interface Proxies {
  readonly http: string | undefined
  readonly https: string | undefined
  readonly none: string | undefined
}

/** The proxies of an environment, with a scheme where the variable has none, as curl and Go read them. */
export function proxiesOf(env: Environment): Proxies {
  const read = (name: string) => env[name.toLowerCase()] || env[name] || undefined
  const proxy = (name: string) => {
    const text = read(name)
    return text === undefined || text.includes('://') ? text : `http://${text}`
  }
  return { http: proxy('HTTP_PROXY'), https: proxy('HTTPS_PROXY'), none: read('NO_PROXY') }
}

/** Of this process. */
export const dispatcher: Dispatcher = createDispatcher(process.env)
