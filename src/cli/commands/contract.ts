import { Command } from 'commander'
import { contractStage } from '../../gate/stages/contract.ts'
import { type RunOptions, withExamples, withSharedOptions } from '../options.ts'
import { runSession } from '../session.ts'

export function contractCommand(): Command {
  const command = new Command('contract')
    .description('run the consumer specs and write the pacts')
    .option('--pact-dir <dir>', 'where the pacts go', 'contracts/pacts')
  return withExamples(withSharedOptions(command, ['config', 'run']), [
    ['auth-harness contract', 'writes contracts/pacts'],
    ['auth-harness contract --pact-dir pacts', 'writes them elsewhere'],
  ]).action(async (options: RunOptions & { pactDir: string }) => {
    await runSession(options, () => ({
      command: 'contract',
      stages: [contractStage({ pactDir: options.pactDir })],
      needsTarget: false,
    }))
  })
}
