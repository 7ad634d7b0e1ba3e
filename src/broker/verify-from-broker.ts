import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CheckResult } from '../verdict/check.ts'
import type { KnownIdentity } from './build-identity.ts'
import { type BrokerPact, type PactSelection, pactsForVerification } from './pacts-for-verification.ts'
import { announceProviderVersion, outcomeOf, publishVerificationResults } from './verification-results.ts'

export interface VerifyFromBrokerOptions extends PactSelection {
  /** Replays one pact file against the target; one check for each interaction. */
  verify: (pactFile: string) => Promise<readonly CheckResult[]>
  /** `--publish-results`: as results of this version. Absent: nothing is published. */
  publishAs?: KnownIdentity | undefined
}

/** What became of one pact. */
interface VerifiedPact {
  consumer: string
  consumerVersion: string | undefined
  pending: boolean
  notices: string[]
  /** What the broker was told, or why it was told nothing. */
  published: 'success' | 'failure' | { not: string }
}

export interface BrokerVerification {
  pacts: VerifiedPact[]
  /** Of all pacts, without the failures of pending ones. */
  checks: CheckResult[]
  /** Broken checks of pending pacts: to be shown, not to be counted. */
  pendingFailures: CheckResult[]
}

/**
 * Verifies the pacts that the broker gives out for this provider, one after the other.
 * @throws {HarnessError} those of `pactsForVerification`, of `verify` and of the broker
 */
export async function verifyFromBroker(options: VerifyFromBrokerOptions): Promise<BrokerVerification> {
  const { broker, provider, publishAs, signal } = options
  const pacts = await pactsForVerification(options)
  const folder = mkdtempSync(join(tmpdir(), 'auth-harness-pacts-'))
  const result: BrokerVerification = { pacts: [], checks: [], pendingFailures: [] }
  try {
    if (publishAs !== undefined) await announceProviderVersion(broker, provider, publishAs, signal)
    for (const [position, pact] of pacts.entries()) {
      const file = join(folder, `${position}.json`)
      writeFileSync(file, JSON.stringify(pact.content))
      const checks = (await options.verify(file)).map((check) => ofPact(check, pact, pacts))
      const published = await tell(options, pact, checks)
      const { consumer, consumerVersion, pending, notices } = pact
      result.pacts.push({ consumer, consumerVersion, pending, notices, published })
      for (const check of checks) {
        const list = pending && check.verdict === 'broken' ? result.pendingFailures : result.checks
        list.push(check)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return result
}

/** Two pacts may hold an interaction of one name; the id of a check is unique in a run. */
function ofPact(check: CheckResult, pact: BrokerPact, all: readonly BrokerPact[]): CheckResult {
  if (all.length === 1) return check
  const of = `${pact.consumer}@${pact.consumerVersion ?? all.indexOf(pact)}`
  return { ...check, id: `${check.id}/${of}`, title: `${check.title} (${of})` }
}

async function tell(
  { broker, publishAs, signal }: VerifyFromBrokerOptions,
  pact: BrokerPact,
  checks: readonly CheckResult[],
): Promise<VerifiedPact['published']> {
  if (publishAs === undefined) return { not: 'not asked for (--publish-results)' }
  const outcome = outcomeOf(pact, checks)
  if (outcome.kind === 'none') return { not: outcome.reason }
  await publishVerificationResults(broker, pact, outcome.kind === 'success', checks, publishAs, signal)
  return outcome.kind
}
