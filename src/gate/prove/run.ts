import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../target/config.ts'
import { HarnessError } from '../../verdict/errors.ts'
import type { DefectFate, KillMatrix } from '../../verdict/kill-matrix.ts'
import type { Assignment, Finding } from './child.ts'
import { type DefectInfo, fateOf, killMatrix } from './fate.ts'

export interface ProveOptions {
  readonly config: Config
  readonly defects: readonly DefectInfo[]
  readonly pactFiles: readonly string[]
  readonly runDir: string
  /** Processes; default: one a core. */
  readonly parallel?: number
  readonly onFate?: (fate: DefectFate, done: number, total: number) => void
  readonly signal?: AbortSignal
}

/**
 * The gate against the correct provider and every planted defect, side by side in processes of their own, since a
 * process is what a core can run.
 */
export async function prove(options: ProveOptions): Promise<KillMatrix> {
  const { config, pactFiles, runDir, defects } = options
  const assignment = (defect?: string): Assignment => ({
    config,
    pactFiles,
    runDir,
    ...(defect !== undefined && { defect }),
  })
  const queue = [...defects]
  const fates: DefectFate[] = []
  let correct: Finding | undefined

  const work = async (child: ChildProcess, first: boolean) => {
    if (first) correct = await ask(child, assignment())
    for (
      let defect = queue.shift();
      defect !== undefined && !options.signal?.aborted;
      defect = queue.shift()
    ) {
      const start = performance.now()
      const finding = await ask(child, assignment(defect.id))
      const fate = fateOf(defect, finding, performance.now() - start)
      fates.push(fate)
      options.onFate?.(fate, fates.length, defects.length)
    }
  }

  const children = Array.from({ length: options.parallel ?? availableParallelism() }, startChild)
  try {
    await Promise.all(children.map((child, index) => work(child, index === 0)))
  } finally {
    for (const child of children) child.kill()
  }
  if (correct === undefined || correct.error !== undefined) {
    throw new HarnessError(
      'HARNESS',
      'PROVE_FAILED',
      `the gate could not run on the correct provider: ${correct?.error ?? 'interrupted'}`,
    )
  }
  const order = new Map(defects.map((defect, index) => [defect.id, index]))
  return killMatrix(
    correct.checks,
    fates.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)),
  )
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
