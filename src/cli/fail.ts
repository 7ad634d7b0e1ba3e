import { printable } from '../report/terminal.ts'
import { describeError } from '../verdict/describe-error.ts'
import { exitCodeOfError, HarnessError } from '../verdict/errors.ts'
import { redactText } from '../verdict/redact.ts'

/** Ends a command that an error stopped: what, why and what to do on standard error, and the exit code. */
export function fail(error: unknown, options: { readonly json: boolean }): void {
  process.exitCode = exitCodeOfError(error)
  const described = describeError(error)
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ error: described })}\n`)
    return
  }
  const { kind, code, message, remedy } = described
  process.stderr.write(`${kind} ${code}: ${printable(message)}\n`)
  if (remedy !== undefined) process.stderr.write(`  ${printable(remedy)}\n`)
  // A defect of this program: whoever mends it needs the place.
  if (!(error instanceof HarnessError) && error instanceof Error && error.stack !== undefined)
    process.stderr.write(`${printable(redactText(error.stack))}\n`)
}
