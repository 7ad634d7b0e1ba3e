import { statesOfOneCheck } from '../../../src/target/states/over-api.ts'
import type { ProviderStates } from '../../../src/target/states/states.ts'
import type { Target } from '../../../src/target/target.ts'
import type { CheckResult } from '../../../src/verdict/check.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import type { Exchange } from '../../../src/verdict/evidence.ts'
import type { Check } from './check.ts'
import { type Outcome, outcomeOf, prerequisite } from './outcome.ts'
import { ShopApi } from './shop-api.ts'
import type { SignatureVerifier } from './signature.ts'

/**
 * Runs one check and says what it found.
 * @throws {HarnessError} HARNESS `CHECK_DEFECT`: the check itself is wrong, which says nothing of the target; or an
 *   error of kind CONFIG, as it came
 */
export async function runCheck(
  check: Check,
  target: Target,
  signatures: SignatureVerifier,
): Promise<CheckResult> {
  const exchanges: Exchange[] = []
  const { config } = target
  const startedAt = performance.now()
  const outcome = await attempt(check, () =>
    check.run({
      config,
      api: new ShopApi({
        shopUrl: target.shopUrl,
        clientId: config.target.clientId,
        timeoutMs: config.target.timeoutSeconds * 1000,
        onExchange: (exchange) => exchanges.push(exchange),
      }),
      states: declaredStates(check, statesOfOneCheck(target.states)),
      signatures,
      hasStatesUrl: target.statesUrl !== undefined,
      prerequisite,
    }),
  )
  if (outcome === 'held' && exchanges.length === 0)
    throw defect(check, 'it held without asking the target anything')
  return {
    ...result(check, exchanges, performance.now() - startedAt),
    ...(outcome === 'held'
      ? { verdict: 'held', failures: [] }
      : { ...outcome, failures: [...outcome.failures] }),
  }
}

/** The result of a check that was not begun. */
export function skipped(check: Check, reason: string): CheckResult {
  return { ...result(check, [], 0), verdict: 'not evaluated', reason, failures: [] }
}

function result(check: Check, exchanges: Exchange[], durationMs: number) {
  return {
    id: check.id,
    kind: 'behaviour' as const,
    title: check.title,
    clauses: [...check.clauses],
    // a request that is still under way when another one failed adds to no result that was told
    exchanges: [...exchanges],
    durationMs,
  }
}

async function attempt(check: Check, run: () => Promise<void>): Promise<'held' | Outcome> {
  try {
    await run()
    return 'held'
  } catch (error) {
    const outcome = outcomeOf(error)
    if (outcome !== undefined) return outcome
    if (error instanceof HarnessError) throw error
    // its text may quote what the target sent
    throw defect(check, `an unexpected ${error instanceof Error ? error.name : typeof error}`, error)
  }
}

/** A state that is not declared would run where the check was not expected to need it. */
function declaredStates(check: Check, states: ProviderStates): ProviderStates {
  return {
    get passedSeconds() {
      return states.passedSeconds
    },
    setUp(state, params) {
      if (!check.needs.includes(state)) throw defect(check, `it does not declare that it needs "${state}"`)
      return states.setUp(state, params)
    },
  }
}

function defect(check: Check, problem: string, cause?: unknown): HarnessError {
  return new HarnessError('HARNESS', 'CHECK_DEFECT', `the check ${check.id} is wrong: ${problem}`, {
    remedy: 'report it: this says nothing of the target',
    ...(cause !== undefined && { cause }),
  })
}
