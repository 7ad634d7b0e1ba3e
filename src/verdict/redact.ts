/** Stands where a secret stood. */
export const REDACTED = '[redacted]'

/** Names of headers whose whole value is a credential; cookies are handled apart. */
const CREDENTIAL_HEADER = /^(?:(?:proxy-)?authorization|x-api-key|x-auth-token)$/i
const COOKIE_HEADER = /^(?:set-)?cookie2?$/i

/** Names of JSON members and form fields whose value is a secret. */
const SECRET_NAME = String.raw`\w*password|passwd|pwd|(?:\w+_)?token|secureToken|\w*secret|api_?key|hashed_login`
const SECRET_MEMBER_NAME = `${SECRET_NAME}|basic|(?:proxy-)?authorization|(?:set-)?cookies?|dwsid|dw(?:securetoken|anonymous)_\\w+`

/** A run of the characters that tokens are made of, so that each is looked at once. */
const DOTTED = /[\w.-]+/g
/** Where a JSON Web Token begins: the base64url of `{"`, `{ "` or a brace and a line end. */
const TOKEN_START = /(?<![A-Za-z0-9])(?:eyJ|eyAi|ewo)[\w-]+\.[\w-]/
/** The credentials of an Authorization value, wherever it is quoted; a word of prose is none. */
const PROSE =
  '(?!(?:header|credentials?|token|auth(?:entication|orization)?|scheme|value|for|and|or|is|was)\\b(?![\\w\\-.~+/=%]))'
const CREDENTIALS = new RegExp(
  `(?<![A-Za-z0-9])(Basic|Bearer)(\\s+|%20|\\+|:\\s*)${PROSE}[\\w\\-.~+/=%]+`,
  'gi',
)
/** An Authorization header of any scheme in a text, to the end of its line or its quotes. */
const AUTHORIZATION_LINE = /\b((?:proxy-)?authorization:\s*)(?!(?:Basic|Bearer)\b)[^\s"'][^\r\n"']*/gi
/** A Cookie header in a text; a quote belongs to it only around a cookie's value. */
const COOKIE_LINE = /\b((?:set-)?cookie:\s*)((?:=\\*"[^"\r\n]*"|[^\r\n"'])+)/gi
/** Session cookies by name, wherever they stand. */
const SESSION_COOKIE =
  /(dwsid|dw(?:securetoken|anonymous)_\w+)(=|%3D)(?:\\*"[^"]*"?|(?:[^;\s,"'&<]|,(?!\s))+)/gi
/** Fields of a query or a form. */
const SECRET_FIELD = new RegExp(`(?<![\\w-])(${SECRET_NAME})=[^&\\s"'<;]+`, 'gi')
/** The password of a URL's user information. */
const URL_PASSWORD = /(\/\/[^/\s:@]*:)[^/\s]+@/g

/**
 * Any text with its tokens, credentials, session cookies and passwords replaced. For text whose origin is not
 * known; what is known to be a secret is given to {@link redactHeaders} by name, or never recorded. A JSON text is
 * read as JSON too, for an escaped name or an object where a secret is expected; without such it stays byte for byte.
 */
export function redactText(text: string): string {
  const redacted = redactPatterns(withoutKnown(text))
  return /^\s*[[{]/.test(redacted) ? redactJson(redacted) : redacted
}

/** Shorter ones are words that reports are full of, such as "true". */
const SHORTEST_KNOWN = 8
const known = new Set<string>()

/** From now on this text is redacted wherever it stands: a secret of the configuration that has no form of its own. */
export function redactAlways(secret: string): void {
  if (secret.length >= SHORTEST_KNOWN) known.add(secret)
}

function withoutKnown(text: string): string {
  let redacted = text
  for (const secret of known) redacted = redacted.replaceAll(secret, REDACTED)
  return redacted
}

function redactPatterns(text: string): string {
  return redactMembers(text)
    .replace(COOKIE_LINE, (_, name: string, value: string) => `${name}${redactSetCookie(value)}`)
    .replace(SESSION_COOKIE, `$1$2${REDACTED}`)
    .replace(CREDENTIALS, `$1$2${REDACTED}`)
    .replace(AUTHORIZATION_LINE, `$1${REDACTED}`)
    .replace(DOTTED, redactToken)
    .replace(SECRET_FIELD, `$1=${REDACTED}`)
    .replace(URL_PASSWORD, `$1${REDACTED}@`)
}

function redactJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    const redacted = JSON.stringify(redactValue(value))
    return redacted === JSON.stringify(value) ? text : redacted
  } catch {
    // No JSON, or nested deeper than the stack: then the patterns have to do.
    return text
  }
}

/**
 * Headers for a report. Of a secret header the scheme (`Bearer`) or the cookie names stay, since a reader needs
 * to see which kind of credential was sent; the values go.
 */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactHeader(name, value)]))
}

