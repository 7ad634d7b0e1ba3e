import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { verdictSchema } from '../../verdict/check.ts'

/**
 * What a history needs of a result. Other members are passed over, so that results of earlier and later versions are
 * read too; one that lacks these is named as unreadable.
 */
const pastRunSchema = z.object({
  id: z.string(),
  command: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  harness: z.object({ version: z.string(), platform: z.string(), cpus: z.number() }),
  target: z.object({
    kind: z.enum(['embedded', 'url']),
    baseUrl: z.string(),
    siteId: z.string(),
    apiVersion: z.string(),
    defect: z.string().optional(),
  }),
  verdict: verdictSchema,
  interrupted: z.boolean(),
  error: z.object({ code: z.string() }).optional(),
  clauses: z.array(z.object({ id: z.string(), verdict: verdictSchema })),
  loads: z.array(
    z.object({
      scenario: z.string(),
      profile: z.string(),
      engine: z.string(),
      interrupted: z.boolean(),
      rate: z.object({ planned: z.number().optional(), achieved: z.number() }),
      requests: z
        .array(
          z.object({
            auth: z.string().optional(),
            phase: z.string().optional(),
            values: z.record(z.string(), z.number()),
          }),
        )
        .default([]),
      generator: z.object({ workers: z.number(), saturated: z.array(z.string()) }),
    }),
  ),
})

export type PastRun = z.infer<typeof pastRunSchema>

export interface PastRuns {
  /** The oldest first. */
  readonly runs: readonly (PastRun & { readonly folder: string })[]
  /** Folders whose result is none that this version reads. */
  readonly unreadable: readonly string[]
}

/** All runs in a folder of runs. */
export function readPastRuns(folder: string): PastRuns {
  const runs: (PastRun & { folder: string })[] = []
  const unreadable: string[] = []
  for (const name of readdirSync(folder).toSorted()) {
    const file = join(folder, name, 'result.json')
    if (!existsSync(file)) continue
    const run = pastRunSchema.safeParse(parse(readFileSync(file, 'utf8')))
    if (run.success) runs.push({ ...run.data, folder: name })
    else unreadable.push(name)
  }
  return { runs: runs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)), unreadable }
}

/**
 * Removes the oldest runs beyond the newest `keep`. Only folders whose result can be read are runs.
 * @returns the names of those that were removed
 */
export function removeOldRuns(folder: string, keep: number): string[] {
  const { runs } = readPastRuns(folder)
  const old = runs.slice(0, Math.max(0, runs.length - keep)).map((run) => run.folder)
  for (const name of old) rmSync(join(folder, name), { recursive: true })
  return old
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
