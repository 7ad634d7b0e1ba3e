const canonical = new Map<string, string>()
/** Names that servers send are few; a server that makes them up must not fill the memory. */
const CACHE_LIMIT = 1_000

/**
 * The name as Go writes it, and so as k6 shows it whatever the server sent: `content-type` is `Content-Type`.
 * A name that holds a character which no header name may hold stays as it is.
 */
export function canonicalName(name: string): string {
  const known = canonical.get(name)
  if (known !== undefined) return known
  const made = /^[\w!#$%&'*+.^`|~-]+$/.test(name)
    ? name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
    : name
  if (canonical.size < CACHE_LIMIT) canonical.set(name, made)
  return made
}

/** Headers as undici gives them: names in lower case, repeated ones as an array. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Headers as k6 shows them: canonical names, repeated ones joined by a comma and a space. */
export function showHeaders(raw: RawHeaders): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const name in raw) {
    const value = raw[name]
    if (value !== undefined) shown[canonicalName(name)] = typeof value === 'string' ? value : value.join(', ')
  }
  return shown
}

/** All values of a header that may be repeated. */
export function valuesOf(raw: RawHeaders, name: string): readonly string[] {
  const value = raw[name]
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Adds a value to the list under a name. */
export function append<T>(lists: Record<string, T[]>, name: string, value: T): void {
  const list = lists[name]
  if (list === undefined) lists[name] = [value]
  else list.push(value)
}
