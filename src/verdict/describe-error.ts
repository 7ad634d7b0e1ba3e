import { HarnessError } from './errors.ts'
import { redactText } from './redact.ts'
import type { RunResult } from './run-result.ts'

/** An error as it is told, in a result and at a terminal: redacted. What is no {@link HarnessError} is a defect of ours. */
export function describeError(error: unknown): NonNullable<RunResult['error']> {
  if (!(error instanceof HarnessError))
    return { kind: 'HARNESS', code: 'UNEXPECTED', message: redactText(messageOf(error)) }
  const { kind, code, message, remedy } = error
  return { kind, code, message: redactText(message), ...(remedy && { remedy }) }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
