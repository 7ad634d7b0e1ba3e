import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Failure } from '../../../../src/verdict/check.ts'
import { HarnessError } from '../../../../src/verdict/errors.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import type { Verdict } from '../../../../src/verdict/verdict.ts'
import { outputOf } from '../child-output.ts'
import { withoutPactVariables } from '../environment.ts'
import { lintPacts } from '../lint.ts'
import { type PactFile, readPact, withRawBodies } from '../pact-file.ts'
import type { SpecEvent } from './spec-process.ts'

export interface ContractResult {
  /** held: every spec passed and the pacts are sound; not evaluated: no spec ran. */
  verdict: Verdict
  /** The pact files, absolute; none unless the verdict is held. */
  pactFiles: string[]
  /** That the pacts hold. */
  interactions: number
  failures: Failure[]
  /** In ms. */
  durationMs: number
}

export interface SpecOptions {
  /** Where the pact files go, each as a whole; untouched unless every spec passes. */
  pactDir: string
  /** Where the specs are (`*.pact.ts`, or `.js` in a built package); by default `contracts/`. */
  specDir?: string
  /** Called for every spec that ended. */
  onProgress?: (line: string) => void
  signal?: AbortSignal
}

/**
 * Runs the consumer specs through the real client, lints the pacts that they write, and puts them into `pactDir`.
 * @throws {HarnessError} CONTRACT `SPEC_UNLOADABLE` a spec file cannot be loaded; HARNESS `SPECS_CRASHED`
 */
export async function runSpecs(options: SpecOptions): Promise<ContractResult> {
  const startedAt = performance.now()
  // A new folder each time: Pact adds to the file that it finds, and an interaction that is gone would stay.
  const draftDir = mkdtempSync(join(tmpdir(), 'pacts-'))
  try {
    const { failures, declared } = await runInChild(options, draftDir)
    const pacts = readdirSync(draftDir)
      .sort()
      .map((name) => ({ name, pact: withRawBodies(readPact(join(draftDir, name))) }))
    if (failures.length === 0 && !options.signal?.aborted)
      failures.push(
        ...lintPacts(
          pacts.map(({ pact }) => pact),
          declared,
        ),
      )
    const interactions = pacts.reduce((sum, { pact }) => sum + pact.interactions.length, 0)
    const verdict =
      failures.length > 0
        ? 'broken'
        : interactions === 0 || options.signal?.aborted
          ? 'not evaluated'
          : 'held'
    const pactFiles =
      verdict === 'held' ? pacts.map(({ name, pact }) => replacePact(options.pactDir, name, pact)) : []
    return {
      verdict,
      pactFiles,
      interactions,
      failures,
      durationMs: performance.now() - startedAt,
    }
  } finally {
    rmSync(draftDir, { recursive: true, force: true })
  }
}

/** Whole or not at all: nobody ever reads half a file. @returns its path */
function replacePact(pactDir: string, name: string, pact: PactFile): string {
  mkdirSync(pactDir, { recursive: true })
  const file = resolve(pactDir, name)
  writeFileSync(`${file}.new`, `${JSON.stringify(pact, null, 2)}\n`)
  renameSync(`${file}.new`, file)
  return file
}

const here = fileURLToPath(import.meta.url)
const specProcess = join(dirname(here), `spec-process${extname(here)}`)
const contractsDir = dirname(dirname(dirname(dirname(here))))

async function runInChild(
  { specDir = contractsDir, onProgress, signal }: SpecOptions,
  draftDir: string,
): Promise<{ failures: Failure[]; declared: string[] }> {
  const failures: Failure[] = []
  let ended: Extract<SpecEvent, { event: 'ended' | 'unloadable' }> | undefined
  const child = fork(specProcess, [specDir], {
    env: { ...withoutPactVariables(process.env), PACT_DIR: draftDir },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(signal && { signal }),
  })
  child.on('message', (message) => {
    const event = message as SpecEvent
    if (event.event === 'ended' || event.event === 'unloadable') {
      ended = event
      // Pact's native threads would keep it alive for a while.
      child.kill()
    } else {
      onProgress?.(`${event.event === 'passed' ? 'ok' : 'FAILED'} ${event.title}`)
      if (event.event === 'failed') failures.push(failureOf(event))
    }
  })
  const output = await outputOf(child)
  if (signal?.aborted) return { failures, declared: [] }
  if (ended === undefined)
    throw new HarnessError(
      'HARNESS',
      'SPECS_CRASHED',
      `the process that runs the specs ended early: ${output}`,
    )
  if (ended.event === 'unloadable')
    throw new HarnessError('CONTRACT', 'SPEC_UNLOADABLE', redactText(ended.message), {
      remedy: 'mend the spec file that the message names',
    })
  return { failures, declared: ended.declared }
}

function failureOf({ title, message, expected, actual }: Extract<SpecEvent, { event: 'failed' }>): Failure {
  return {
    message: redactText(`${title}: ${message}`),
    ...(expected !== undefined &&
      actual !== undefined && { expected: redactText(expected), actual: redactText(actual) }),
  }
}
