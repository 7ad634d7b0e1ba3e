import { readBearer } from './bearer.ts'
import { type Customer, fieldProblems, isCustomer } from './customer.ts'
import { parsedJson } from './json.ts'
import { isJson } from './media-type.ts'
import { type Problem, wrongStatus } from './problem.ts'
import type { ApiResponse } from './response.ts'
import { type Claims, type Decode, tokenProblems } from './token.ts'

/** What is wrong with a response that should be 200 with a customer document and a token. */
export function issuedProblems(response: ApiResponse, decode: Decode): Problem[] {
  return [
    ...customerProblems(response),
    ...(response.status === 200 ? tokenHeaderProblems(response, decode) : []),
  ]
}

/** What is wrong with a response that should be 200 with a customer document. */
export function customerProblems(response: ApiResponse): Problem[] {
  const { status, contentType, body } = response
  if (status !== 200) return [wrongStatus(status, '200')]
  const problems: Problem[] = []
  if (!isJson(contentType)) {
    const actual = contentType ?? 'none'
    problems.push({
      about: 'customer',
      message: 'the customer document is not said to be JSON',
      expected: 'application/json',
      actual,
    })
  }
  const document = parsedJson(body)
  if (!isCustomer(document)) {
    const message = 'the body is no customer document with auth_type (guest or registered) and customer_id'
    return [...problems, { about: 'customer', message }]
  }
  const fields = fieldProblems(document).map(
    ({ field, rule }): Problem => ({
      about: 'customer',
      message: `${field} of the customer document is not ${rule}`,
    }),
  )
  return [...problems, ...fields]
}

/** Clauses TOKEN-1 and TOKEN-2. */
function tokenHeaderProblems({ authorization }: ApiResponse, decode: Decode): Problem[] {
  const token = readBearer(authorization)
  if (token === undefined)
    return [{ about: 'bearer', message: 'the response has no header Authorization: Bearer <token>' }]
  return tokenProblems(token, decode).map((message): Problem => ({ about: 'token', message }))
}

/** The customer document of a response, whatever its status and media type. */
export function customerOf({ body }: Pick<ApiResponse, 'body'>): Customer | undefined {
  const document = parsedJson(body)
  return isCustomer(document) ? document : undefined
}

/** The request was not refused: 200 with a customer document. */
export function isAccepted(response: Pick<ApiResponse, 'status' | 'body'>): boolean {
  return response.status === 200 && customerOf(response) !== undefined
}

/** Clause TOKEN-4: the customer of the token is the customer of the body, with the right guest flag. */
export function namesCustomer(
  claims: Claims | undefined,
  customerId: string | undefined,
  authType: Customer['auth_type'] | undefined,
): boolean {
  return claims !== undefined && claims.customerId === customerId && claims.guest === (authType === 'guest')
}
