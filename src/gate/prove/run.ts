import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../target/config.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { ExitCode, exitCodeOf } from '../../verdict/exit-code.ts'
import type { DefectFate } from '../../verdict/kill-matrix.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import type { Assignment, Finding } from './child.ts'
import { type DefectInfo, fateOf, isProved, killMatrix } from './fate.ts'

export interface ProveOptions {
  readonly config: Config
  readonly id: string
  readonly defects: readonly DefectInfo[]
  readonly pactFiles: readonly string[]
  readonly runDir: string
  /** Processes; default: one a core. */
  readonly parallel?: number
  readonly onFate?: (fate: DefectFate, done: number, total: number) => void
  readonly signal?: AbortSignal
  readonly partial?: boolean
}

/**
 * The gate against the correct provider and every planted defect, side by side in processes of their own, since a
 * process is what a core can run.
 * @param options.partial not every defect is there, so that a check without a kill shows nothing
 * @returns the result of the correct provider with the kill matrix; held only where the gate has proved itself
 * @throws {HarnessError} HARNESS `PROVE_FAILED`: it could not run on the correct provider, or a process died
 */
export async function prove(options: ProveOptions): Promise<RunResult> {
  const start = performance.now()
  const { config, id, pactFiles, runDir, defects } = options
  const assignment = (defect?: string): Assignment => ({
    config,
    id,
    pactFiles,
    runDir,
    ...(defect !== undefined && { defect }),
  })
  const queue = [...defects]
  const fates = new Map<string, DefectFate>()
  let correct: RunResult | undefined

  const work = async (child: ChildProcess, first: boolean) => {
    if (first) correct = (await ask(child, assignment())).result
    while (options.signal?.aborted !== true) {
      const defect = queue.shift()
      if (defect === undefined) return
      const began = performance.now()
      const fate = fateOf(defect, await ask(child, assignment(defect.id)), performance.now() - began)
      fates.set(defect.id, fate)
      options.onFate?.(fate, fates.size, defects.length)
    }
  }

  const children = Array.from({ length: options.parallel ?? availableParallelism() }, startChild)
  try {
    await Promise.all(children.map((child, index) => work(child, index === 0)))
  } finally {
    for (const child of children) child.kill()
  }
  if (correct === undefined) {
    throw new HarnessError('HARNESS', 'PROVE_FAILED', 'the gate could not run on the correct provider')
  }
  const matrix = killMatrix(
    correct.checks,
    defects.flatMap(({ id: defect }) => fates.get(defect) ?? []),
  )
  const judged = options.partial ? { ...matrix, idle: [] } : matrix
  const interrupted = options.signal?.aborted === true
  const verdict = isProved(judged) ? correct.verdict : 'broken'
  return {
    ...correct,
    durationMs: performance.now() - start,
    verdict,
    exitCode: interrupted ? ExitCode.interrupted : exitCodeOf(verdict),
    interrupted,
    killMatrix: judged,
  }
}

function startChild(): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fork(fileURLToPath(new URL(`./child.${extension}`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

function ask(child: ChildProcess, assignment: Assignment): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      child.off('message', onMessage)
      child.off('exit', onExit)
    }
    const onMessage = (finding: Finding) => {
      settle()
      resolve(finding)
    }
    const onExit = (code: number | null) => {
      settle()
      reject(
        new HarnessError(
          'HARNESS',
          'PROVE_FAILED',
          `a proving process ended with code ${code} on ${assignment.defect ?? 'the correct provider'}`,
        ),
      )
    }
    child.once('message', onMessage)
    child.once('exit', onExit)
    child.send(assignment)
  })
}
