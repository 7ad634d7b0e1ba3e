import { availableParallelism } from 'node:os'
import type { Target } from '../target/target.ts'
import type { CheckResult } from '../verdict/check.ts'
import { describeError } from '../verdict/describe-error.ts'
import { exitCodeOfError } from '../verdict/errors.ts'
import { ExitCode, exitCodeOf } from '../verdict/exit-code.ts'
import type { LoadResult } from '../verdict/load-result.ts'
import { packageVersion } from '../verdict/package-root.ts'
import { redactText } from '../verdict/redact.ts'
import { RUN_RESULT_VERSION, type RunResult, type StageResult } from '../verdict/run-result.ts'
import { combineVerdicts } from '../verdict/verdict.ts'
import { clauseTable, countsAs } from './clause-table.ts'
import { type LeftOut, leftOutStages, withLeftOut } from './left-out.ts'
import type { GateObserver, Stage, StageContext } from './stage.ts'

export interface RunOptions {
  /** As the user called it; stands in the result. */
  readonly command: string
  readonly id: string
  readonly target: Target
  readonly stages: readonly Stage[]
  /** Run before the stages; where it throws none of them is run. */
  readonly preflight?: () => Promise<void>
  /**
   * The clauses that the run is to prove. Absent: those that its checks name, for a command that runs a part of the gate.
   */
  readonly asked?: ReadonlySet<string>
  /** Stop at the first check that is broken. */
  readonly bail?: boolean
  /** What the user kept from running. */
  readonly leftOut?: LeftOut
  readonly runDir: string
  readonly observer?: GateObserver
  readonly signal?: AbortSignal
  readonly hardSignal?: AbortSignal
}

/** Runs the stages one after the other, gathers their evidence by clause and gives the verdict. Throws nothing of the target's. */
export async function run(options: RunOptions): Promise<RunResult> {
  const startedAt = new Date()
  const checks: CheckResult[] = []
  const loads: LoadResult[] = []
  const stages: StageResult[] = []
  const signal = options.signal ?? new AbortController().signal
  const bailed = new AbortController()
  const observer: GateObserver = {
    ...options.observer,
    check(check) {
      options.observer?.check?.(check)
      if (options.bail && check.verdict === 'broken') bailed.abort()
    },
  }
  const context: StageContext = {
    target: options.target,
    runDir: options.runDir,
    observer,
    signal: AbortSignal.any([signal, bailed.signal]),
    hardSignal: options.hardSignal ?? new AbortController().signal,
  }
  let error: unknown

  try {
    await options.preflight?.()
  } catch (cause) {
    error = cause
  }

  for (const stage of options.stages) {
    const skipped = signal.aborted
      ? 'interrupted'
      : bailed.signal.aborted
        ? 'stopped at the first broken check (--bail)'
        : error !== undefined
          ? stages.length === 0
            ? describeError(error).message
            : 'an earlier stage could not be run'
          : undefined
    const result =
      skipped === undefined
        ? await runStage(stage)
        : { name: stage.name, verdict: 'not evaluated' as const, reason: skipped, durationMs: 0 }
    stages.push(result)
    if (skipped === undefined) observer.stageEnded?.(result)
  }

  async function runStage(stage: Stage): Promise<StageResult> {
    const start = performance.now()
    observer.stageStarted?.(stage.name)
    try {
      const outcome = await stage.run(context)
      checks.push(...outcome.checks)
      loads.push(...(outcome.loads ?? []))
      error ??= outcome.error
      const verdicts = outcome.checks.map((check) => check.verdict)
      const verdict = combineVerdicts(outcome.error === undefined ? verdicts : [...verdicts, 'not evaluated'])
      const reason = outcome.error?.message ?? (verdicts.length === 0 ? 'nothing was checked' : undefined)
      return {
        name: stage.name,
        verdict,
        ...(reason !== undefined && { reason: redactText(reason) }),
        durationMs: performance.now() - start,
      }
    } catch (cause) {
      if (signal.aborted)
        return {
          name: stage.name,
          verdict: 'not evaluated',
          reason: 'interrupted',
          durationMs: performance.now() - start,
        }
      error = cause
      return {
        name: stage.name,
        verdict: 'not evaluated',
        reason: describeError(cause).message,
        durationMs: performance.now() - start,
      }
    }
  }

  const asked = options.asked ?? new Set(checks.flatMap((check) => check.clauses))
  const { leftOut } = options
  const table = clauseTable(checks, asked, options.target.config.knownFailures)
  const clauses = leftOut === undefined ? table : withLeftOut(table, leftOut, stages)
  // Of the stages only those without a verdict count here: the others' verdicts are in the clauses already,
  // where a known failure does not fail the run.
  const verdict = combineVerdicts([
    ...clauses.map(countsAs),
    // Of another team's pact: it proves no clause, and counts by itself.
    ...checks.filter((check) => check.clauses.length === 0).map((check) => check.verdict),
    ...stages.filter((stage) => stage.reason !== undefined).map((stage) => stage.verdict),
  ])
  return {
    version: RUN_RESULT_VERSION,
    id: options.id,
    command: options.command,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    harness: {
      version: packageVersion,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: availableParallelism(),
    },
    target: describeTarget(options.target),
    verdict,
    exitCode: signal.aborted
      ? ExitCode.interrupted
      : error === undefined || verdict === 'broken'
        ? exitCodeOf(verdict)
        : exitCodeOfError(error),
    interrupted: signal.aborted,
    ...(error !== undefined && { error: describeError(error) }),
    stages: leftOut === undefined ? stages : [...stages, ...leftOutStages(leftOut)],
    clauses,
    checks,
    loads,
  }
}

function describeTarget({ kind, config, baseUrl, statesUrl, defect }: Target): RunResult['target'] {
  return {
    kind,
    baseUrl: redactText(baseUrl),
    siteId: config.target.siteId,
    apiVersion: config.target.apiVersion,
    ...(statesUrl && { statesUrl: redactText(statesUrl) }),
    ...(defect && { defect }),
  }
}
