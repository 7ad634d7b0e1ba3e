/**
 * The part of gjson's paths that load scripts use: names and indexes joined by dots (`data.0.id`), `#` for the
 * length of an array, `#.name` for the value of each element, and a backslash before a dot in a name.
 * @returns `undefined` when there is nothing at the path, as under k6
 * @throws TypeError on any other syntax of gjson, instead of a wrong answer
 */
export function atPath(value: unknown, path: string): unknown {
  return follow(value, split(path))
}

function split(path: string): string[] {
  const parts = path.match(/(?:\\.|[^.\\])+/g) ?? []
  for (const part of parts) {
    if (/^#.+|[*?|@]/.test(part.replace(/\\./g, ''))) {
      throw new TypeError(
        `response.json(${JSON.stringify(path)}): of gjson's syntax the engine has names, indexes, # and #.name`,
      )
    }
  }
  return parts
}

function follow(value: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return value
  if (typeof value !== 'object' || value === null) return undefined
  if (part === '#') {
    if (!Array.isArray(value)) return undefined
    return rest.length === 0
      ? value.length
      : value.map((item) => follow(item, rest)).filter((item) => item !== undefined)
  }
  const name = part.replace(/\\(.)/g, '$1')
  return Object.hasOwn(value, name) ? follow((value as Record<string, unknown>)[name], rest) : undefined
}
