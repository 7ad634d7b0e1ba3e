import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../verdict/errors.ts'
import { packageRoot } from '../verdict/package-root.ts'

/** The pacts that come with the package. */
export const PACKAGE_PACTS = join(packageRoot, 'contracts', 'pacts')

/** @throws {HarnessError} CONFIG `NO_PACT_DIR` */
export function findPacts(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.json'))
      .map((name) => resolve(dir, name))
  } catch {
    throw new HarnessError('CONFIG', 'NO_PACT_DIR', `--pact-dir: there is no folder ${dir}`, {
      remedy: 'auth-harness contract writes the pacts',
    })
  }
}
