import { resolve } from 'node:path'
import { HarnessError } from '../verdict/errors.ts'

function bad(option: string, rule: string, text: string): HarnessError {
  return new HarnessError('CONFIG', 'BAD_OPTION', `${option}: must be ${rule}, not "${text}"`)
}

/** A reader of whole numbers for an option, within bounds that are part of its message. */
export function wholeNumber(
  option: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw bad(
      option,
      max === Number.MAX_SAFE_INTEGER
        ? `a whole number of at least ${min}`
        : `a whole number from ${min} to ${max}`,
      text,
    )
  }
}

/** `json=FILE`, as k6 writes it; the file's absolute path. */
export function jsonFile(option: string): (text: string) => string {
  return (text) => {
    const file = /^json=(.+)$/.exec(text)?.[1]
    if (file === undefined) throw bad(option, 'json=FILE', text)
    return resolve(file)
  }
}

/** Collects `NAME=VALUE` pairs. A value may be a secret, so no message quotes it. */
export function pair(
  option: string,
): (text: string, previous: Readonly<Record<string, string>> | undefined) => Record<string, string> {
  return (text, previous) => {
    const at = text.indexOf('=')
    if (at < 1) throw bad(option, 'NAME=VALUE', at < 0 ? text : '=…')
    return { ...previous, [text.slice(0, at)]: text.slice(at + 1) }
  }
}
