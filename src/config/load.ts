import { basename, dirname, resolve } from 'node:path'
import { HarnessError } from '../verdict/errors.ts'
import { suggestion } from '../verdict/suggestion.ts'
import { type ConfigFile, readConfigFile } from './file.ts'
import { type KnownNames, unknownNames } from './known-names.ts'
import { problemsOf } from './problems.ts'
import { type Config, configSchema, SHOP_PATH } from './schema.ts'
import { ACCOUNTS_VARIABLE, OPTION_SETTINGS, SETTINGS, type SettingOptions, valueOfText } from './settings.ts'

export interface ConfigSources {
  /** `--config`; without it the nearest `auth-harness.config.*` is read, from `cwd` up to the root of the repository. */
  file?: string | undefined
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  overrides?: SettingOptions | undefined
  /** What names in the configuration may refer to; without it any name is taken. */
  known?: KnownNames | undefined
}

export interface LoadedConfig {
  readonly config: Config
  /** Absolute path of the file that was read; absent where there is none. */
  readonly path: string | undefined
}

/**
 * The configuration: the file, overridden by environment variables, overridden by options. Everything that
 * is wrong is told at once.
 * @throws {HarnessError} CONFIG: `CONFIG_INVALID`, or what {@link readConfigFile} throws
 */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const file = await readConfigFile(sources.file, sources.cwd)
  const merged = structuredCloneOf(file)
  const names = overlay(merged, sources)
  const parsed = configSchema.safeParse(merged)
  const problems = [
    ...unknownVariables(sources.env, merged),
    ...emptyVariables(sources.env, merged),
    ...(parsed.success
      ? [
          ...crossProblems(parsed.data, (key) => names.get(key) ?? key),
          ...(sources.known === undefined
            ? []
            : unknownNames(parsed.data, sources.known, (path) => nameOf(path, names, file))),
        ]
      : problemsOf(
          parsed.error.issues,
          (path) => nameOf(path, names, file),
          (path) => valueAt(merged, path),
        )),
  ]
  if (problems.length > 0 || !parsed.success)
    throw new HarnessError('CONFIG', 'CONFIG_INVALID', problems.join('\n'), {
      remedy: 'correct what is named; schema/config.schema.json in the package lists every key',
    })
  return { config: withAbsolutePaths(parsed.data, sources, file), path: file.path }
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
  for (const { key, variable, kind } of SETTINGS) {
    const text = env[variable]
    if (text !== undefined && text !== '')
      write(key, valueOfText(kind, text), `environment variable ${variable}`)
  }
  for (const { key, kind, option } of OPTION_SETTINGS) {
    const given = overrides?.[option.name]
    if (given !== undefined) write(key, valueOfText(kind, given), `option ${option.flags.split(' ')[0]}`)
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

const VARIABLES: readonly string[] = [...SETTINGS.map(({ variable }) => variable), ACCOUNTS_VARIABLE]

/** A misspelt variable would otherwise be ignored, and the run would prove something else than was meant. */
function unknownVariables(env: ConfigSources['env'], merged: unknown): string[] {
  const named = variablesNamedIn(merged)
  return Object.keys(env)
    .filter((name) => name.startsWith('AUTH_HARNESS_') && !VARIABLES.includes(name) && !named.has(name))
    .map((name) => `environment variable ${name} is not known${suggestion(name, VARIABLES)}`)
}

/** A CI gives an empty text for a variable that nobody set; the run would silently test something else. */
function emptyVariables(env: ConfigSources['env'], merged: unknown): string[] {
  return [...VARIABLES, ...variablesNamedIn(merged)]
    .filter((name) => env[name]?.trim() === '')
    .map((name) => `environment variable ${name} is empty: give it a value, or leave it unset`)
}

/** The variables that the configuration itself names, as secrets are. */
function variablesNamedIn(tree: unknown): Set<string> {
  const headers = valueAt(tree, ['target', 'headers'])
  const named = [
    valueAt(tree, ['token', 'verification', 'secretEnv']),
    ...(isTree(headers) ? Object.values(headers).map((value) => valueAt(value, ['env'])) : []),
  ]
  return new Set(named.filter((name) => typeof name === 'string'))
}

function crossProblems(config: Config, nameOf: (key: string) => string): string[] {
  const { baseUrl, statesUrl, shopPath } = config.target
  if (baseUrl !== undefined) return []
  const own = 'needs a target (target.baseUrl, --target): the embedded provider has its own'
  return [
    ...(statesUrl === undefined ? [] : [`${nameOf('target.statesUrl')} ${own}`]),
    ...(shopPath === SHOP_PATH ? [] : [`${nameOf('target.shopPath')} ${own}`]),
  ]
}

/** A path in a file is relative to the file, one from a variable or an option to the working folder. */
function withAbsolutePaths(config: Config, { cwd, env, overrides }: ConfigSources, file: ConfigFile): Config {
  const folderOf = (variable: string, option: string | undefined): string =>
    file.path === undefined || env[variable] || option !== undefined ? cwd : dirname(file.path)
  const { accounts, target, broker } = config
  const caFolder = folderOf('AUTH_HARNESS_CA_FILE', overrides?.caFile)
  return {
    ...config,
    target: { ...target, ...(target.caFile && { caFile: resolve(caFolder, target.caFile) }) },
    ...(accounts && {
      accounts: {
        file: resolve(folderOf('AUTH_HARNESS_ACCOUNTS_FILE', overrides?.accountsFile), accounts.file),
      },
    }),
    ...(broker?.caFile && {
      broker: { ...broker, caFile: resolve(dirname(file.path ?? cwd), broker.caFile) },
    }),
  }
}
