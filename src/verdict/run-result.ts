import { z } from 'zod'
import { checkResultSchema, verdictSchema } from './check.ts'
import { killMatrixSchema } from './kill-matrix.ts'
import { loadResultSchema } from './load-result.ts'

/** Grows when a reader of the last version could misread the new one. */
export const RUN_RESULT_VERSION = 2

/** In the order in which the gate runs them. */
export const STAGES = ['contract', 'verify', 'check', 'load'] as const
export type StageName = (typeof STAGES)[number]

const stageSchema = z.strictObject({
  name: z.enum(STAGES),
  verdict: verdictSchema,
  reason: z.string().optional().describe('why it gave no verdict, or was not run'),
  durationMs: z.number().nonnegative(),
})

export type StageResult = z.infer<typeof stageSchema>

const clauseRowSchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  source: z.string(),
  severity: z.enum(['critical', 'major']),
  verdict: verdictSchema,
  reason: z.string().optional(),
  checks: z.array(z.string()).describe('ids of the checks that speak of it'),
  knownFailure: z
    .string()
    .optional()
    .describe('the reason given in the configuration; the clause is broken and does not fail the run'),
})

export type ClauseRow = z.infer<typeof clauseRowSchema>

/** `result.json`: a whole run. Every report is made from it alone. */
export const runResultSchema = z.strictObject({
  version: z.literal(RUN_RESULT_VERSION),
  id: z.string(),
  command: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  harness: z.strictObject({ version: z.string(), node: z.string(), platform: z.string(), cpus: z.int() }),
  target: z.strictObject({
    kind: z.enum(['embedded', 'url']),
    baseUrl: z.string(),
    siteId: z.string(),
    apiVersion: z.string(),
    statesUrl: z.string().optional(),
    defect: z.string().optional().describe('planted in the embedded provider'),
  }),
  verdict: verdictSchema,
  exitCode: z.int(),
  interrupted: z.boolean(),
  error: z
    .strictObject({
      kind: z.enum(['CONFIG', 'TARGET', 'CONTRACT', 'HARNESS']),
      code: z.string(),
      message: z.string(),
      remedy: z.string().optional(),
    })
    .optional()
    .describe('what ended the run early'),
  stages: z.array(stageSchema),
  clauses: z.array(clauseRowSchema),
  checks: z.array(checkResultSchema),
  loads: z.array(loadResultSchema),
  killMatrix: killMatrixSchema
    .optional()
    .describe('of prove; the checks are then those of the correct provider'),
})

export type RunResult = z.infer<typeof runResultSchema>
