import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { Target } from '../../../../src/target/target.ts'
import type { CheckResult } from '../../../../src/verdict/check.ts'
import { HarnessError } from '../../../../src/verdict/errors.ts'
import { combineVerdicts, type Verdict } from '../../../../src/verdict/verdict.ts'
import { findClause } from '../../../clauses.ts'
import { type Meaning, meaningOf, type PactFile, readPact } from '../pact-file.ts'
import { expectationOf } from './beyond-pact.ts'
import { openGateway, type Planned } from './gateway.ts'
import { judge } from './judge.ts'
import { VerifierProcess } from './verifier.ts'

export interface VerifyOptions {
  target: Target
  pactFiles: readonly string[]
  /**
   * A clause id, or a part of the description in any case. The prerequisites of what it selects are replayed too.
   */
  filter?: string
  onCheck?: (check: CheckResult) => void
  signal?: AbortSignal
  /** Whose process is to be used, and is the caller's to close; otherwise one is started for this. */
  verifier?: VerifierProcess
}

export interface VerifyResult {
  /** Of all checks; not evaluated where there is none. */
  verdict: Verdict
  /** One an interaction. */
  checks: CheckResult[]
  /** The first error that kept an interaction from its verdict. */
  error: HarnessError | undefined
}

/** An interaction that is to be replayed. */
export interface Replay extends Meaning, Planned {
  description: string
  title: string
}

/**
 * Replays every interaction of the pact files against the target.
 * @throws {HarnessError} CONTRACT: a pact cannot be read, or holds an interaction that names no clause of the catalogue
 */
export async function verifyPacts(options: VerifyOptions): Promise<VerifyResult> {
  const { target, signal } = options
  const pacts = options.pactFiles.map((file) => ({ file, pact: filtered(readPact(file), options.filter) }))
  const replays = pacts.flatMap(({ file, pact }) =>
    pact.interactions.map((interaction) => replayOf(interaction, file)),
  )
  if (replays.length === 0) return { verdict: 'not evaluated', checks: [], error: undefined }
  const pactDir = mkdtempSync(join(tmpdir(), 'pacts-'))
  const verifier = options.verifier ?? new VerifierProcess()
  const gateway = await openGateway(target, replays)
  try {
    for (const [index, { file, pact }] of pacts.entries())
      writeFileSync(join(pactDir, `${index}-${basename(file)}`), JSON.stringify(pact))
    const certificateFile = join(mkdtempSync(join(pactDir, 'certificates-')), 'root.pem')
    writeFileSync(certificateFile, `${rootCertificates[0]}\n`)
    const results = await verifier.verify(
      {
        providerBaseUrl: gateway.url,
        providerStatesSetupUrl: gateway.statesUrl,
        pactUrls: pacts.map(({ file }, index) => join(pactDir, `${index}-${basename(file)}`)),
        logLevel: 'error',
        timeout: VERIFIER_TIMEOUT_MS,
      },
      certificateFile,
      signal,
    )
    const checks = judge(replays, results?.interactionResults, gateway.episodes)
    for (const check of checks) options.onCheck?.(check)
    return {
      verdict: combineVerdicts(checks.map(({ verdict }) => verdict)),
      checks,
      error: gateway.episodes.find(({ obstacle }) => obstacle?.error !== undefined)?.obstacle?.error,
    }
  } finally {
    if (options.verifier === undefined) verifier.close()
    await gateway.close()
    rmSync(pactDir, { recursive: true, force: true })
  }
}

/** The gateway always answers, and in time; the verifier's own limit would turn a slow target into a mismatch. */
const VERIFIER_TIMEOUT_MS = 3_600_000

function filtered(pact: PactFile, filter: string | undefined): PactFile {
  if (filter === undefined) return pact
  const chosen = new Set<string>()
  for (const { description, comments } of pact.interactions) {
    const { clauses, prerequisite } = meaningOf(comments?.text)
    if (!clauses.includes(filter.toUpperCase()) && !description.toLowerCase().includes(filter.toLowerCase()))
      continue
    chosen.add(description)
    if (prerequisite !== undefined) chosen.add(prerequisite)
  }
  return { ...pact, interactions: pact.interactions.filter(({ description }) => chosen.has(description)) }
}

function replayOf(interaction: PactFile['interactions'][number], file: string): Replay {
  const { description, comments, providerStates = [], response } = interaction
  const { clauses, prerequisite } = meaningOf(comments?.text)
  const unknown = clauses.filter((id) => findClause(id) === undefined)
  if (clauses.length === 0 || unknown.length > 0)
    throw new HarnessError(
      'CONTRACT',
      'INTERACTION_WITHOUT_CLAUSE',
      `"${description}" in ${file} names ${unknown.length > 0 ? `the unknown clause ${unknown.join(', ')}` : 'no clause'}`,
      { remedy: 'a text comment such as "clauses: CRED-2, FAULT-1" says what an interaction proves' },
    )
  return {
    description,
    clauses,
    prerequisite,
    title: `${description} is answered ${statusOf(response)}`,
    states: providerStates.map(({ name }) => name),
    expectation: expectationOf(interaction),
  }
}

/** Where any refusal will do, the status of the pact is an example. */
function statusOf({ status, matchingRules }: PactFile['interactions'][number]['response']): string {
  return matchingRules?.status === undefined ? String(status) : '4xx'
}
