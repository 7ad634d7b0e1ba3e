/** Stands where a secret stood. */
export const REDACTED = '[redacted]'

/** Lower-case names of headers whose values are credentials. */
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

/** A JSON Web Token: three base64url sections, the first of which is a JSON object (`{"` is `eyJ`). */
const TOKEN = /\beyJ[\w-]+\.[\w-]*\.[\w-]*/g
/** The credentials of an Authorization value, wherever it is quoted. */
const CREDENTIALS = /\b(Basic|Bearer)(\s+|%20)[\w\-.~+/=%]+/gi
/** Session cookies by name, in a Cookie or Set-Cookie value or a text that quotes one. */
const SESSION_COOKIE = /\b(dwsid|dwsecuretoken_\w+|dwanonymous_\w+)=[^;\s,"']*/g
/** JSON members whose value is a secret. */
const SECRET_MEMBER =
  /("(?:password|token|basic|secureToken|dwsid|cookie|access_token|hashed_login)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi
/** The password of a URL's user information. */
const URL_PASSWORD = /(\/\/[^/\s:@]+:)[^/\s@]+@/g

/**
 * Any text with its tokens, credentials, session cookies and passwords replaced. For text whose origin is not
 * known; what is known to be a secret is given to {@link redactHeaders} by name, or never recorded.
 */
export function redactText(text: string): string {
  return text
    .replace(TOKEN, REDACTED)
    .replace(CREDENTIALS, `$1$2${REDACTED}`)
    .replace(SESSION_COOKIE, `$1=${REDACTED}`)
    .replace(SECRET_MEMBER, `$1"${REDACTED}"`)
    .replace(URL_PASSWORD, `$1${REDACTED}@`)
}

/**
 * Headers for a report. Of a secret header the scheme (`Bearer`) or the cookie names stay, since a reader needs
 * to see which kind of credential was sent; the values go.
 */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADERS.has(name.toLowerCase()) ? redactSecretHeader(name, value) : redactText(value),
    ]),
  )
}

function redactSecretHeader(name: string, value: string): string {
  if (name.toLowerCase().endsWith('cookie')) {
    return value.replace(/(^|[;,]\s*)([^=;,\s]+)=([^;,]*)/g, (whole, lead: string, cookie: string) =>
      COOKIE_ATTRIBUTES.has(cookie.toLowerCase()) ? whole : `${lead}${cookie}=${REDACTED}`,
    )
  }
  const scheme = /^(\w+)\s/.exec(value)?.[1]
  return scheme === undefined ? REDACTED : `${scheme} ${REDACTED}`
}

const COOKIE_ATTRIBUTES = new Set(['path', 'max-age', 'expires', 'domain', 'samesite', 'version', 'comment'])
