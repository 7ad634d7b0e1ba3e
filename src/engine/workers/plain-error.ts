import { HarnessError } from '../../verdict/errors.ts'
import type { PlainError } from './messages.ts'

export function toPlain(error: unknown): PlainError {
  if (error instanceof HarnessError) {
    const { message, kind, code, remedy } = error
    return { message, kind, code, ...(remedy !== undefined && { remedy }) }
  }
  return { message: error instanceof Error ? error.message : String(error) }
}

export function fromPlain({ message, kind, code, remedy }: PlainError): Error {
  if (kind === undefined || code === undefined) return new Error(message)
  return new HarnessError(kind, code, message, remedy === undefined ? {} : { remedy })
}
