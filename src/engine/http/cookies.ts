import { Cookie, CookieJar as ToughJar } from 'tough-cookie'
import { append } from './headers.ts'

/** Symbol-keyed, so that a script sees only k6's methods. */
const jarOf = Symbol('jar')

/** A jar as k6's (Go's) `cookiejar`: no public suffix list, and a `Secure` cookie goes over plain HTTP to loopback only. */
export class Jar {
  /** Made when the first cookie comes: many a script gives each request a jar of its own, to keep cookies out. */
  #jar: ToughJar | undefined

  /** Takes in the Set-Cookie headers of a response; those that are not valid are dropped, as by Go. */
  store(url: string, setCookies: readonly string[]): void {
    for (const header of setCookies) this.#made().setCookieSync(header, url, { ignoreError: true })
  }

  cookiesFor(url: string): Cookie[] {
    return this.#jar?.getCookiesSync(url) ?? []
  }

  set(url: string, cookie: Cookie): void {
    this.#made().setCookieSync(cookie, url, { ignoreError: true })
  }

  #made(): ToughJar {
    this.#jar ??= new ToughJar(undefined, {
      allowSecureOnLocal: true,
      rejectPublicSuffixes: false,
      looseMode: false,
    })
    return this.#jar
  }

  /** Expires the cookies of a URL; only those named, when a name is given. */
  clear(url: string, name?: string): void {
    for (const cookie of this.cookiesFor(url)) {
      if (name !== undefined && cookie.key !== name) continue
      const expired = cookie.clone() ?? cookie
      expired.expires = new Date(0)
      expired.maxAge = null
      this.set(url, expired)
    }
  }
}

export interface CookieOptions {
  readonly domain?: string
  readonly path?: string
  readonly expires?: string
  readonly max_age?: number
  readonly secure?: boolean
  readonly http_only?: boolean
}

/** k6's `http.CookieJar`. */
export class CookieJar {
  readonly [jarOf]: Jar

  constructor(jar: Jar = new Jar()) {
    this[jarOf] = jar
    Object.defineProperty(this, jarOf, { enumerable: false })
  }

  cookiesForURL(url: unknown): Record<string, string[]> {
    const found: Record<string, string[]> = {}
    for (const { key, value } of this[jarOf].cookiesFor(String(url))) append(found, key, value)
    return found
  }

  set(url: unknown, name: string, value: unknown, options?: CookieOptions | null): boolean {
    const expires = options?.expires === undefined ? undefined : new Date(options.expires)
    if (expires !== undefined && Number.isNaN(expires.getTime())) {
      throw new TypeError(`unable to parse "expires" date string ${JSON.stringify(options?.expires)}`)
    }
    this[jarOf].set(
      String(url),
      new Cookie({
        key: name,
        value: String(value),
        ...(options?.domain !== undefined && { domain: options.domain.replace(/^\./, '') }),
        ...(options?.path !== undefined && { path: options.path }),
        ...(options?.max_age !== undefined && { maxAge: options.max_age }),
        ...(expires !== undefined && { expires }),
        secure: options?.secure ?? false,
        httpOnly: options?.http_only ?? false,
      }),
    )
    return true
  }

  clear(url: unknown): void {
    this[jarOf].clear(String(url))
  }

  delete(url: unknown, name: string): void {
    this[jarOf].clear(String(url), name)
  }
}

/** The jar behind a script's `params.jar`; `undefined` when it is none. */
export function jarBehind(value: unknown): Jar | undefined {
  return value instanceof CookieJar ? value[jarOf] : undefined
}

/** A cookie of a response, with k6's names. */
export interface ResponseCookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  readonly http_only: boolean
  readonly secure: boolean
  readonly max_age: number
  /** ms since 1970; 0 when the server gave none */
  readonly expires: number
}

export function showCookies(setCookies: readonly string[]): Record<string, ResponseCookie[]> {
  const shown: Record<string, ResponseCookie[]> = {}
  for (const header of setCookies) {
    const cookie = Cookie.parse(header)
    if (cookie === undefined) continue
    const { key, value, domain, path, httpOnly, secure, maxAge, expires } = cookie
    append(shown, key, {
      name: key,
      value,
      domain: domain ?? '',
      path: path ?? '',
      http_only: httpOnly,
      secure,
      max_age: typeof maxAge === 'number' ? maxAge : 0,
      expires: expires instanceof Date ? expires.getTime() : 0,
    })
  }
  return shown
}

/** A cookie of a request: `replace` hides the jar's cookie of the same name. */
export interface RequestCookie {
  readonly name: string
  readonly value: string
  readonly replace: boolean
}

/** The Cookie header: the request's own cookies first, then those of the jar; `undefined` when there are none. */
export function cookieHeader(
  own: readonly RequestCookie[],
  jar: Jar | undefined,
  url: string,
): string | undefined {
  const pairs = own.map(({ name, value }) => `${name}=${value}`)
  for (const cookie of jar?.cookiesFor(url) ?? []) {
    if (!own.some(({ name, replace }) => replace && name === cookie.key)) pairs.push(cookie.cookieString())
  }
  return pairs.length === 0 ? undefined : pairs.join('; ')
}
