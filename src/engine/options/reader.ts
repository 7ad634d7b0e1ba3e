import { redactText } from '../../verdict/redact.ts'
import { suggestion } from '../../verdict/suggestion.ts'
import { parseDuration } from './duration.ts'

/** What is wrong so far; all of it is told at once. */
export class Problems {
  readonly list: string[] = []

  /** The option as the user wrote it, the rule, and the value. */
  add(path: string, rule: string, value?: unknown): undefined {
    this.list.push(`${path} ${rule}${value === undefined ? '' : `; it is ${shown(value)}`}`)
  }
}

/** Reads one value. `undefined`: it was wrong, and a problem was added. */
export type Reader<T> = (value: unknown, path: string, problems: Problems) => T | undefined

export const boolean: Reader<boolean> = (value, path, problems) => {
  if (typeof value === 'boolean') return value
  // As environment variables and the command line have it.
  if (value === 'true' || value === 'false') return value === 'true'
  return problems.add(path, 'must be true or false', value)
}

export const text: Reader<string> = (value, path, problems) =>
  typeof value === 'string' ? value : problems.add(path, 'must be a string', value)

export const filledText: Reader<string> = (value, path, problems) =>
  typeof value === 'string' && value !== ''
    ? value
    : problems.add(path, 'must be a string that is not empty', value)

/** A whole number, or its digits: k6 takes both, since `__ENV` has strings only. */
export function integer(minimum: number): Reader<number> {
  return (value, path, problems) => {
    const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
      return problems.add(path, 'must be a whole number', value)
    }
    return number >= minimum ? number : problems.add(path, `must be at least ${minimum}`, value)
  }
}

/** In ms. @param minimum in ms; `rule` tells it in the user's words */
export function duration(minimum = 0, rule = 'must not be negative'): Reader<number> {
  return (value, path, problems) => {
    const milliseconds = parseDuration(value)
    if (milliseconds === undefined) {
      return problems.add(path, "must be a duration, such as '30s', '1m30s' or 500 (milliseconds)", value)
    }
    return milliseconds >= minimum ? milliseconds : problems.add(path, rule, value)
  }
}

export function oneOf<const T extends string>(names: readonly T[]): Reader<T> {
  return (value, path, problems) =>
    names.find((name) => name === value) ??
    problems.add(
      path,
      `must be one of ${names.join(', ')}${typeof value === 'string' ? suggestion(value, names) : ''}`,
      value,
    )
}

export function listOf<T>(read: Reader<T>): Reader<T[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return problems.add(path, 'must be an array', value)
    return allOf(value.map((item: unknown, index) => read(item, `${path}[${index}]`, problems)))
  }
}

/** Strings by name. The values are not told when they are wrong: `env` may hold a secret. */
export const strings: Reader<Record<string, string>> = (value, path, problems) => {
  const object = record(value, path, problems)
  if (object === undefined) return undefined
  const entries = Object.entries(object).map(([key, item]) =>
    typeof item === 'string'
      ? ([key, item] as const)
      : problems.add(`${path}${member(key)}`, `must be a string, not ${kind(item)}`),
  )
  const known = allOf(entries)
  return known && Object.fromEntries(known)
}

export const record: Reader<Record<string, unknown>> = (value, path, problems) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : problems.add(path, 'must be an object', value)

/** k6 takes null for not given. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** All, or `undefined` when one is missing. */
function allOf<T>(values: readonly (T | undefined)[]): T[] | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === values.length ? known : undefined
}

/** `.name`, or `["odd name"]`. */
export function member(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

function kind(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}

function shown(value: unknown): string {
  const json = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
  const safe = redactText(json)
  return safe.length > 80 ? `${safe.slice(0, 80)}…` : safe
}

export type Field = <T>(key: string, read: Reader<T>, preset?: T) => T | undefined

/** Reads members of an object; one that is not given is `preset`, or, without one, a problem. null is not given. */
export function fields(raw: Readonly<Record<string, unknown>>, path: string, problems: Problems): Field {
  return (key, read, preset) => {
    const value = raw[key]
    if (isGiven(value)) return read(value, `${path}.${key}`, problems)
    return preset ?? problems.add(`${path}.${key}`, 'is needed')
  }
}

/** The object, when none of its members is missing. */
export function complete<T extends Record<string, unknown>>(
  members: T,
): { [K in keyof T]: Exclude<T[K], undefined> } | undefined {
  return allOf(Object.values(members)) && (members as { [K in keyof T]: Exclude<T[K], undefined> })
}
