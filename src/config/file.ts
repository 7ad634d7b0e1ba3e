import { existsSync, readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { up as findUp } from 'empathic/find'
import { up as foldersUp } from 'empathic/walk'
import { HarnessError } from '../verdict/errors.ts'
import { redactText } from '../verdict/redact.ts'

const STEM = 'auth-harness.config'
const ENDINGS = ['.ts', '.mts', '.js', '.mjs', '.json'] as const

/** What a configuration file holds, unchecked; `path` is absent where there is no file. */
export interface ConfigFile {
  path: string | undefined
  content: unknown
}

/**
 * @param file as the user named it; without it the folder `cwd` is searched, then those above it up to the root of the
 *   repository, and having none is fine
 * @throws {HarnessError} CONFIG `CONFIG_FILE_MISSING`, `CONFIG_FILE_AMBIGUOUS`, `CONFIG_FILE_ENDING` or
 *   `CONFIG_FILE_UNREADABLE`
 */
export async function readConfigFile(file: string | undefined, cwd: string): Promise<ConfigFile> {
  const path = file === undefined ? findFile(cwd) : namedFile(file, cwd)
  if (path === undefined) return { path, content: {} }
  return { path, content: extname(path) === '.json' ? await readJson(path) : await importModule(path) }
}

function namedFile(file: string, cwd: string): string {
  if (file.trim() === '')
    throw new HarnessError('CONFIG', 'CONFIG_FILE_MISSING', '--config must name a file, not ""', {
      remedy: 'leave --config out to have the file found',
    })
  const path = resolve(cwd, file)
  if (!existsSync(path))
    throw new HarnessError('CONFIG', 'CONFIG_FILE_MISSING', `--config: there is no file ${path}`)
  if (statSync(path).isFile()) checkEnding(path)
  return path
}

/** The nearest file. Outside of a repository only the folder itself is searched: what lies above it is not the user's project. */
function findFile(cwd: string): string | undefined {
  const git = findUp('.git', { cwd })
  for (const folder of foldersUp(cwd, { last: git === undefined ? cwd : dirname(git) })) {
    const found = readdirSync(folder).filter((name) => name.startsWith(`${STEM}.`))
    for (const name of found) checkEnding(join(folder, name))
    const [first, ...others] = found
    if (others.length > 0)
      throw new HarnessError('CONFIG', 'CONFIG_FILE_AMBIGUOUS', `${found.join(' and ')} stand in ${folder}`, {
        remedy: 'keep one of them, or name one with --config',
      })
    if (first !== undefined) return join(folder, first)
  }
  return undefined
}

/** A file that looks like the configuration is never ignored: the run would prove something else than was meant. */
function checkEnding(path: string): void {
  const name = basename(path)
  const allowed = name.startsWith(`${STEM}.`)
    ? ENDINGS.some((ending) => name === `${STEM}${ending}`)
    : ENDINGS.some((ending) => ending === extname(path))
  if (allowed) return
  throw new HarnessError(
    'CONFIG',
    'CONFIG_FILE_ENDING',
    `a configuration file must end in ${ENDINGS.slice(0, -1).join(', ')} or ${ENDINGS.at(-1)}, not as ${path}`,
    { remedy: `name it ${STEM}.ts or ${STEM}.json, or give it a name that does not begin with ${STEM}` },
  )
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
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

/** `npm init` makes packages CommonJS, where Node would not read the import and export of a `.ts` or `.js` file. */
async function moduleFormat(path: string): Promise<string | undefined> {
  if (extname(path) === '.ts') return 'module-typescript'
  const exports = extname(path) === '.js' && /^\uFEFF?\s*export\s/m.test(await readFile(path, 'utf8'))
  return exports ? 'module' : undefined
}

async function importModule(path: string): Promise<unknown> {
  let module: Record<string, unknown>
  const { href } = pathToFileURL(path)
  let format: string | undefined
  try {
    format = await moduleFormat(path)
  } catch (error) {
    throw unreadable(path, String(error), error)
  }
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      return found.url === href && format !== undefined ? { ...found, format } : found
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
    remedy: `correct ${path}`,
    ...(cause !== undefined && { cause }),
  })
}
