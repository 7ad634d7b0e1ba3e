import type { Progress } from '../engine/index.ts'
import type { Target } from '../target/target.ts'
import type { CheckResult } from '../verdict/check.ts'
import type { HarnessError } from '../verdict/errors.ts'
import type { LoadResult } from '../verdict/load-result.ts'
import type { StageName, StageResult } from '../verdict/run-result.ts'

/** What a stage is given. */
export interface StageContext {
  readonly target: Target
  /** Where this run writes its files; absolute. */
  readonly runDir: string
  readonly observer: GateObserver
  /** Aborted by the first interrupt: finish what is under way, start nothing new. */
  readonly signal: AbortSignal
  /** Aborted by the second interrupt: end at once with what there is. */
  readonly hardSignal: AbortSignal
}

/** What a stage found out. Its verdict is that of its checks. */
interface StageOutcome {
  readonly checks: readonly CheckResult[]
  readonly loads?: readonly LoadResult[]
  /** What kept a part of the stage from a verdict; what was found before it stands. */
  readonly error?: HarnessError | undefined
}

/** Stages import their machinery when they run, so that a command loads only what it uses. */
export interface Stage {
  readonly name: StageName
  /**
   * @throws {HarnessError} when the stage as a whole could not give a verdict; the stages that depend on the same
   * thing are then not run
   */
  run(context: StageContext): Promise<StageOutcome>
}

/** Told of everything while it happens; draws progress. Every method is optional to a caller that does not draw. */
export interface GateObserver {
  stageStarted?(name: StageName): void
  check?(check: CheckResult): void
  loadStarted?(scenario: string, profile: string): void
  /** The scenario is run once more, since its generator was saturated. */
  loadRepeated?(scenario: string): void
  /** A line that the script wrote to its console, or a warning of the engine; without secrets. */
  loadLog?(scenario: string, line: string): void
  loadProgress?(scenario: string, progress: Progress): void
  stageEnded?(result: StageResult): void
}
