import type { Progress } from '../engine/index.ts'
import type { ProviderStateName } from '../target/states/states.ts'
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

/** Something that a stage would do, for `--list`. */
interface Listed {
  readonly id: string
  /** Ids of the catalogue. */
  readonly clauses: readonly string[]
  readonly title: string
}

/** Stages import their machinery when they run, so that a command loads only what it uses. */
export interface Stage {
  readonly name: StageName
  /**
   * What can be known before the first request.
   * @throws {HarnessError} CONFIG: the stage could not run on this target
   */
  assertReady?(target: Target): void
  /** What it would run. */
  list?(): Promise<readonly Listed[]>
  /** The provider states that it asks the target for, as far as they are known before it runs. */
  needs?(): Promise<readonly ProviderStateName[]>
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
  /** A sentence for the reader, whatever else is drawn. */
  note?(text: string): void
  /** The scenario is run once more, since its generator was saturated. */
  loadRepeated?(scenario: string): void
  /** A line that the script wrote to its console, or a warning of the engine; without secrets. */
  loadLog?(scenario: string, line: string): void
  loadProgress?(scenario: string, progress: Progress): void
  stageEnded?(result: StageResult): void
}
