import { SourceMap } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { redactText } from '../../verdict/redact.ts'
import { bundleName, LINES_BEFORE } from './compile.ts'
import type { BundledScript } from './source.ts'

/** Says where in the user's own files an error of a script arose. */
export interface ErrorLocator {
  /** `message (file:line:column)`: one line, of an error or of anything else that was thrown; secrets are redacted. */
  describe: (error: unknown) => string
  /** Whether it was made by the script's code, or passed through it. */
  isOfScript: (error: unknown) => boolean
}

/**
 * The source map is parsed at the first error, and the place of each stack line is remembered: a script that
 * throws in every iteration must not cost more than one that does not.
 */
export function createErrorLocator(script: BundledScript): ErrorLocator {
  const name = bundleName(script)
  const frame = new RegExp(`${escapeRegExp(name)}:(\\d+):(\\d+)`)
  const places = new Map<string, string>()
  let map: SourceMap | undefined

  const placeOf = (line: number, column: number): string | undefined => {
    map ??= new SourceMap(JSON.parse(script.map))
    const origin = map.findEntry(line - 1 - LINES_BEFORE, column - 1)
    if (!('originalSource' in origin) || origin.originalSource.startsWith('k6:')) return undefined
    const file = resolve(dirname(script.path), origin.originalSource)
    const short = relative(process.cwd(), file)
    return `${short.startsWith('..') ? file : short}:${origin.originalLine + 1}:${origin.originalColumn + 1}`
  }

  return {
    isOfScript: (error) => error instanceof Error && frame.test(error.stack ?? ''),
    describe(error) {
      const message = redactText(messageOf(error))
      const stack = error instanceof Error ? (error.stack ?? '') : ''
      for (const text of stack.split('\n')) {
        const found = frame.exec(text)
        if (found === null) continue
        const key = found[0]
        let place = places.get(key)
        if (place === undefined) {
          place = placeOf(Number(found[1]), Number(found[2])) ?? ''
          places.set(key, place)
        }
        if (place !== '') return `${message} (${place})`
      }
      return message
    },
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`
  return typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error))
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
