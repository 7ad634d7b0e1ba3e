import type { Target } from '../../../src/target/target.ts'
import type { CheckResult } from '../../../src/verdict/check.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { credentialsChecks } from '../../behaviour/credentials.ts'
import { faultChecks } from '../../behaviour/faults.ts'
import { followUpChecks } from '../../behaviour/follow-up.ts'
import { guestChecks } from '../../behaviour/guest.ts'
import { lockoutChecks } from '../../behaviour/lockout.ts'
import { refreshChecks } from '../../behaviour/refresh.ts'
import { sessionChecks } from '../../behaviour/session.ts'
import { tokenChecks } from '../../behaviour/token.ts'
import type { Check } from './check.ts'
import { runCheck, skipped } from './run-check.ts'
import { SignatureVerifier } from './signature.ts'

export type { Check } from './check.ts'

/** Every behaviour check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  ...tokenChecks,
  ...guestChecks,
  ...credentialsChecks,
  ...lockoutChecks,
  ...sessionChecks,
  ...refreshChecks,
  ...followUpChecks,
  ...faultChecks,
]

export interface RunChecksOptions {
  readonly target: Target
  /** Only checks that name one of these clauses. */
  readonly clauses?: readonly string[]
  /** Only these checks. */
  readonly ids?: readonly string[]
  /** Instead of {@link CHECKS}. */
  readonly checks?: readonly Check[]
  /** Called once a check, as it ends. */
  readonly onCheck?: (check: CheckResult) => void
  /** Aborted: checks under way end, the others are not begun. */
  readonly signal?: AbortSignal
  /** Checks under way at one time: 8 unless given, and 1 where there is no states URL, since accounts are shared. */
  readonly concurrency?: number
}

const CONCURRENCY = 8

/**
 * Runs the checks: independent ones side by side, then those that move the clock, one by one.
 * @returns one result a check, in the order of {@link CHECKS}
 * @throws {HarnessError} CONFIG `UNKNOWN_CHECK`; HARNESS `CHECK_DEFECT`; whatever of kind CONFIG a state throws
 */
export async function runChecks(options: RunChecksOptions): Promise<CheckResult[]> {
  const checks = select(options)
  const signatures = new SignatureVerifier(options.target.verification)
  const results = new Map<Check, CheckResult>()
  let failed = false

  const runNext = async (queue: Check[]): Promise<void> => {
    for (let check = queue.shift(); check !== undefined && !failed; check = queue.shift()) {
      try {
        const result = options.signal?.aborted
          ? skipped(check, 'the run was interrupted')
          : await runCheck(check, options.target, signatures)
        results.set(check, result)
        options.onCheck?.(result)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }

  const independent = checks.filter(({ exclusive }) => exclusive === undefined)
  const exclusive = checks.filter((check) => check.exclusive !== undefined)
  const concurrency = options.target.statesUrl === undefined ? 1 : (options.concurrency ?? CONCURRENCY)
  const workers = Array.from({ length: concurrency }, () => runNext(independent))
  // all of them end before an error is told, so that nothing goes on behind the caller's back
  for (const worker of await Promise.allSettled(workers)) {
    if (worker.status === 'rejected') throw worker.reason
  }
  await runNext(exclusive)
  return checks.flatMap((check) => results.get(check) ?? [])
}

function select({ checks = CHECKS, clauses, ids }: RunChecksOptions): readonly Check[] {
  const unknown = ids?.find((id) => !checks.some((check) => check.id === id))
  if (unknown !== undefined)
    throw new HarnessError('CONFIG', 'UNKNOWN_CHECK', `there is no behaviour check "${unknown}"`)
  return checks.filter(
    (check) =>
      (ids === undefined || ids.includes(check.id)) &&
      (clauses === undefined || check.clauses.some((clause) => clauses.includes(clause))),
  )
}
