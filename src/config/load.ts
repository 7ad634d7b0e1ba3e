import { basename, dirname, resolve } from 'node:path'
import { HarnessError } from '../verdict/errors.ts'
import { suggestion } from '../verdict/suggestion.ts'
import { type ConfigFile, readConfigFile } from './file.ts'
import { problemsOf } from './problems.ts'
import { type Config, configSchema } from './schema.ts'
import { ACCOUNTS_VARIABLE, type ConfigOverrides, SETTINGS, valueOfText } from './variables.ts'

export interface ConfigSources {
  /** `--config`; without it `auth-harness.config.ts` or `.json` in `cwd` is read, if it is there. */
  file?: string | undefined
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  overrides?: ConfigOverrides | undefined
}

/**
 * The configuration: the file, overridden by environment variables, overridden by options. An empty variable counts
 * as not set. Everything that is wrong is told at once.
 * @throws {HarnessError} CONFIG: `CONFIG_INVALID`, or what {@link readConfigFile} throws
 */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const file = await readConfigFile(sources.file, sources.cwd)
  const merged = structuredCloneOf(file)
  const names = overlay(merged, sources)
  const parsed = configSchema.safeParse(merged)
  const problems = [
    ...unknownVariables(sources.env, merged),
    ...(parsed.success
      ? crossProblems(parsed.data, (key) => names.get(key) ?? key)
      : problemsOf(
          parsed.error.issues,
          (path) => nameOf(path, names, file),
          (path) => valueAt(merged, path),
        )),
  ]
  if (problems.length > 0 || !parsed.success)
    throw new HarnessError('CONFIG', 'CONFIG_INVALID', problems.join('\n'), {
      remedy: 'mend what is named; schema/config.schema.json in the package lists every key',
    })
  return withAbsolutePaths(parsed.data, sources, file)
}

type Tree = Record<string, unknown>

function structuredCloneOf(file: ConfigFile): unknown {
  try {
    return structuredClone(file.content)
  } catch (error) {
    throw new HarnessError(
      'CONFIG',
      'CONFIG_INVALID',
      `the configuration must be plain data: ${String(error)}`,
    )
  }
}

/** Writes variables and options over the file's values; gives back who wrote which key. */
function overlay(merged: unknown, { env, overrides }: ConfigSources): Map<string, string> {
  const names = new Map<string, string>()
  const write = ([section, key]: readonly [string, string], value: unknown, name: string): void => {
    if (!isTree(merged)) return
    merged[section] ??= {}
    const tree = merged[section]
    if (!isTree(tree)) return
    tree[key] = value
    names.set(`${section}.${key}`, name)
  }
  for (const { key, variable, kind, option } of SETTINGS) {
    const text = env[variable]
    if (text !== undefined && text !== '')
      write(key, valueOfText(kind, text), `environment variable ${variable}`)
    const given = option && overrides?.[option.name]
    if (option && given !== undefined) write(key, valueOfText(kind, given), `option ${option.flag}`)
  }
  return names
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(path: readonly PropertyKey[], names: ReadonlyMap<string, string>, file: ConfigFile): string {
  const written = names.get(path.slice(0, 2).join('.'))
  if (written !== undefined) return written
  const where = file.path === undefined ? 'the configuration' : basename(file.path)
  if (path.length === 0) return where
  const key = path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${String(step)}`),
    '',
  )
  return `${where}: ${key}`
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    tree,
  )
}

/** A misspelt variable would otherwise be ignored, and the run would prove something else than was meant. */
function unknownVariables(env: ConfigSources['env'], merged: unknown): string[] {
  const secretEnv = valueAt(merged, ['token', 'verification', 'secretEnv'])
  const known = [...SETTINGS.map(({ variable }) => variable), ACCOUNTS_VARIABLE]
  return Object.keys(env)
    .filter((name) => name.startsWith('AUTH_HARNESS_') && !known.includes(name) && name !== secretEnv)
    .map((name) => `environment variable ${name} is not known${suggestion(name, known)}`)
}

function crossProblems(config: Config, nameOf: (key: string) => string): string[] {
  return config.target.statesUrl !== undefined && config.target.baseUrl === undefined
    ? [
        `${nameOf('target.statesUrl')} needs a target (target.baseUrl, --target): the embedded provider has its own`,
      ]
    : []
}

/** A path in a file is relative to the file, one from a variable to the working folder. */
function withAbsolutePaths(config: Config, { cwd, env }: ConfigSources, file: ConfigFile): Config {
  if (config.accounts === undefined) return config
  const fromFile = file.path !== undefined && !env.AUTH_HARNESS_ACCOUNTS_FILE
  return {
    ...config,
    accounts: { file: resolve(fromFile ? dirname(file.path ?? cwd) : cwd, config.accounts.file) },
  }
}
