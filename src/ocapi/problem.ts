/**
 * What of an answer a clause can be about:
 * - `status`: whether it was accepted or refused, and by which status
 * - `customer`: the customer document, and that it is said to be JSON
 * - `bearer`: the header that carries the token
 * - `token`: the sections of the token and their members
 * - `fault`: the fault document, that it is said to be JSON, and that its status is one of 4xx
 * - `fault type`: the name of the fault
 * - `leak`: a token in an answer that refuses
 */
export type Part = 'status' | 'customer' | 'bearer' | 'token' | 'fault' | 'fault type' | 'leak'

/** Something that is not as it has to be. Its texts hold no secret. */
export interface Problem {
  readonly about: Part
  /** What is wrong, as a sentence without its full stop. */
  readonly message: string
  readonly expected?: string
  readonly actual?: string
}

/** @param expected a status, or `4xx` */
export function wrongStatus(status: number, expected: string): Problem {
  return {
    about: 'status',
    message: `the status is ${status}, not ${expected}`,
    expected,
    actual: String(status),
  }
}
