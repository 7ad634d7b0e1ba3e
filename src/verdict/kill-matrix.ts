import { z } from 'zod'

/**
 * What became of one planted defect. Only a check that names a clause which the defect breaks counts as its killer:
 * a defect that merely upsets something else has not been seen for what it is.
 */
const defectFateSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  clauses: z.array(z.string()).describe('that it breaks'),
  fate: z.enum(['killed', 'killed by unrelated checks only', 'survived', 'not evaluated']),
  killedBy: z.array(z.string()).describe('ids of checks that name a clause of it'),
  alsoBroke: z.array(z.string()).describe('ids of the other checks that failed'),
  reason: z.string().optional().describe('why it was not evaluated'),
  durationMs: z.number(),
})

export type DefectFate = z.infer<typeof defectFateSchema>

export const killMatrixSchema = z.strictObject({
  defects: z.array(defectFateSchema),
  checks: z.array(z.string()).describe('every check that ran on the correct provider'),
  falseAlarms: z.array(z.string()).describe('checks that the correct provider breaks; must be empty'),
  unevaluated: z.array(z.string()).describe('checks that gave no verdict on the correct provider'),
  idle: z.array(z.string()).describe('checks that killed no defect; must be empty'),
})

export type KillMatrix = z.infer<typeof killMatrixSchema>
