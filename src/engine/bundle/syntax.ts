import { SourceMap } from 'node:module'
import * as esbuild from 'esbuild'
import { REMEDIES } from './refusals.ts'

/** Helpers that esbuild calls where the syntax stood, when it is told that the syntax is not available. */
const HELPERS = [
  [/__forAwait\(/, REMEDIES.forAwait],
  [/__asyncGenerator\(this/, REMEDIES.asyncGenerator],
  [/__decorate(Element|Class)\(/, REMEDIES.decorator],
] as const

/**
 * Finds syntax that Node runs and k6 cannot parse. esbuild lowers it to calls of its helpers, and the source map
 * says where each stood; so comments, strings and names that look alike are never mistaken for it.
 */
export async function findUnsupportedSyntax(
  path: string,
  source: string,
  loader: 'ts' | 'js',
): Promise<esbuild.PartialMessage[]> {
  if (!/\bawait\b|\basync\b|@/.test(source)) return []
  const lowered = await esbuild
    .transform(source, {
      loader,
      sourcefile: path,
      target: 'esnext',
      tsconfigRaw: '{}',
      sourcemap: 'external',
      supported: { 'for-await': false, 'async-generator': false, decorators: false },
      logLevel: 'silent',
    })
    // A syntax error is reported by the bundling itself, once.
    .catch(() => undefined)
  if (lowered === undefined) return []
  const map = new SourceMap(JSON.parse(lowered.map))
  const sourceLines = source.split('\n')
  return lowered.code.split('\n').flatMap((text, line) =>
    HELPERS.flatMap(([pattern, message]) => {
      const found = pattern.exec(text)
      // The helpers' own definitions begin with `var __` and stand for no place in the source.
      if (found === null || /^\s*var __/.test(text)) return []
      const origin = map.findEntry(line, found.index)
      if (!('originalLine' in origin)) return []
      const lineText = sourceLines[origin.originalLine] ?? ''
      return [
        {
          text: message,
          location: { file: path, line: origin.originalLine + 1, column: origin.originalColumn, lineText },
        },
      ]
    }),
  )
}
