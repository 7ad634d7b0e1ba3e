import { Command } from 'commander'
import { CLAUSES, findClause } from '../../../contracts/clauses.ts'
import { proves } from '../../gate/left-out.ts'
import { LOCKABLE_USED_BY } from '../../gate/load-accounts.ts'
import { shippedScenarios } from '../../gate/scenarios.ts'
import type { Stage } from '../../gate/stage.ts'
import { checkStage } from '../../gate/stages/check.ts'
import { contractStage } from '../../gate/stages/contract.ts'
import { loadStage } from '../../gate/stages/load.ts'
import { verifyStage } from '../../gate/stages/verify.ts'
import { STAGES, type StageName } from '../../verdict/run-result.ts'
import { type RunOptions, withExamples, withSharedOptions } from '../options.ts'
import { findPacts, PACKAGE_PACTS } from '../pacts.ts'
import { type SelectionOptions, selectedClauses, withSelection } from '../selection.ts'
import { runSession } from '../session.ts'

export function gateCommand(): Command {
  const command = new Command('gate')
    .description('contract, verify, check, then every load scenario under smoke: one verdict, one report')
    .option('--defect <id>', 'plant a defect in the embedded provider')
    .option('--baseline <run>', 'compare with an earlier run; a regression fails')
  return withExamples(withSharedOptions(withSelection(command), ['deployment', 'run']), [
    ['auth-harness gate', 'on the embedded reference provider'],
    [
      'auth-harness gate --target https://dev.example --states-url https://dev.example/_states',
      'on a target of your own',
    ],
    [
      'auth-harness gate --stages contract,verify,check --require-target',
      'on a sandbox, which must not be loaded',
    ],
    ['auth-harness gate --defect lock-one-late', 'see it fail'],
  ]).action(async (options: RunOptions & SelectionOptions & { defect?: string; baseline?: string }) => {
    await runSession(options, ({ gate }) => {
      const clauses = selectedClauses(options.clause, gate.stages)
      const chosen = new Set(gate.stages.filter((stage) => runs(stage, clauses, options.grep)))
      const contract = contractStage()
      const scenarios = shippedScenarios.filter(({ name }) => gate.scenarios?.includes(name) ?? true)
      const stages: Readonly<Record<StageName, Stage>> = {
        contract,
        // Without the specs, the pacts that the package has.
        verify: verifyStage({
          pactFiles: chosen.has('contract') ? contract.pactFiles : findPacts(PACKAGE_PACTS),
          filter: options.grep,
          clauses,
        }),
        check: checkStage({ clauses, grep: options.grep }),
        load: loadStage({
          scenarios,
          profile: 'smoke',
          attempts: 3,
          lockableUsedBefore:
            (chosen.has('verify') ? LOCKABLE_USED_BY.verify : 0) +
            (chosen.has('check') ? LOCKABLE_USED_BY.check : 0),
        }),
      }
      return {
        command: 'gate',
        stages: STAGES.filter((name) => chosen.has(name)).map((name) => stages[name]),
        leftOut: {
          stages: STAGES.filter((name) => !gate.stages.includes(name)),
          scenarios: shippedScenarios.filter((one) => !scenarios.includes(one)).map(({ name }) => name),
        },
        // What is chosen by text proves what it names.
        ...(options.grep === undefined && {
          asked: new Set(clauses ?? CLAUSES.map((clause) => clause.id)),
        }),
      }
    })
  })
}

/** A selection leaves out the stages that have nothing of it; by text only checks and interactions are chosen. */
function runs(stage: StageName, clauses: readonly string[] | undefined, grep: string | undefined): boolean {
  if (grep !== undefined && (stage === 'contract' || stage === 'load')) return false
  return (
    clauses === undefined ||
    clauses.some((id) => {
      const clause = findClause(id)
      return clause !== undefined && proves(stage, clause)
    })
  )
}
