import type { CheckResult } from '../verdict/check.ts'
import { packageVersion } from '../verdict/package-root.ts'
import { redactText } from '../verdict/redact.ts'
import type { Broker } from './broker.ts'
import type { KnownIdentity } from './build-identity.ts'
import { connect, request, requireLink } from './http.ts'
import type { BrokerPact } from './pacts-for-verification.ts'

/** What may be told of a pact: that it was kept, that it was not, or nothing. */
export type PactOutcome = { kind: 'success' } | { kind: 'failure' } | { kind: 'none'; reason: string }

/**
 * A pact was kept if every interaction of it was replayed and held. One that could not be replayed leaves the
 * pact without a result, as the broker's word for it would let a release through.
 */
export function outcomeOf(pact: BrokerPact, checks: readonly CheckResult[]): PactOutcome {
  if (checks.some(({ verdict }) => verdict === 'broken')) return { kind: 'failure' }
  const open = checks.filter(({ verdict }) => verdict !== 'held')
  if (open.length > 0) {
    const first = open[0]?.reason
    return {
      kind: 'none',
      reason: `${open.length} of ${pact.interactions} interactions were not proved${first ? `: ${first}` : ''}`,
    }
  }
  if (checks.length < pact.interactions) {
    return { kind: 'none', reason: `${checks.length} of ${pact.interactions} interactions were replayed` }
  }
  return { kind: 'success' }
}

/**
 * Makes the provider's version known with its branch; once, before its results are published.
 * @throws {HarnessError} those of `connect`
 */
export async function announceProviderVersion(
  broker: Broker,
  provider: string,
  { version, branch }: KnownIdentity,
  signal?: AbortSignal,
): Promise<void> {
  if (branch === undefined) return
  const index = await connect(broker, signal)
  const link = requireLink(index, 'pb:pacticipant-branch-version', { pacticipant: provider, branch, version })
  await request(broker, link, { method: 'PUT', body: {}, signal })
}

/** Publishes that a pact was kept or not, interaction by interaction; of the exchanges nothing. */
export async function publishVerificationResults(
  broker: Broker,
  pact: BrokerPact,
  success: boolean,
  checks: readonly CheckResult[],
  provider: KnownIdentity,
  signal?: AbortSignal,
): Promise<void> {
  await request(broker, pact.resultsUrl, {
    method: 'POST',
    body: {
      success,
      providerApplicationVersion: provider.version,
      ...(provider.buildUrl !== undefined && { buildUrl: provider.buildUrl }),
      verifiedBy: { implementation: 'auth-harness', version: packageVersion },
      testResults: checks.map((check) => ({
        interactionDescription: check.title,
        success: check.verdict === 'held',
        clauses: check.clauses,
        mismatches: check.failures.map((failure) => ({
          description: redactText(failure.message),
          ...(failure.expected !== undefined && { expected: redactText(failure.expected) }),
          ...(failure.actual !== undefined && { actual: redactText(failure.actual) }),
        })),
      })),
    },
    signal,
  })
}
