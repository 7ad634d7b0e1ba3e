import { z } from 'zod'
import { exchangeSchema } from './evidence.ts'
import { VERDICTS } from './verdict.ts'

export const verdictSchema = z.enum(VERDICTS)

/** What an assertion expected and what it found; both redacted, both as a reader should see them. */
const failureSchema = z.strictObject({
  message: z.string(),
  expected: z.string().optional(),
  actual: z.string().optional(),
})

export type Failure = z.infer<typeof failureSchema>

/**
 * What one check found out. `id` is the same for pass and fail, and unique in a run: `behaviour/lock-after-maximum`,
 * `contract/guest-answers-a-new-customer`, `load/issuance/token-1-the-header-holds-a-bearer-token`.
 */
export const checkResultSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['contract', 'behaviour', 'load']),
  title: z.string().describe('a sentence that is true when the check holds'),
  clauses: z
    .array(z.string())
    .describe("ids of the catalogue; none of an interaction of another team's pact"),
  verdict: verdictSchema,
  reason: z.string().optional().describe('why it is not provable here, or was not evaluated'),
  failures: z.array(failureSchema).describe('of a broken check, at least one; of every other, none'),
  exchanges: z.array(exchangeSchema).describe('the evidence, in order'),
  durationMs: z.number().nonnegative(),
})

export type CheckResult = z.infer<typeof checkResultSchema>
