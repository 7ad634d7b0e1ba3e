import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CLAUSES } from '../../../contracts/clauses.ts'
import type { Config } from '../../config/schema.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { ExitCode, exitCodeOf } from '../../verdict/exit-code.ts'
import type { DefectFate } from '../../verdict/kill-matrix.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import type { Assignment, Finding } from './child.ts'
import { EXEMPT } from './exempt.ts'
import { type DefectInfo, fateOf, killMatrix, proofOf } from './fate.ts'

export interface ProveOptions {
  readonly config: Config
  readonly id: string
  readonly defects: readonly DefectInfo[]
  readonly pactFiles: readonly string[]
  readonly runDir: string
  /** How many cores to use; default: all. */
  readonly parallel?: number
  readonly onFate?: (fate: DefectFate, done: number, total: number) => void
  readonly signal?: AbortSignal
  readonly partial?: boolean
}

/** Processes a core that take what needs no quiet: a defect waits more than it computes. */
const BACKGROUND_LANES = 2

/**
 * The gate against the correct provider and every planted defect, side by side in processes of their own, since a
 * process is what a core can run. What only load shows, and the correct provider, run one a core; the rest runs in the
 * background, in what time they leave.
 * @param options.partial not every defect is there, so that a claim without a kill shows nothing
 * @returns the result of the correct provider with the kill matrix; held only where the gate has proved itself
 * @throws {HarnessError} HARNESS `PROVE_FAILED`: it could not run on the correct provider, or a process died
 */
export async function prove(options: ProveOptions): Promise<RunResult> {
  const began = performance.now()
  const { config, id, pactFiles, runDir, defects } = options
  // Those that run every scenario take longest, and of them the last one, whose answers are late: begun last, it would
  // be the only thing left to do.
  const careful: (DefectInfo | undefined)[] = [
    undefined,
    ...defects.filter(({ underLoad }) => underLoad === 'every').reverse(),
    ...defects.filter(({ underLoad }) => underLoad !== false && underLoad !== 'every'),
  ]
  const ordinary = defects.filter(({ underLoad }) => underLoad === false)
  const fates = new Map<string, DefectFate>()
  let correct: RunResult | undefined

  const examine = async (child: ChildProcess, defect: DefectInfo | undefined) => {
    const asked = performance.now()
    const finding = await ask(child, {
      config,
      id,
      pactFiles,
      runDir,
      inFull: defect === undefined ? 'every' : defect.underLoad,
      ...(defect && { defect: defect.id }),
    })
    if (defect === undefined) {
      correct = finding.result
      return
    }
    const fate = fateOf(defect, finding, performance.now() - asked)
    fates.set(defect.id, fate)
    options.onFate?.(fate, fates.size, defects.length)
  }
  const lane = async (child: ChildProcess, queues: readonly (DefectInfo | undefined)[][]) => {
    for (const queue of queues) {
      while (queue.length > 0 && options.signal?.aborted !== true) await examine(child, queue.shift())
    }
  }

  const cores = options.parallel ?? availableParallelism()
  // A provider is started for each defect; what V8 made of its code is kept from one to the next.
  const compileCache = mkdtempSync(join(tmpdir(), 'prove-'))
  const start = () => startChild(compileCache)
  const foreground = Array.from({ length: cores }, start)
  const background = Array.from({ length: cores * BACKGROUND_LANES }, start)
  for (const { pid } of background) if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  try {
    await Promise.all([
      ...foreground.map((child) => lane(child, [careful, ordinary])),
      ...background.map((child) => lane(child, [ordinary])),
    ])
  } finally {
    for (const child of [...foreground, ...background]) child.kill()
    rmSync(compileCache, { recursive: true, force: true, maxRetries: 3 })
  }
  if (correct === undefined) {
    throw new HarnessError('HARNESS', 'PROVE_FAILED', 'the gate could not run on the correct provider')
  }
  const matrix = killMatrix(
    correct.checks,
    defects.flatMap(({ id: defect }) => fates.get(defect) ?? []),
    { clauses: CLAUSES, exempt: EXEMPT },
  )
  const judged = options.partial ? { ...matrix, idle: [], idleProofs: [] } : matrix
  const interrupted = options.signal?.aborted === true
  const verdict = proofOf(judged)
  return {
    ...correct,
    durationMs: performance.now() - began,
    verdict,
    exitCode: interrupted ? ExitCode.interrupted : exitCodeOf(verdict),
    interrupted,
    killMatrix: judged,
  }
}

function startChild(compileCache: string): ChildProcess {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fork(fileURLToPath(new URL(`./child.${extension}`, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
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
