import type { Config } from '../../target/config.ts'
import { openTarget } from '../../target/open.ts'
import type { CheckResult } from '../../verdict/check.ts'
import { run } from '../run.ts'
import { shippedScenarios } from '../scenarios.ts'
import { checkStage } from '../stages/check.ts'
import { loadStage } from '../stages/load.ts'
import { verifyStage } from '../stages/verify.ts'

/** What a proving process is told once, and then for every defect. `defect` absent: the correct provider. */
export interface Assignment {
  readonly config: Config
  readonly pactFiles: readonly string[]
  readonly runDir: string
  readonly defect?: string
}

/** What it answers. The evidence stays behind: only the verdicts make the matrix. */
export interface Finding {
  readonly checks: readonly CheckResult[]
  readonly error?: string
}

async function prove({ config, pactFiles, runDir, defect }: Assignment): Promise<Finding> {
  const target = await openTarget(config, defect === undefined ? {} : { defect })
  try {
    const result = await run({
      command: 'prove',
      id: defect ?? 'correct',
      target,
      runDir,
      stages: [
        verifyStage({ pactFiles }),
        checkStage(),
        loadStage({ scenarios: shippedScenarios, profile: 'smoke' }),
      ],
    })
    return {
      checks: result.checks.map((check) => ({ ...check, exchanges: [] })),
      ...(result.error && { error: result.error.message }),
    }
  } finally {
    await target.close()
  }
}

process.on('message', (assignment: Assignment) => {
  prove(assignment).then(
    (finding) => process.send?.(finding),
    (error: unknown) =>
      process.send?.({
        checks: [],
        error: error instanceof Error ? error.message : String(error),
      } satisfies Finding),
  )
})
// The parent ended, however: so does this.
process.on('disconnect', () => process.exit())
