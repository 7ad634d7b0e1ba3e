import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { HarnessError } from '../../../src/verdict/errors.ts'

/**
 * What an interaction proves stands in the pact as a text comment (`clauses: CRED-2, FAULT-1`): it survives the
 * broker, and every verifier prints it above the failure.
 */
export const CLAUSES_COMMENT = 'clauses: '
/** The interaction in which the same request, valid, is accepted. */
export const PREREQUISITE_COMMENT = 'prerequisite: '
/** Key of the comment in which a spec leaves a body for {@link withRawBodies}; never in a finished pact. */
export const RAW_BODY_COMMENT = 'rawBody'

const partSchema = z.looseObject({
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  matchingRules: z.record(z.string(), z.unknown()).optional(),
  generators: z.record(z.string(), z.unknown()).optional(),
  body: z.unknown().optional(),
})

const interactionSchema = z.looseObject({
  description: z.string(),
  providerStates: z
    .array(z.looseObject({ name: z.string(), params: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
  /** As version 2 of the specification has the one that there may be. */
  providerState: z.string().optional(),
  comments: z.looseObject({ text: z.array(z.string()).optional() }).optional(),
  request: partSchema.extend({ method: z.string(), path: z.string() }),
  response: partSchema.extend({ status: z.int() }),
})

export type PactInteraction = z.infer<typeof interactionSchema>

const pactSchema = z.looseObject({
  consumer: z.looseObject({ name: z.string() }),
  provider: z.looseObject({ name: z.string() }),
  interactions: z.array(interactionSchema),
})

export type PactFile = z.infer<typeof pactSchema>

/** @throws {HarnessError} CONTRACT `PACT_UNREADABLE` */
export function readPact(file: string): PactFile {
  try {
    return pactSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause)
    throw new HarnessError(
      'CONTRACT',
      'PACT_UNREADABLE',
      `${file} is no pact of requests and answers: ${why}`,
      {
        remedy: 'auth-harness contract writes the pacts',
        cause,
      },
    )
  }
}

/** @returns the names of an interaction's provider states, of any version of the specification */
export function statesOf({ providerStates, providerState }: PactInteraction): string[] {
  return providerStates?.map(({ name }) => name) ?? (providerState ? [providerState] : [])
}

/** What the comments of an interaction say. */
export interface Meaning {
  clauses: string[]
  prerequisite: string | undefined
}

/** @param comments text comments, from a pact file or from the output of the verifier */
export function meaningOf(comments: readonly string[] = []): Meaning {
  return {
    clauses: commentOf(comments, CLAUSES_COMMENT)?.split(', ') ?? [],
    prerequisite: commentOf(comments, PREREQUISITE_COMMENT),
  }
}

function commentOf(comments: readonly string[], prefix: string): string | undefined {
  return comments.find((comment) => comment.startsWith(prefix))?.slice(prefix.length)
}

/**
 * Puts the bodies in that Pact cannot write: its writer drops a JSON `null`, and its mock parses every body that is
 * said to be JSON. As base64 the verifier sends them byte for byte.
 */
export function withRawBodies(pact: PactFile): PactFile {
  return { ...pact, interactions: pact.interactions.map(withRawBody) }
}

function withRawBody(interaction: PactInteraction): PactInteraction {
  const { [RAW_BODY_COMMENT]: raw, ...comments } = interaction.comments ?? {}
  if (typeof raw !== 'string') return interaction
  return {
    ...interaction,
    comments,
    request: {
      ...interaction.request,
      body: {
        content: Buffer.from(raw).toString('base64'),
        contentType: 'application/json',
        encoded: 'base64',
      },
    },
  }
}
