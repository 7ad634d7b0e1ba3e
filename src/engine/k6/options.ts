import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { HarnessError } from '../../verdict/errors.ts'
import { redactText } from '../../verdict/redact.ts'
import { commandLineLayer, scriptLayer } from '../config/layers.ts'
import { parseOptions } from '../config/parse.ts'
import type { Options } from '../options/options.ts'
import type { K6Binary } from './binary.ts'
import { endOf } from './exit.ts'

/** By k6's names of the options. */
type Overrides = Readonly<Record<string, unknown>>

/** What of the options decides how the run is judged; the rest is k6's own business. */
const JUDGED = [
  'scenarios',
  'vus',
  'duration',
  'iterations',
  'stages',
  'thresholds',
  'summaryTrendStats',
  'summaryTimeUnit',
  'tags',
]

/**
 * The options of a script, as k6 itself works them out (`k6 inspect`).
 * @throws {HarnessError} CONFIG when k6 cannot load the script, or its options are wrong
 */
export async function inspectOptions(
  k6: K6Binary,
  script: string,
  env: Readonly<Record<string, string | undefined>>,
  overrides: Overrides,
  configFile?: string,
): Promise<Options> {
  const config = configFile === undefined ? [] : ['--config', configFile]
  const args = ['inspect', '--include-system-env-vars', ...config, script]
  const output = await promisify(execFile)(k6.path, args, {
    env: { ...env },
    timeout: 60_000,
    maxBuffer: 16 * 1024 * 1024,
  }).then(
    ({ stdout }) => stdout,
    (error: { code?: unknown; stderr?: unknown }) => {
      endOf(typeof error.code === 'number' ? error.code : null, redactText(String(error.stderr ?? '')).trim())
      throw error
    },
  )
  const all = JSON.parse(output) as Record<string, unknown>
  // k6 may show the shorthand next to the scenario that it made of it.
  const isShorthand = ['duration', 'iterations', 'stages'].some((option) => all[option] != null)
  const judged = JUDGED.filter((option) => !(option === 'scenarios' && isShorthand))
  const own = Object.fromEntries(judged.map((option) => [option, withoutNulls(all[option])]))
  return parseOptions([scriptLayer(own), commandLineLayer(overrides)])
}

/** k6 writes null for what is not set, at every depth. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  )
}

/**
 * The overrides as arguments of `k6 run`.
 * @throws {HarnessError} CONFIG K6_CONFIG for an option that is no flag of k6's
 */
export function overrideArguments(overrides: Overrides): string[] {
  return Object.entries(overrides).flatMap(([option, value]) => {
    if (value === undefined || value === null) return []
    if (option === 'stages' && Array.isArray(value)) {
      return value.flatMap(({ duration, target }: Record<string, unknown>) => [
        '--stage',
        `${duration}:${target}`,
      ])
    }
    if (option === 'tags' && typeof value === 'object') {
      return Object.entries(value).flatMap(([name, tag]) => ['--tag', `${name}=${tag}`])
    }
    if (option === 'summaryTrendStats' && Array.isArray(value))
      return [`--summary-trend-stats=${value.join(',')}`]
    const flag = commandLineLayer({}).nameOf(option)
    if (typeof value === 'object') {
      throw new HarnessError('CONFIG', 'K6_CONFIG', `k6 does not take ${flag} on its command line`, {
        remedy: 'Set it in the script, or use --engine node.',
      })
    }
    return [`${flag}=${value}`]
  })
}