function redactHeader(name: string, value: string): string {
  if (CREDENTIAL_HEADER.test(name)) {
    if (value === '') return value
    const scheme = /^(Basic|Bearer|Digest|Negotiate)\s/i.exec(value)?.[1]
    return scheme === undefined ? REDACTED : `${scheme} ${REDACTED}`
  }
  if (!COOKIE_HEADER.test(name)) return redactText(value)
  return name.toLowerCase().startsWith('set-')
    ? redactSetCookie(value)
    : value.split(';').map(redactPair).join(';')
}

/** One or several Set-Cookie values, joined by commas or line ends. A comma inside a date has no `=` after it. */
function redactSetCookie(value: string): string {
  return value
    .split(/(,(?=[^;,]*=)|\r?\n)/)
    .map((line, index) => (index % 2 === 1 ? line : line.split(';').map(redactCookiePart).join(';')))
    .join('')
}

function redactCookiePart(part: string, index: number): string {
  return index > 0 && COOKIE_ATTRIBUTE.test(part) ? redactText(part) : redactPair(part)
}

const COOKIE_ATTRIBUTE =
  /^\s*(?:(?:path|max-age|expires|domain|samesite|version|comment)=.*|secure|httponly|partitioned)?\s*$/i

function redactPair(pair: string): string {
  const [, space = '', name = '', rest = ''] = /^(\s*)([^=]*)(.*)$/s.exec(pair) ?? []
  if (rest === '' ? name === '' : rest === '=') return pair
  return `${space}${rest === '' ? REDACTED : `${name}=${REDACTED}`}`
}

function redactToken(word: string): string {
  const start = word.search(TOKEN_START)
  if (start < 0) return word
  // A full stop that ends a sentence is no part of the token.
  return `${word.slice(0, start)}${REDACTED}${/\.*$/.exec(word)?.[0] ?? ''}`
}

/** The start of a secret JSON member; in a JSON text inside a JSON text every quote has backslashes before it. */
const MEMBER_START = new RegExp(`(\\\\*)"(?:${SECRET_MEMBER_NAME})\\1"\\s*:\\s*(?!null\\b|[\\s[{])`, 'gi')

/** Replaces the values of secret members, texts, numbers and literals, and to the end where the JSON is cut off. */
function redactMembers(text: string): string {
  let redacted = ''
  let done = 0
  for (const { 0: start, 1: slashes = '', index } of text.matchAll(MEMBER_START)) {
    if (index < done) continue
    const from = index + start.length
    // An empty text is no secret, and evidence has to show that it was empty.
    if (text.startsWith(`${slashes}"${slashes}"`, from)) continue
    redacted += `${text.slice(done, from)}${slashes}"${REDACTED}${slashes}"`
    done = endOfValue(text, from, slashes)
  }
  return redacted + text.slice(done)
}

function endOfValue(text: string, from: number, slashes: string): number {
  const quote = `${slashes}"`
  if (!text.startsWith(quote, from)) {
    const end = text.slice(from).search(/[,}\]\s\\"]/)
    return end < 0 ? text.length : from + end
  }
  for (let at = from + quote.length; ; at++) {
    at = text.indexOf('"', at)
    if (at < 0) return text.length
    let backslashes = 0
    while (text[at - 1 - backslashes] === '\\') backslashes++
    // An escaped quote inside the value has more backslashes before it than the one that ends it.
    if (backslashes % (2 * (slashes.length + 1)) === slashes.length) return at + 1
  }
}

const WHOLE_MEMBER_NAME = new RegExp(`^(?:${SECRET_MEMBER_NAME})$`, 'i')

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(redactValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      WHOLE_MEMBER_NAME.test(name) && member !== null && member !== '' ? REDACTED : redactValue(member),
    ]),
  )
}
