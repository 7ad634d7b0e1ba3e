import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { HarnessError } from '../../verdict/errors.ts'

export interface K6Binary {
  readonly path: string
  /** `2.2.0` */
  readonly version: string
}

/** Older ones strip no types, or lack `--summary-mode`. */
const OLDEST = 2

/**
 * The k6 of this machine: `K6_BIN`, or the first on the `PATH`.
 * @throws {HarnessError} CONFIG K6_MISSING, or K6_VERSION when it is too old or does not say what it is
 */
export async function findK6(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<K6Binary> {
  const candidates = env.K6_BIN
    ? [env.K6_BIN]
    : (env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'k6'))
  for (const path of candidates) {
    if (await isExecutable(path)) return { path, version: await versionOf(path) }
  }
  throw new HarnessError(
    'CONFIG',
    'K6_MISSING',
    env.K6_BIN ? `K6_BIN is ${env.K6_BIN}, which is not an executable file` : 'There is no k6 on the PATH',
    {
      remedy:
        'Install k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/) or set K6_BIN to its path; --engine node needs no other binary.',
    },
  )
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function versionOf(path: string): Promise<string> {
  const said = await promisify(execFile)(path, ['version'], { timeout: 30_000 }).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const version = /\bv?(\d+)\.(\d+\.\d+)/.exec(said)
  if (version !== null && Number(version[1]) >= OLDEST) return `${version[1]}.${version[2]}`
  throw new HarnessError(
    'CONFIG',
    'K6_VERSION',
    `${path} must be k6 ${OLDEST}.0 or later; it says: ${said.slice(0, 200)}`,
    {
      remedy: 'Install a current k6, or set K6_BIN to one.',
    },
  )
}
