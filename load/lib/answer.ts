import type { TokenClaims, TokenReader } from './jwt.ts'

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
  readonly claims: TokenClaims | undefined
  /** The customer of the body. */
  readonly customerId: string | undefined
  /** Whether the body says that the customer is a guest. */
  readonly guest: boolean | undefined
}

export function readAnswer(reader: TokenReader, response: HttpAnswer): AuthAnswer {
  const token = bearerToken(response)
  const body = readBody(response.body)
  return {
    status: response.status,
    token,
    claims: token === undefined ? undefined : reader.read(token),
    customerId: body?.customer_id,
    guest: body?.auth_type === undefined ? undefined : body.auth_type === 'guest',
  }
}

/** The token in the header `Authorization`, by k6's spelling of header names. */
export function bearerToken({ headers }: HttpAnswer): string | undefined {
  const header = headers.Authorization
  return header?.startsWith('Bearer ') && header.length > 7 ? header.slice(7) : undefined
}

/** TOKEN-4: the customer of the token is the customer of the body, with the right guest flag. */
export function tokenMatchesBody({ claims, customerId, guest }: AuthAnswer): boolean {
  return claims !== undefined && claims.customerId === customerId && claims.guest === guest
}

/** What came of a follow-up request for a customer. */
export interface FollowUp {
  readonly response: HttpAnswer
  readonly customerId: string
}

/** USE-1: the answer is 200, with the customer that was asked for. */
export function readsCustomer({ response, customerId }: FollowUp): boolean {
  return response.status === 200 && readBody(response.body)?.customer_id === customerId
}

/** Declined as the API says: 401, and no token in the header or anywhere in the body. */
export function isDeclined(response: HttpAnswer): boolean {
  return (
    response.status === 401 &&
    response.headers.Authorization === undefined &&
    !/eyJ[\w-]+\.[\w-]+\./.test(String(response.body))
  )
}

/** Whether the target came to a decision; an answer of 5xx, or none (status 0), says nothing of it. */
export function isDecided({ status }: HttpAnswer): boolean {
  return status > 0 && status < 500
}

/** Whether the target said no, rightly or wrongly. */
export function isRefusal({ status }: HttpAnswer): boolean {
  return status >= 400 && status < 500
}

function readBody(body: unknown): { customer_id?: string; auth_type?: string } | undefined {
  if (typeof body !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
