import { z } from 'zod'
import { CHECK_KINDS } from './check.ts'

/** A check's claim to prove a clause. */
const claimSchema = z.strictObject({ check: z.string(), clause: z.string() })

export type Claim = z.infer<typeof claimSchema>

/**
 * What became of one planted defect. Only a check that finds a clause broken which the defect breaks counts as its
 * killer: a defect that merely upsets something else has not been seen for what it is.
 */
const defectFateSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  clauses: z.array(z.string()).describe('that it breaks'),
  fate: z.enum(['killed', 'killed by unrelated checks only', 'survived', 'not evaluated']),
  killedBy: z.array(claimSchema).describe('checks that found a clause of it broken, each with that clause'),
  alsoBroke: z.array(z.string()).describe('ids of the other checks that failed'),
  reason: z.string().optional().describe('why it was not evaluated'),
  durationMs: z.number(),
})

export type DefectFate = z.infer<typeof defectFateSchema>

export const killMatrixSchema = z.strictObject({
  defects: z.array(defectFateSchema),
  checks: z.array(z.string()).describe('every check that ran on the correct provider'),
  claims: z.int().nonnegative().describe('how many claims these checks make, each of one clause'),
  falseAlarms: z.array(z.string()).describe('checks that the correct provider breaks; must be empty'),
  unevaluated: z.array(z.string()).describe('checks that gave no verdict on the correct provider'),
  idle: z
    .array(claimSchema)
    .describe(
      'claims of a check that killed no defect of the clause, and had its say on each; must be empty',
    ),
  unheard: z
    .array(claimSchema)
    .describe('claims of a check that killed no defect of the clause, and gave no verdict on one of them'),
  idleProofs: z
    .array(z.strictObject({ clause: z.string(), proof: z.enum(CHECK_KINDS) }))
    .describe('ways in which a clause is to be proved that killed no defect of it; must be empty'),
  exempt: z
    .array(z.strictObject({ clause: z.string(), reason: z.string() }))
    .describe('clauses that no defect of a provider can break, so that their claims are not proved here'),
})

export type KillMatrix = z.infer<typeof killMatrixSchema>
