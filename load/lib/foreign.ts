import { check } from 'k6'
import { NO_DOCUMENT } from '../../src/ocapi/response.ts'
import { foreignKind, type HttpAnswer, isDecision } from './answer.ts'

type Check = Record<string, () => boolean>

/** So many kinds a VU counts by name; each name is a series of k6's. */
const MOST_KINDS = 8
/** Of this VU. */
const checksOf = new Map<string, Check>()
const OTHER_KINDS = countedAs('other kinds')

/**
 * Counts an answer that is no document of the API, by its kind: as a check that fails, since the counts of a check
 * come by name through both engines. It breaks no clause, and no other check is made of such an answer.
 * @returns whether it is one
 */
export function countForeign(response: HttpAnswer): boolean {
  const kind = foreignKind(response)
  if (kind === undefined) return false
  let counted = checksOf.get(kind)
  if (counted === undefined) {
    counted = checksOf.size < MOST_KINDS ? countedAs(kind) : OTHER_KINDS
    if (counted !== OTHER_KINDS) checksOf.set(kind, counted)
  }
  check(response, counted)
  return true
}

/** Whether the API came to a decision, of which a check may be made; counts the answers of somebody else. */
export function isDecided(response: HttpAnswer): boolean {
  if (isDecision(response)) return true
  countForeign(response)
  return false
}

/**
 * For `setup`, which cannot go on without the API.
 * @param request ends the sentence "the target answers … to …"
 * @throws {Error} the answer is no document of the API
 */
export function requireDocument(response: HttpAnswer, request: string): void {
  const kind = foreignKind(response)
  if (kind !== undefined) throw new Error(`the target answers ${kind} to ${request}, ${NO_DOCUMENT}`)
}

function countedAs(kind: string): Check {
  return { [`${NO_DOCUMENT}: ${kind}`]: () => false }
}
