import { readBearer } from '../../src/ocapi/bearer.ts'
import { type Customer, isCustomer } from '../../src/ocapi/customer.ts'
import { namesCustomer } from '../../src/ocapi/issued.ts'
import { isObject, parsedJson } from '../../src/ocapi/json.ts'
import { isJson } from '../../src/ocapi/media-type.ts'
import { DECLINED, type Refusal, refusalProblems } from '../../src/ocapi/refusal.ts'
import { type ApiResponse, isOfTheApi, kindOf } from '../../src/ocapi/response.ts'
import type { Claims, TokenReader } from '../../src/ocapi/token.ts'

/** The part of a k6 response that is read here. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What an answer of `POST /customers/auth` says. */
export interface AuthAnswer {
  readonly status: number
  /** Without the scheme; undefined unless the header reads `Bearer <token>`. */
  readonly token: string | undefined
  /** undefined unless the token keeps TOKEN-2. */
  readonly claims: Claims | undefined
  /** The customer of the body; undefined where it is no customer document. */
  readonly customerId: string | undefined
  readonly authType: Customer['auth_type'] | undefined
}

/** @returns undefined where the answer is no document of the API */
export function readAnswer(reader: TokenReader, response: HttpAnswer): AuthAnswer | undefined {
  const token = bearerToken(response)
  const document = parsedJson(textOf(response))
  const customer = isCustomer(document) ? document : undefined
  if (customer === undefined && !isOfApi(response, document)) return undefined
  return {
    status: response.status,
    token,
    claims: token === undefined ? undefined : reader.read(token),
    customerId: customer?.customer_id,
    authType: customer?.auth_type,
  }
}

/** The token in the header `Authorization`, by k6's spelling of header names. */
export function bearerToken({ headers }: HttpAnswer): string | undefined {
  return readBearer(headers.Authorization)
}

/** TOKEN-4: the customer of the token is the customer of the body, with the right guest flag. */
export function tokenMatchesBody({ claims, customerId, authType }: AuthAnswer): boolean {
  return namesCustomer(claims, customerId, authType)
}

/** What came of a follow-up request for a customer. */
export interface FollowUp {
  readonly response: HttpAnswer
  readonly customerId: string
}

/** USE-1: the answer is 200, with the customer that was asked for. */
export function readsCustomer({ response, customerId }: FollowUp): boolean {
  const document = response.status === 200 ? parsedJson(textOf(response)) : undefined
  return isCustomer(document) && document.customer_id === customerId
}

/**
 * Declined as the API says: 4xx, and no token anywhere but the one that was sent. What the fault document lacks is
 * clause FAULT-1's matter, which load does not look at.
 * @param sent the Authorization header of the request, which a fault may quote
 */
export function isDeclined(response: HttpAnswer, sent?: string, refusal: Refusal = DECLINED): boolean {
  return refusalProblems(apiResponse(response), refusal, sent).every(({ about }) => about === 'fault')
}

/** Whether the API came to a decision; an answer of 5xx, none (status 0), or one of somebody else says nothing of it. */
export function isDecision(response: HttpAnswer): boolean {
  return response.status > 0 && response.status < 500 && foreignKind(response) === undefined
}

/**
 * What an answer looks like that is no document of the API, such as `429 text/html`.
 * @returns undefined for a document of the API, for a 5xx in JSON, which is the target's own, and where no answer came
 */
export function foreignKind(response: HttpAnswer): string | undefined {
  return isOfApi(response, parsedJson(textOf(response))) ? undefined : kindOf(apiResponse(response))
}

/** An answer that brings a bearer token is the API's, whatever else it lacks. */
function isOfApi(response: HttpAnswer, document: unknown): boolean {
  const { status, headers } = response
  if (status === 0 || headers.Authorization !== undefined) return true
  if (status >= 500 && isJson(headers['Content-Type']) && isObject(document)) return true
  return isOfTheApi(apiResponse(response))
}

function apiResponse(response: HttpAnswer): ApiResponse {
  const { status, headers } = response
  return {
    status,
    contentType: headers['Content-Type'],
    authorization: headers.Authorization,
    headers: Object.entries(headers),
    body: textOf(response),
  }
}

function textOf({ body }: HttpAnswer): string {
  return typeof body === 'string' ? body : ''
}
