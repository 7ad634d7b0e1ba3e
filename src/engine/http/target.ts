import { ErrorCode, RequestError } from './errors.ts'

/** A URL, taken apart once for all the requests to it. */
export interface Target {
  /** As the script wrote it. */
  readonly url: string
  /** As metrics show it: without user information, which k6 masks. */
  readonly clean: string
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  /** `http://host:port` */
  readonly origin: string
  /** As the Host header names it: the port only where it is not the scheme's own. */
  readonly host: string
  readonly port: number
  /** Path and query. */
  readonly path: string
  /** Of the user information, as the Authorization header that it stands for. */
  readonly authorization: string | undefined
}

/** URLs with an id in them have no end; so the oldest half is forgotten when there are this many. */
const CACHE_LIMIT = 20_000
const targets = new Map<string, Target>()

/** @throws RequestError 1020 when it is no http or https URL */
export function parseTarget(url: string): Target {
  const known = targets.get(url)
  if (known !== undefined) return known
  const target = parse(url)
  if (targets.size >= CACHE_LIMIT) {
    let forget = CACHE_LIMIT / 2
    for (const key of targets.keys()) {
      if (forget-- === 0) break
      targets.delete(key)
    }
  }
  targets.set(url, target)
  return target
}

function parse(url: string): Target {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new RequestError(ErrorCode.invalidUrl, `invalid URL: ${JSON.stringify(url)} is not an absolute URL`)
  }
  const { protocol, hostname, origin, pathname, search, username, password } = parsed
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new RequestError(
      ErrorCode.invalidUrl,
      `invalid URL: unsupported protocol scheme ${JSON.stringify(protocol)}`,
    )
  }
  const hasUser = username !== '' || password !== ''
  return {
    url,
    clean: hasUser ? url.replace(/\/\/[^/@]*@/, '//****:****@') : url,
    protocol,
    // Of an IPv6 address without its brackets, as it is dialled and as an allow-list names it.
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    origin,
    host: parsed.host,
    port: parsed.port === '' ? (protocol === 'https:' ? 443 : 80) : Number(parsed.port),
    path: pathname + search,
    authorization: hasUser
      ? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
      : undefined,
  }
}

/** What `http.url` makes: a URL whose `name` tag is its template, so that ids in it do not multiply the metrics. */
export class TemplateUrl {
  readonly url: string
  readonly name: string

  constructor(url: string, name: string) {
    this.url = url
    this.name = name
  }

  toString(): string {
    return this.url
  }
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how k6 writes a placeholder in a name
const PLACEHOLDER = '${}'

/** k6's tagged template `http.url`. */
export function urlTemplate(strings: TemplateStringsArray, ...values: unknown[]): TemplateUrl {
  return new TemplateUrl(String.raw({ raw: strings }, ...values), strings.join(PLACEHOLDER))
}
