import { z } from 'zod'
import { exchangeSchema } from './evidence.ts'
import { VERDICTS, type Verdict } from './verdict.ts'

export const verdictSchema = z.enum(VERDICTS)

/** What a check is made of, and so the way in which it proves a clause. */
export const CHECK_KINDS = ['contract', 'behaviour', 'load'] as const

/** What an assertion expected and what it found; both redacted, both as a reader should see them. */
const failureSchema = z.strictObject({
  message: z.string(),
  expected: z.string().optional(),
  actual: z.string().optional(),
  clauses: z
    .array(z.string())
    .optional()
    .describe('those of the clauses of its check that it is about; absent: all of them'),
})

export type Failure = z.infer<typeof failureSchema>

/**
 * What one check found out. `id` is the same for pass and fail, and unique in a run: `behaviour/lock-after-maximum`,
 * `contract/guest-answers-a-new-customer`, `load/issuance/token-1-the-header-holds-a-bearer-token`.
 */
export const checkResultSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(CHECK_KINDS),
  title: z.string().describe('a sentence that is true when the check holds'),
  clauses: z.array(z.string()).min(1).describe('ids of the catalogue'),
  verdict: verdictSchema,
  reason: z.string().optional().describe('why it is not provable here, or was not evaluated'),
  failures: z.array(failureSchema).describe('of a broken check, at least one; of every other, none'),
  unseen: z
    .array(z.string())
    .optional()
    .describe('of a broken check: those of its clauses that a failure kept from being looked at'),
  exchanges: z.array(exchangeSchema).describe('the evidence, in order'),
  durationMs: z.number().nonnegative(),
})

export type CheckResult = z.infer<typeof checkResultSchema>

/** Whether a failure is about a clause of its check. */
export function isAbout(failure: Failure, clauseId: string): boolean {
  return failure.clauses === undefined || failure.clauses.includes(clauseId)
}

/**
 * What a check says of one of its clauses: a broken check breaks those that a failure is about, and holds the others,
 * but for those that the failure kept from being looked at.
 * @param clauseId one of the clauses of the check
 */
export function verdictFor(
  check: Pick<CheckResult, 'verdict' | 'failures' | 'unseen'>,
  clauseId: string,
): Verdict {
  if (check.verdict !== 'broken') return check.verdict
  if (check.failures.some((failure) => isAbout(failure, clauseId))) return 'broken'
  return check.unseen?.includes(clauseId) ? 'not evaluated' : 'held'
}
