import { faultProblem, readFault } from './fault.ts'
import { isObject, parsedJson } from './json.ts'
import { tokenPlaces } from './leak.ts'
import { isJson } from './media-type.ts'
import { type Problem, wrongStatus } from './problem.ts'
import { type ApiResponse, kindOf } from './response.ts'

/** What is pinned of a refusal; what is not pinned is not looked at. */
export interface Refusal {
  /** Any 4xx unless given. */
  readonly status?: number
  /** The name of the fault. */
  readonly type?: string
}

/**
 * Declined, for whatever reason the target gives. So is a locked customer too: no document says which status and fault
 * such a customer gets.
 */
export const DECLINED: Refusal = {}

/** The one refusal that the API's description names, for a login or a session that does not authenticate. */
export const AUTHENTICATION_FAILED: Refusal = { status: 401, type: 'AuthenticationFailedException' }

/** Refused, for whatever reason that the target gives, rightly or wrongly. */
export function isRefused({ status }: Pick<ApiResponse, 'status'>): boolean {
  return status >= 400 && status <= 499
}

/**
 * What is wrong with a response that should refuse: its status, its fault document, and any token in it.
 * @param sent the Authorization header of the request, which a fault may quote
 */
export function refusalProblems(
  response: ApiResponse,
  { status, type }: Refusal,
  sent: string | undefined,
): Problem[] {
  return [
    ...statusProblems(response, status),
    // What was accepted has no fault document to look at.
    ...(response.status >= 200 && response.status <= 299 ? [] : faultProblems(response, type)),
    ...leakProblems(response, sent),
  ]
}

function statusProblems(response: ApiResponse, expected: number | undefined): Problem[] {
  const { status, body } = response
  const isRight = expected === undefined ? isRefused(response) : status === expected
  if (isRight) {
    // Of the right status, and from somebody else: then nobody knows what the API made of the request.
    return isObject(parsedJson(body)) ? [] : [notByTheApi(response)]
  }
  return [wrongStatus(status, expected === undefined ? '4xx' : String(expected))]
}

function notByTheApi(response: ApiResponse): Problem {
  const actual = kindOf(response)
  return { about: 'status', message: 'it is not the API that refuses', expected: 'a fault document', actual }
}

/** Clause FAULT-1, and the name where one is pinned. */
export function faultProblems(response: ApiResponse, type?: string): Problem[] {
  const problems: Problem[] = []
  if (!isRefused(response)) {
    const actual = String(response.status)
    problems.push({
      about: 'fault',
      message: `a failure has the status ${actual}, not one of 4xx`,
      expected: '4xx',
      actual,
    })
  }
  if (!isJson(response.contentType)) {
    const actual = response.contentType ?? 'none'
    problems.push({
      about: 'fault',
      message: 'the fault is not said to be JSON',
      expected: 'application/json',
      actual,
    })
  }
  const document = parsedJson(response.body)
  const problem = faultProblem(document)
  if (problem !== undefined) problems.push({ about: 'fault', message: problem })
  const actual = readFault(document)?.type
  if (type !== undefined && actual !== type)
    problems.push({
      about: 'fault type',
      message: `the fault is ${actual ?? 'without a type'}, not ${type}`,
      expected: type,
      actual: actual ?? 'none',
    })
  return problems
}

function leakProblems(response: ApiResponse, sent: string | undefined): Problem[] {
  const places = tokenPlaces(response, sent)
  if (places.length === 0) return []
  return [
    {
      about: 'leak',
      message: 'the answer that refuses holds a token',
      expected: 'none',
      actual: places.join(', '),
    },
  ]
}
