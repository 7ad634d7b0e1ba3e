import { exitCodeOfError, HarnessError } from '../verdict/errors.ts'
import { redactText } from '../verdict/redact.ts'

/** Ends a command that an error stopped: what, why and what to do on standard error, and the exit code. */
export function fail(error: unknown, options: { readonly json: boolean }): void {
  process.exitCode = exitCodeOfError(error)
  const known = error instanceof HarnessError
  const kind = known ? error.kind : 'HARNESS'
  const code = known ? error.code : 'UNEXPECTED'
  const message = redactText(error instanceof Error ? error.message : String(error))
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ error: { kind, code, message, ...(known && error.remedy && { remedy: error.remedy }) } })}\n`,
    )
    return
  }
  process.stderr.write(`${kind} ${code}: ${message}\n`)
  if (known && error.remedy !== undefined) process.stderr.write(`  ${error.remedy}\n`)
  // A defect of this program: whoever mends it needs the place.
  if (!known && error instanceof Error && error.stack !== undefined)
    process.stderr.write(`${redactText(error.stack)}\n`)
}
