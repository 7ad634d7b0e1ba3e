import { VerifierProcess } from '../../../contracts/lib/pact/index.ts'
import type { Config } from '../../config/schema.ts'
import { openTarget } from '../../target/open.ts'
import { describeError } from '../../verdict/describe-error.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { run } from '../run.ts'
import { findScenario, SCENARIOS, type ScenarioName } from '../scenarios.ts'
import type { Stage } from '../stage.ts'
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
  /** Scenarios that run the whole profile smoke; of the others just enough that every check is made. */
  readonly inFull: readonly ScenarioName[]
}

type Variables = Readonly<Record<string, string>>

/** A defect that one request shows needs no two thousand of them; what only load shows gets the whole profile. */
const BRIEF: Readonly<Record<ScenarioName, Variables>> = {
  issuance: { DURATION: '1s', RATE: '40', BURST: '12' },
  refresh: { DURATION: '1s', RATE: '8', BAD_SHARE: '0.2' },
  session: { DURATION: '1s', RATE: '10' },
  lockout: { DURATION: '1s', RATE: '20', CUSTOMERS: '4', CROWD: '20' },
  journey: { DURATION: '1s', RATE: '10' },
}

/** Every visitor refreshes, since a defect that comes once in twenty refreshes must come in each scenario. */
const IN_FULL: Readonly<Partial<Record<ScenarioName, Variables>>> = {
  journey: { REFRESH_SHARE: '1' },
}

/** Scenarios that move the target's clock, and would end the tokens and locks of others. */
const CLOCK_MOVES: readonly ScenarioName[] = ['refresh', 'lockout']
const CLOCK_STANDS = SCENARIOS.filter((name) => !CLOCK_MOVES.includes(name))

function loadStages({ inFull, defect }: Assignment): Stage[] {
  const stageOf = (name: ScenarioName): Stage => {
    const isInFull = inFull.includes(name)
    const variables = isInFull ? IN_FULL[name] : BRIEF[name]
    return loadStage({
      scenarios: [findScenario(name, '.')],
      profile: 'smoke',
      // What a warm-up keeps out of the figures is no part of what a defect breaks.
      env: defect === undefined ? {} : { WARMUP: '0s', ...variables },
      // A busy machine is no alarm, and no survival.
      attempts: isInFull ? 3 : 1,
    })
  }
  return inFull.length === 0
    ? [sideBySide(CLOCK_STANDS.map(stageOf)), ...CLOCK_MOVES.map(stageOf)]
    : SCENARIOS.map(stageOf)
}

/** Where nothing is measured, loads may disturb each other. */
function sideBySide(stages: readonly Stage[]): Stage {
  return {
    name: 'load',
    async run(context) {
      const outcomes = await Promise.all(stages.map((stage) => stage.run(context)))
      return {
        checks: outcomes.flatMap(({ checks }) => checks),
        error: outcomes.find(({ error }) => error !== undefined)?.error,
      }
    },
  }
}

/** What it answers: the whole result of the correct provider, and of a defect what the matrix is made of. */
export type Finding = Pick<RunResult, 'checks' | 'error'> & { readonly result?: RunResult }

/** One for all defects of this process. */
const verifier = new VerifierProcess()

async function prove(assignment: Assignment): Promise<Finding> {
  const { config, id, pactFiles, runDir, defect } = assignment
  const target = await openTarget(config, { defect })
  try {
    const result = await run({
      command: 'prove',
      id,
      target,
      runDir,
      stages: [verifyStage({ pactFiles, verifier }), checkStage(), ...loadStages(assignment)],
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
// An interrupt is told to the whole group; what it means is the parent's to say.
process.on('SIGINT', () => {})
// The parent ended, however: so does this.
process.on('disconnect', () => process.exit())
