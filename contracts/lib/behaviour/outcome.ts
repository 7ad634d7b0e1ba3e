import { ClientError } from '../../../src/client/errors.ts'
import { UnreadableToken } from '../../../src/ocapi/invalid-tokens.ts'
import { StateNotProvable } from '../../../src/target/states/states.ts'
import type { Failure } from '../../../src/verdict/check.ts'
import { HarnessError } from '../../../src/verdict/errors.ts'
import { redactText } from '../../../src/verdict/redact.ts'
import type { Verdict } from '../../../src/verdict/verdict.ts'

/** What chai throws; the values are there where the assertion compares two. */
interface Assertion extends Error {
  readonly expected?: unknown
  readonly actual?: unknown
}

/** The target, or its configuration, gives no means to prove it; `message` is the reason that the report shows. */
export class NotProvable extends Error {
  override readonly name = 'NotProvable'
}

/** Something had to hold before the check could say anything, and did not. */
class PrerequisiteFailed extends Error {
  override readonly name = 'PrerequisiteFailed'
}

/** Several assertions about one answer failed. */
class AssertionsFailed extends Error {
  override readonly name = 'AssertionsFailed'
  readonly assertions: readonly Assertion[]

  constructor(assertions: readonly Assertion[]) {
    super(assertions.map(({ message }) => message).join('; '))
    this.assertions = assertions
  }
}

/** Makes every assertion, so that a wrong answer is told whole and not by its first fault only. */
export function allHold(...assertions: readonly (() => void)[]): void {
  const failed: Assertion[] = []
  for (const assertion of assertions) {
    try {
      assertion()
    } catch (error) {
      failed.push(...assertionsOf(error))
    }
  }
  if (failed.length > 0) throw new AssertionsFailed(failed)
}

/** Runs `act`; what fails in it is told with the case that it failed in. */
export async function inCase<T>(what: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!isAssertion(error)) throw error
    throw new AssertionsFailed(
      assertionsOf(error).map(({ name, message, expected, actual }) => ({
        name,
        message: `${what}: ${message}`,
        expected,
        actual,
      })),
    )
  }
}

/** Runs `act`; what fails in it is the prerequisite's failure, not the check's. */
export async function prerequisite<T>(what: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!isAssertion(error)) throw error
    throw new PrerequisiteFailed(`its prerequisite failed: ${what} (${redactText(error.message)})`)
  }
}

export interface Outcome {
  readonly verdict: Exclude<Verdict, 'held'>
  readonly reason?: string
  readonly failures: readonly Failure[]
}

/**
 * What an error says of the target.
 * @returns undefined where it says nothing of it: the harness, the configuration or the check itself is wrong
 */
export function outcomeOf(error: unknown): Outcome | undefined {
  if (isAssertion(error)) return { verdict: 'broken', failures: assertionsOf(error).map(failure) }
  if (error instanceof NotProvable || error instanceof StateNotProvable)
    return { verdict: 'not provable here', reason: redactText(error.message), failures: [] }
  if (error instanceof PrerequisiteFailed || isTargetError(error))
    return { verdict: 'not evaluated', reason: redactText(error.message), failures: [] }
  return undefined
}

/** No answer, or a state that failed or gave what is none; nobody aborts a request of a check. */
function isTargetError(error: unknown): error is Error {
  if (error instanceof HarnessError) return error.kind === 'TARGET'
  // What could not even be sent, or altered, was made of what a state gave.
  return error instanceof ClientError || error instanceof UnreadableToken
}

function isAssertion(error: unknown): error is Assertion | AssertionsFailed {
  return error instanceof AssertionsFailed || (error instanceof Error && error.name === 'AssertionError')
}

function assertionsOf(error: unknown): readonly Assertion[] {
  if (error instanceof AssertionsFailed) return error.assertions
  if (isAssertion(error)) return [error]
  throw error
}

function failure({ message, expected, actual }: Assertion): Failure {
  return {
    message: redactText(message),
    ...(expected !== undefined && { expected: text(expected) }),
    ...(expected !== undefined && actual !== undefined && { actual: text(actual) }),
  }
}

function text(value: unknown): string {
  return redactText(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)))
}
