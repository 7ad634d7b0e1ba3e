import { statSync } from 'node:fs'
import type { BundledScript } from '../script/source.ts'

interface Entry {
  readonly bundle: BundledScript
  /** When each file that went into the bundle was last written, ms since 1970. */
  readonly writtenAt: ReadonlyMap<string, number>
}

const entries = new Map<string, Entry>()

/**
 * A script's bundle, made anew only if one of its files was written since: a search, a gate that tries again and a
 * proof run the same few scripts many times in one process.
 * @param make the bundle, and the absolute paths of all files in it
 */
export async function cachedBundle(
  path: string,
  make: () => Promise<{ bundle: BundledScript; files: readonly string[] }>,
): Promise<BundledScript> {
  const known = entries.get(path)
  if (known !== undefined && [...known.writtenAt].every(([file, at]) => writtenAt(file) === at))
    return known.bundle
  const { bundle, files } = await make()
  entries.set(path, { bundle, writtenAt: new Map(files.map((file) => [file, writtenAt(file)])) })
  return bundle
}

/** NaN, which equals nothing, for a file that is gone. */
function writtenAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.NaN
}
