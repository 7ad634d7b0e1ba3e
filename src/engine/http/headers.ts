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

/** Adds a value to the list under a name. */
export function append<T>(lists: Record<string, T[]>, name: string, value: T): void {
  const list = lists[name]
  if (list === undefined) lists[name] = [value]
  else list.push(value)
}
