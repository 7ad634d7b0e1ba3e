import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { verifyStage } from '../../gate/stages/verify.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { packageRoot } from '../../verdict/package-root.ts'
import { type SharedOptions, withExamples, withSharedOptions } from '../options.ts'
import { runSession } from '../session.ts'

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('replay the pacts against the target')
    .option('--pact-dir <dir>', 'where the pacts are (default: those of this package)')
    .option('--filter <text>', 'only interactions whose description contains this')
    .option('--defect <id>', 'plant a defect in the embedded provider')
  return withExamples(withSharedOptions(command), [
    ['auth-harness verify', 'on the embedded provider'],
    [
      'auth-harness verify --target http://127.0.0.1:4010 --states-url http://127.0.0.1:4010/_states',
      'on a target of your own',
    ],
  ]).action(async (options: SharedOptions & { pactDir?: string; filter?: string; defect?: string }) => {
    const pactFiles = findPacts(options.pactDir ?? join(packageRoot, 'contracts', 'pacts'))
    await runSession(options, () => ({
      command: 'verify',
      stages: [verifyStage({ pactFiles, ...(options.filter !== undefined && { filter: options.filter }) })],
    }))
  })
}

function findPacts(dir: string): string[] {
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
