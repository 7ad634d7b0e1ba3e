import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { redactText } from '../../verdict/redact.ts'
import { commandLineLayer, scriptLayer } from '../options/layers.ts'
import type { Options } from '../options/options.ts'
import { parseOptions } from '../options/parse.ts'
import type { K6Binary } from './binary.ts'
import { endOf } from './exit.ts'

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

/** Overrides that `k6 run` takes on its command line. */
export interface K6Overrides {
  readonly vus?: number
  readonly duration?: string
  readonly iterations?: number
}

/**
 * The options of a script, as k6 itself works them out (`k6 inspect`).
 * @throws {HarnessError} CONFIG when k6 cannot load the script, or its options are wrong
 */
export async function inspectOptions(
  k6: K6Binary,
  script: string,
  env: Readonly<Record<string, string | undefined>>,
  overrides: K6Overrides,
): Promise<Options> {
  const args = ['inspect', '--include-system-env-vars', script]
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
  return parseOptions([scriptLayer(own), commandLineLayer({ ...overrides })])
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

/** The overrides as arguments of `k6 run`. */
export function overrideArguments({ vus, duration, iterations }: K6Overrides): string[] {
  return [
    ...(vus === undefined ? [] : ['--vus', String(vus)]),
    ...(duration === undefined ? [] : ['--duration', duration]),
    ...(iterations === undefined ? [] : ['--iterations', String(iterations)]),
  ]
}
