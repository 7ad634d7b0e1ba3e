import { fork } from 'node:child_process'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VerifierOptions } from '@pact-foundation/pact-core'
import { z } from 'zod'
import { HarnessError } from '../../../../src/verdict/errors.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import { withoutPactVariables } from '../environment.ts'
import type { VerifierMessage } from './verify-process.ts'

const mismatchSchema = z.looseObject({
  type: z.string().optional(),
  mismatch: z.string().optional(),
  path: z.string().optional(),
  expected: z.unknown(),
  actual: z.unknown(),
})

const resultsSchema = z.looseObject({
  interactionResults: z.array(
    z.looseObject({
      description: z.string(),
      result: z.enum(['OK', 'Error']),
      mismatch: z
        .looseObject({ message: z.string().optional(), mismatches: z.array(mismatchSchema).default([]) })
        .optional(),
    }),
  ),
})

export type VerifierResults = z.infer<typeof resultsSchema>
export type InteractionResult = VerifierResults['interactionResults'][number]
export type Mismatch = z.infer<typeof mismatchSchema>

const here = fileURLToPath(import.meta.url)
const verifyProcess = join(dirname(here), `verify-process${extname(here)}`)

/**
 * Runs Pact's verifier in a process of its own.
 * @returns undefined when the signal ended it
 * @throws {HarnessError} CONTRACT `VERIFIER_REFUSED` the pacts or options are wrong; HARNESS `VERIFIER_CRASHED`
 */
export async function runVerifier(
  options: VerifierOptions,
  signal?: AbortSignal,
): Promise<VerifierResults | undefined> {
  if (signal?.aborted) return undefined
  const child = fork(verifyProcess, {
    env: withoutPactVariables(process.env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(signal && { signal }),
  })
  let message: VerifierMessage | undefined
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-2000)
    })
  child.on('message', (received) => {
    message = received as VerifierMessage
  })
  child.send(options)
  await new Promise<void>((resolve) => {
    child.on('error', () => resolve())
    child.on('close', () => resolve())
  })
  if (signal?.aborted) return undefined
  if (message === undefined)
    throw new HarnessError(
      'HARNESS',
      'VERIFIER_CRASHED',
      `Pact's verifier ended early: ${redactText(output.trim())}`,
    )
  if ('error' in message)
    throw new HarnessError(
      'CONTRACT',
      'VERIFIER_REFUSED',
      `Pact's verifier could not run: ${redactText(message.error)}`,
    )
  return resultsSchema.parse(JSON.parse(message.results))
}
