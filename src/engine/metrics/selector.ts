/** A metric, or the part of it whose samples carry all of `tags`. */
export interface Selector {
  /** As it was written: `http_req_duration{auth_type:guest}`. */
  readonly source: string
  readonly metric: string
  readonly tags: ReadonlyMap<string, string>
}

/**
 * Reads k6's metric expression: `name`, or `name{tag:value,tag2:value2}`. A value runs to the next comma, so it
 * may hold spaces, colons and braces; single or double quotes around a key or a value are dropped.
 * @returns the selector, or what is wrong with the text
 */
export function parseSelector(source: string): Selector | string {
  const open = source.indexOf('{')
  const close = source.lastIndexOf('}')
  if (open === -1 && close === -1) {
    return source.trim() === ''
      ? 'a metric name is needed'
      : { source, metric: source.trim(), tags: new Map() }
  }
  if (open === -1 || close === -1) return 'the curly braces do not match'
  if (close < open) return 'the closing curly brace comes before the opening one'
  if (source.slice(close + 1).trim() !== '') return 'nothing may follow the closing curly brace'
  const metric = source.slice(0, open).trim()
  if (metric === '') return 'a metric name is needed before the curly brace'
  const tags = new Map<string, string>()
  for (const part of source.slice(open + 1, close).split(',')) {
    const colon = part.indexOf(':')
    const key = unquote(part.slice(0, colon === -1 ? part.length : colon))
    const value = unquote(part.slice(colon + 1))
    if (colon === -1 || key === '' || value === '') {
      return `the tag expression ${JSON.stringify(part.trim())} is not of the form tag:value`
    }
    if (tags.has(key) && tags.get(key) !== value) return `the tag ${key} is given two values`
    tags.set(key, value)
  }
  return { source, metric, tags }
}

function unquote(text: string): string {
  return text.trim().replace(/^["']+|["']+$/g, '')
}
