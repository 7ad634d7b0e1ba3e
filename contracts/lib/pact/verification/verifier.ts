import { type ChildProcess, fork } from 'node:child_process'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VerifierOptions } from '@pact-foundation/pact-core'
import { z } from 'zod'
import { HarnessError } from '../../../../src/verdict/errors.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import { outputOf } from '../child-output.ts'
import { withoutPactVariables } from '../environment.ts'
import type { Verification, VerifierMessage } from './verify-process.ts'

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

interface Running {
  readonly child: ChildProcess
  /** When it has ended, the end of what it printed. */
  readonly output: Promise<string>
}

/**
 * Pact's verifier in a process of its own, which is started by the first verification and kept for the next ones: most
 * of what one costs is the start.
 */
export class VerifierProcess {
  #running: Running | undefined

  /**
   * Verifies; one at a time.
   * @param certificateFile the only certificate that the verifier trusts: it reads all of them anew for every
   *   interaction, which is half of what it costs, and speaks to the gateway only, without TLS. With none it fails.
   * @returns undefined when the signal ended it, and the process with it
   * @throws {HarnessError} CONTRACT `VERIFIER_REFUSED` the pacts or options are wrong; HARNESS `VERIFIER_CRASHED`
   */
  async verify(
    options: VerifierOptions,
    certificateFile: string,
    signal?: AbortSignal,
  ): Promise<VerifierResults | undefined> {
    if (signal?.aborted) return undefined
    this.#running ??= this.#start()
    const running = this.#running
    const message = await ask(running, { options, certificateFile }, signal)
    if (signal?.aborted) return undefined
    if (message === undefined)
      throw new HarnessError(
        'HARNESS',
        'VERIFIER_CRASHED',
        `Pact's verifier ended early: ${await running.output}`,
      )
    if ('error' in message)
      throw new HarnessError(
        'CONTRACT',
        'VERIFIER_REFUSED',
        `Pact's verifier could not run: ${redactText(message.error)}`,
      )
    return resultsSchema.parse(JSON.parse(message.results))
  }

  /** Ends the process. */
  close(): void {
    if (this.#running?.child.connected) this.#running.child.disconnect()
  }

  #start(): Running {
    const child = fork(verifyProcess, {
      env: withoutPactVariables(process.env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const output = outputOf(child).finally(() => {
      this.#running = undefined
    })
    return { child, output }
  }
}

/** @returns undefined when the process ended first; the signal ends it */
async function ask(
  { child, output }: Running,
  verification: Verification,
  signal: AbortSignal | undefined,
): Promise<VerifierMessage | undefined> {
  const { promise: answered, resolve } = Promise.withResolvers<VerifierMessage>()
  const onMessage = (message: unknown) => resolve(message as VerifierMessage)
  const onAbort = () => child.kill()
  child.on('message', onMessage)
  signal?.addEventListener('abort', onAbort)
  child.send(verification)
  try {
    return await Promise.race([answered, output.then(() => undefined)])
  } finally {
    child.off('message', onMessage)
    signal?.removeEventListener('abort', onAbort)
  }
}
