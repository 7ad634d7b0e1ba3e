import { Command } from 'commander'
import { CLAUSES } from '../../../contracts/clauses.ts'
import { shippedScenarios } from '../../gate/scenarios.ts'
import { checkStage } from '../../gate/stages/check.ts'
import { contractStage } from '../../gate/stages/contract.ts'
import { loadStage } from '../../gate/stages/load.ts'
import { verifyStage } from '../../gate/stages/verify.ts'
import { type RunOptions, withExamples, withSharedOptions } from '../options.ts'
import { runSession } from '../session.ts'

export function gateCommand(): Command {
  const command = new Command('gate')
    .description('contract, verify, check, then every load scenario under smoke: one verdict, one report')
    .option('--defect <id>', 'plant a defect in the embedded provider')
    .option('--baseline <run>', 'compare with an earlier run; a regression fails')
  return withExamples(withSharedOptions(command, ['deployment', 'run']), [
    ['auth-harness gate', 'on the embedded reference provider'],
    [
      'auth-harness gate --target https://dev.example --states-url https://dev.example/_states',
      'on a target of your own',
    ],
    ['auth-harness gate --defect lock-one-late', 'see it fail'],
  ]).action(async (options: RunOptions & { defect?: string; baseline?: string }) => {
    await runSession(options, () => {
      const contract = contractStage()
      return {
        command: 'gate',
        stages: [
          contract,
          verifyStage({ pactFiles: contract.pactFiles }),
          checkStage(),
          loadStage({ scenarios: shippedScenarios, profile: 'smoke', attempts: 3 }),
        ],
        asked: new Set(CLAUSES.map((clause) => clause.id)),
      }
    })
  })
}
