import { faultProblems, type Refusal, refusalProblems } from '../../../src/ocapi/refusal.ts'
import { expectNoProblem } from './ensure.ts'
import type { Answer } from './shop-api.ts'

export { AUTHENTICATION_FAILED, DECLINED, type Refusal } from '../../../src/ocapi/refusal.ts'

/**
 * What its fault document lacks is clause FAULT-1's matter, and breaks no other.
 * @throws an assertion unless the request was refused as pinned, and without any token
 */
export function expectRefusal(answer: Answer, refusal: Refusal): void {
  expectNoProblem(refusalProblems(answer, refusal, answer.sent).filter(({ about }) => about !== 'fault'))
}

/** @throws an assertion unless the answer is a fault document as JSON, with a status of 4xx (clause FAULT-1) */
export function expectFault(answer: Answer): void {
  expectNoProblem(faultProblems(answer))
}
