import { availableParallelism } from 'node:os'
import { CLAUSES } from '../../../contracts/clauses.ts'
import type { Config } from '../../config/schema.ts'
import { HarnessError } from '../../verdict/errors.ts'
import { ExitCode, exitCodeOf } from '../../verdict/exit-code.ts'
import type { DefectFate, KillMatrix } from '../../verdict/kill-matrix.ts'
import type { RunResult } from '../../verdict/run-result.ts'
import { SCENARIOS } from '../scenarios.ts'
import type { Finding } from './child.ts'
import { EXEMPT } from './exempt.ts'
import { type DefectInfo, type Examined, fateOf, isSilent, killMatrix, proofOf, together } from './fate.ts'
import { type Ask, Fleet } from './fleet.ts'

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

/** How often something is run until it gives a verdict. All runs but the first have the machine to themselves. */
const LOOKS = 3

/**
 * The gate against the correct provider and every planted defect, side by side in processes of their own, since a
 * process is what a core can run. What only load shows, and the correct provider, run one a core; the rest runs in the
 * background, in what time they leave. What gave no verdict then is run again alone, since a busy machine is no
 * reason to leave the gate unproved.
 * @param options.partial not every defect is there, so that a claim without a kill shows nothing
 * @returns the result of the correct provider with the kill matrix; held only where the gate has proved itself
 * @throws {HarnessError} HARNESS `PROVE_FAILED`: it could not run on the correct provider, or a process died
 */
export async function prove(options: ProveOptions): Promise<RunResult> {
  const began = performance.now()
  const { defects } = options
  const isAborted = () => options.signal?.aborted === true
  const proof = new Proof(options)
  const examine = async (ask: Ask, subject: Subject) => {
    if (!isAborted()) await proof.examine(ask, subject)
  }
  const fleet = new Fleet(options.parallel ?? availableParallelism())
  try {
    const careful = defects.filter(({ underLoad }) => underLoad !== false).sort(mostScenariosFirst)
    const ordinary = defects.filter(({ underLoad }) => underLoad === false)
    await fleet.share<Subject>(['correct', ...careful], ordinary, examine)
    for (let look = 2; look <= LOOKS && !isAborted(); look++) await fleet.alone(proof.undecided(), examine)
  } finally {
    fleet.end()
  }
  const matrix = proof.matrix()
  const verdict = proofOf(matrix)
  return {
    ...proof.resultOfCorrect(),
    durationMs: performance.now() - began,
    verdict,
    exitCode: isAborted() ? ExitCode.interrupted : exitCodeOf(verdict),
    interrupted: isAborted(),
    killMatrix: matrix,
  }
}

/** What the gate is run against: a defect, or the correct provider. */
type Subject = DefectInfo | 'correct'

/** What has been found so far. */
class Proof {
  readonly #options: ProveOptions
  readonly #examined = new Map<string, Examined>()
  #correct: Finding | undefined

  constructor(options: ProveOptions) {
    this.#options = options
  }

  async examine(ask: Ask, subject: Subject): Promise<void> {
    const { config, id, pactFiles, runDir, defects, onFate } = this.#options
    const asked = performance.now()
    const given = { config, id, pactFiles, runDir }
    if (subject === 'correct') {
      this.#correct = await ask({ ...given, inFull: SCENARIOS })
      return
    }
    const finding = await ask({ ...given, inFull: subject.underLoad || [], defect: subject.id })
    const before = this.#examined.get(subject.id)
    const found = before === undefined ? finding : together(before, finding)
    const fate = fateOf(subject, found, (before?.fate.durationMs ?? 0) + performance.now() - asked)
    this.#examined.set(subject.id, { ...found, fate })
    onFate?.(fate, this.#examined.size, defects.length)
  }

  matrix(): KillMatrix {
    const inOrder = this.#options.defects.flatMap(({ id }) => this.#examined.get(id) ?? [])
    const correct = this.#correct?.checks ?? []
    const matrix = killMatrix(correct, inOrder, { clauses: CLAUSES, exempt: EXEMPT })
    return this.#options.partial ? { ...matrix, idle: [], unheard: [], idleProofs: [] } : matrix
  }

  /** What gave no verdict that the proof needs. A check that the correct provider broke is not asked again. */
  undecided(): Subject[] {
    const { falseAlarms, unevaluated, unheard } = this.matrix()
    const again = this.#options.defects.filter(({ id }) => {
      const one = this.#examined.get(id)
      if (one === undefined) return true
      return one.fate.fate === 'not evaluated' || unheard.some((claim) => isSilent(one, claim))
    })
    const isCorrectOpen =
      this.#correct?.result === undefined || (falseAlarms.length === 0 && unevaluated.length > 0)
    return isCorrectOpen ? ['correct', ...again] : again
  }

  /** @throws {HarnessError} */
  resultOfCorrect(): RunResult {
    const { result, error } = this.#correct ?? {}
    if (result !== undefined) return result
    const why = error === undefined ? '' : `: ${error.message}`
    throw new HarnessError('HARNESS', 'PROVE_FAILED', `the gate could not run on the correct provider${why}`)
  }
}

/** What runs many scenarios takes long: begun last, it would be the only thing left to do. */
function mostScenariosFirst(one: DefectInfo, other: DefectInfo): number {
  return (other.underLoad || []).length - (one.underLoad || []).length
}
