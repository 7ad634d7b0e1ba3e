import { dirname } from 'node:path'
import { Verifier, type VerifierOptions } from '@pact-foundation/pact-core'

/**
 * The process that holds Pact's native verifier: apart from its caller, since the verifier prints to standard output
 * by itself, reads the environment, cannot be stopped, and would take its caller down with it.
 */
export type VerifierMessage = { results: string } | { error: string }

/** What it is sent. */
export interface Verification {
  options: VerifierOptions
  /** Alone in its directory. */
  certificateFile: string
}

process.on('message', ({ options, certificateFile }: Verification) => {
  process.env.SSL_CERT_FILE = certificateFile
  process.env.SSL_CERT_DIR = dirname(certificateFile)
  new Verifier(options).verify().then(
    (results: unknown) => answer({ results: String(results) }),
    // A contract that is broken is an error to the verifier, and its message is the result.
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      answer(message.startsWith('{') ? { results: message } : { error: message })
    },
  )
})
process.on('disconnect', () => process.exit())

function answer(message: VerifierMessage): void {
  process.send?.(message)
}
