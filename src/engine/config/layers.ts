import { HarnessError } from '../../verdict/errors.ts'
import { isGiven, member, Problems, record } from '../options/reader.ts'

/** Options from one place, and how the user wrote an option there. */
export interface OptionsLayer {
  readonly values: Readonly<Record<string, unknown>>
  /** `options.vus`, `K6_VUS`, `--vus`. */
  nameOf(option: string): string
  /** Did the user ask for it on this one run? Then an option without effect is refused instead of passed over. */
  readonly explicit: boolean
}

/**
 * `export const options` of the script, as it is; `undefined` when there is none.
 * @throws {HarnessError} CONFIG SCRIPT_OPTIONS when it is no object
 */
export function scriptLayer(exported: unknown, name = 'options'): OptionsLayer {
  const problems = new Problems()
  const values = isGiven(exported) ? record(exported, name, problems) : {}
  if (values === undefined) throw new HarnessError('CONFIG', 'SCRIPT_OPTIONS', problems.list.join('\n'))
  return { values, nameOf: (option) => `${name}${member(option)}`, explicit: false }
}

/** k6's configuration file, as JSON gives it. */
export function configFileLayer(values: Readonly<Record<string, unknown>>): OptionsLayer {
  return { values, nameOf: (option) => option, explicit: false }
}

/** What the command line set, by k6's option names; members that are `undefined` were not set. */
export function commandLineLayer(values: Readonly<Record<string, unknown>>): OptionsLayer {
  return { values, nameOf: (option) => `--${kebab(option)}`, explicit: true }
}

/** k6's environment variables that set an option which this engine supports, or refuses. */
const VARIABLES: Readonly<Record<string, readonly [option: string, read?: (text: string) => unknown]>> = {
  K6_VUS: ['vus'],
  K6_DURATION: ['duration'],
  K6_ITERATIONS: ['iterations'],
  K6_STAGES: ['stages', stagesOf],
  K6_SETUP_TIMEOUT: ['setupTimeout'],
  K6_TEARDOWN_TIMEOUT: ['teardownTimeout'],
  K6_NO_SETUP: ['noSetup'],
  K6_NO_TEARDOWN: ['noTeardown'],
  K6_NO_THRESHOLDS: ['noThresholds'],
  K6_NO_SUMMARY: ['noSummary'],
  K6_RPS: ['rps'],
  K6_MAX_REDIRECTS: ['maxRedirects'],
  K6_USER_AGENT: ['userAgent'],
  K6_HTTP_DEBUG: ['httpDebug'],
  K6_INSECURE_SKIP_TLS_VERIFY: ['insecureSkipTLSVerify'],
  K6_THROW: ['throw'],
  K6_NO_CONNECTION_REUSE: ['noConnectionReuse'],
  K6_NO_VU_CONNECTION_REUSE: ['noVUConnectionReuse'],
  K6_NO_COOKIES_RESET: ['noCookiesReset'],
  K6_MIN_ITERATION_DURATION: ['minIterationDuration'],
  K6_DISCARD_RESPONSE_BODIES: ['discardResponseBodies'],
  K6_SUMMARY_TREND_STATS: ['summaryTrendStats', listOfTexts],
  K6_SUMMARY_TIME_UNIT: ['summaryTimeUnit'],
  K6_SYSTEM_TAGS: ['systemTags', listOfTexts],
}

/**
 * The options that environment variables set.
 * @param warn is told of every other `K6_…` variable: k6 may know it, and this engine does not
 */
export function environmentLayer(
  env: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void = () => {},
): OptionsLayer {
  const names = new Map<string, string>()
  const values: Record<string, unknown> = {}
  for (const [variable, [option, read = (text: string) => text]] of Object.entries(VARIABLES)) {
    const text = env[variable]
    if (text === undefined || text === '') continue
    values[option] = read(text)
    names.set(option, variable)
  }
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith('K6_') || variable in VARIABLES || NOT_OPTIONS.has(variable)) continue
    warn(`${variable} has no effect on the embedded engine; --engine k6 reads it`)
  }
  return { values, nameOf: (option) => names.get(option) ?? option, explicit: true }
}

/** Of the harness itself, or of no effect on a run. */
const NOT_OPTIONS = new Set(['K6_BIN', 'K6_NO_USAGE_REPORT'])

function listOfTexts(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

/** k6's short form of stages: `10s:5,1m:20`. */
function stagesOf(text: string): { duration: string; target: string }[] {
  return listOfTexts(text).map((part) => {
    const colon = part.lastIndexOf(':')
    return { duration: part.slice(0, Math.max(colon, 0)), target: part.slice(colon + 1) }
  })
}

function kebab(option: string): string {
  return option.replace(/[A-Z]+(?![a-z])|[A-Z]/g, (letters) => `-${letters.toLowerCase()}`)
}
