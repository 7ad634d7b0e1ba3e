import type { Config } from '../../target/config.ts'
import { openTarget } from '../../target/open.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { describeError, run } from '../run.ts'
import { shippedScenarios } from '../scenarios.ts'
import { checkStage } from '../stages/check.ts'
import { loadStage } from '../stages/load.ts'
import { verifyStage } from '../stages/verify.ts'

/** What a proving process is told once, and then for every defect. `defect` absent: the correct provider. */
export interface Assignment {
  readonly config: Config
  /** Of the whole proof. */
  readonly id: string
  readonly pactFiles: readonly string[]
  readonly runDir: string
  readonly defect?: string
}

/** What it answers: the whole result of the correct provider, and of a defect what the matrix is made of. */
export type Finding = Pick<RunResult, 'checks' | 'error'> & { readonly result?: RunResult }

async function prove({ config, id, pactFiles, runDir, defect }: Assignment): Promise<Finding> {
  const target = await openTarget(config, { defect })
  try {
    const result = await run({
      command: 'prove',
      id,
      target,
      runDir,
      stages: [
        verifyStage({ pactFiles }),
        checkStage(),
        loadStage({ scenarios: shippedScenarios, profile: 'smoke' }),
      ],
    })
    if (defect === undefined) return { checks: result.checks, error: result.error, result }
    return { checks: result.checks.map((check) => ({ ...check, exchanges: [] })), error: result.error }
  } finally {
    await target.close()
  }
}

process.on('message', async (assignment: Assignment) => {
  try {
    process.send?.(await prove(assignment))
  } catch (error) {
    process.send?.({ checks: [], error: describeError(error) } satisfies Finding)
  }
})
// The parent ended, however: so does this.
process.on('disconnect', () => process.exit())
