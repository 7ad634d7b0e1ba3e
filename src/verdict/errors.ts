import { ExitCode } from './exit-code.ts'

/**
 * Whose fault an error is, and so who mends it:
 * CONFIG the command, the configuration or a script of the user's; TARGET the system under test;
 * CONTRACT the specs or the pacts; HARNESS this program or its machine.
 */
export type ErrorKind = 'CONFIG' | 'TARGET' | 'CONTRACT' | 'HARNESS'

/**
 * An error that a user can act on. `message` says what and why, `remedy` what to do.
 * Never holds a secret: a message that quotes input is redacted by whoever makes it.
 */
export class HarnessError extends Error {
  readonly kind: ErrorKind
  /** Stable and upper case, such as `TARGET_UNREACHABLE`; scripts may match on it. */
  readonly code: string
  readonly remedy: string | undefined

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    options: { remedy?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'HarnessError'
    this.kind = kind
    this.code = code
    this.remedy = options.remedy
  }
}

/** The exit code for an error that ended a command. An error of an unknown kind is a defect of the harness: no verdict. */
export function exitCodeOfError(error: unknown): ExitCode {
  return error instanceof HarnessError && (error.kind === 'CONFIG' || error.kind === 'CONTRACT')
    ? ExitCode.usage
    : ExitCode.noVerdict
}
