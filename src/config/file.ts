import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { basename, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HarnessError } from '../verdict/errors.ts'
import { redactText } from '../verdict/redact.ts'

const NAMES = ['auth-harness.config.ts', 'auth-harness.config.json'] as const

/** What a configuration file holds, unchecked; `path` is absent where there is no file. */
export interface ConfigFile {
  path: string | undefined
  content: unknown
}

/**
 * @param file as the user named it; without it the folder `cwd` is searched, and having none is fine
 * @throws {HarnessError} CONFIG `CONFIG_FILE_MISSING`, `CONFIG_FILE_AMBIGUOUS` or `CONFIG_FILE_UNREADABLE`
 */
export async function readConfigFile(file: string | undefined, cwd: string): Promise<ConfigFile> {
  const path = file === undefined ? findFile(cwd) : namedFile(file, cwd)
  if (path === undefined) return { path, content: {} }
  return { path, content: extname(path) === '.json' ? await readJson(path) : await importModule(path) }
}

function namedFile(file: string, cwd: string): string {
  const path = resolve(cwd, file)
  if (existsSync(path)) return path
  throw new HarnessError('CONFIG', 'CONFIG_FILE_MISSING', `--config: there is no file ${path}`)
}

function findFile(cwd: string): string | undefined {
  const found = NAMES.map((name) => join(cwd, name)).filter((path) => existsSync(path))
  if (found.length > 1)
    throw new HarnessError('CONFIG', 'CONFIG_FILE_AMBIGUOUS', `${NAMES.join(' and ')} both stand in ${cwd}`, {
      remedy: 'keep one of them, or name one with --config',
    })
  return found[0]
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    // V8's message quotes the text around the mistake, which may hold a secret: only the place is told.
    const place = /line (\d+) column (\d+)/.exec(String(error))
    throw unreadable(
      path,
      error instanceof SyntaxError
        ? `it is not JSON${place === null ? '' : ` (${place[0]})`}`
        : String(error),
      error,
    )
  }
}

async function importModule(path: string): Promise<unknown> {
  let module: Record<string, unknown>
  const { href } = pathToFileURL(path)
  // `npm init` makes packages CommonJS, where Node would not read the import and export of a `.ts` file.
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      return found.url === href && extname(path) === '.ts' ? { ...found, format: 'module-typescript' } : found
    },
  })
  try {
    module = (await import(href)) as Record<string, unknown>
  } catch (error) {
    throw unreadable(path, redactText(String(error)), error)
  } finally {
    hooks.deregister()
  }
  if (module.default === undefined)
    throw unreadable(path, 'it has no default export (export default defineConfig({ … }))')
  return module.default
}

function unreadable(path: string, why: string, cause?: unknown): HarnessError {
  return new HarnessError('CONFIG', 'CONFIG_FILE_UNREADABLE', `${basename(path)} cannot be read: ${why}`, {
    remedy: `mend ${path}`,
    ...(cause !== undefined && { cause }),
  })
}
