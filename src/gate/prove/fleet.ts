import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HarnessError } from '../../verdict/errors.ts'
import type { Assignment, Finding } from './child.ts'

/** Background processes a core, for what needs no quiet: a defect waits more than it computes. */
const BACKGROUND_PER_CORE = 3

/** Answers an assignment. @throws {HarnessError} HARNESS `PROVE_FAILED`: the process died */
export type Ask = (assignment: Assignment) => Promise<Finding>

/** Processes that prove: one a core in the foreground, and more in the background, in what time those leave. */
export class Fleet {
  readonly #foreground: readonly ChildProcess[]
  readonly #background: readonly ChildProcess[]
  readonly #compileCache: string

  constructor(cores: number) {
    // A provider is started for each defect; what V8 made of its code is kept from one to the next.
    this.#compileCache = mkdtempSync(join(tmpdir(), 'prove-'))
    const start = () => startChild(this.#compileCache)
    this.#foreground = Array.from({ length: cores }, start)
    this.#background = Array.from({ length: cores * BACKGROUND_PER_CORE }, start)
    for (const { pid } of this.#background)
      if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  }

  /**
   * Does all of the work, side by side.
   * @param quiet first, in the foreground: what is disturbed by others of its kind
   * @param rest by whoever is free
   */
  async share<Work>(
    quiet: readonly Work[],
    rest: readonly Work[],
    work: (ask: Ask, one: Work) => Promise<void>,
  ): Promise<void> {
    const [first, then] = [[...quiet], [...rest]]
    const lane = async (child: ChildProcess, next: () => Work | undefined) => {
      for (let one = next(); one !== undefined; one = next()) await work((given) => ask(child, given), one)
    }
    await Promise.all([
      ...this.#foreground.map((child) => lane(child, () => first.shift() ?? then.shift())),
      ...this.#background.map((child) => lane(child, () => then.shift())),
    ])
  }

  /** One after the other, with nothing beside it. */
  async alone<Work>(all: readonly Work[], work: (ask: Ask, one: Work) => Promise<void>): Promise<void> {
    const [child] = this.#foreground
    if (child === undefined) return
    for (const one of all) await work((given) => ask(child, given), one)
  }

  end(): void {
    for (const child of [...this.#foreground, ...this.#background]) child.kill()
    rmSync(this.#compileCache, { recursive: true, force: true, maxRetries: 3 })
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
