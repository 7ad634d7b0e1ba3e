import { CustomersClient } from '../../../../src/client/customers-client.ts'
import { FaultError } from '../../../../src/client/errors.ts'
import type { PoqResponse } from '../../../../src/client/poq-response.ts'
import { type RawResponse, sendRequest } from '../../../../src/client/send-request.ts'
import type { AuthRequest } from '../../../../src/ocapi/auth-request.ts'
import { readBearer } from '../../../../src/ocapi/bearer.ts'
import { type Customer, isCustomer } from '../../../../src/ocapi/customer.ts'
import { readFault } from '../../../../src/ocapi/fault.ts'
import { clientId as configuredClientId, customerId } from './examples.ts'
import { exampleOf, type Text } from './from-state.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What came of a call: a customer, or a fault. */
export interface Outcome {
  status: number
  /** Without the scheme. */
  token: string | undefined
  customer: Customer | undefined
  faultType: string | undefined
}

/** A request as the pact states it, and how the consumer sends it. */
export interface RequestSpec {
  readonly method: 'GET' | 'POST'
  readonly path: Text
  readonly query?: Readonly<Record<string, Text>>
  readonly headers: Readonly<Record<string, Text>>
  /** Absent: no body, or a raw one. */
  readonly body?: Json
  /** JSON that Pact's writer loses or takes for something else (`null`, a text), or a body that is not JSON. */
  readonly rawBody?: string
  /** Sends the examples. @param shopUrl the mock's */
  send(shopUrl: string): Promise<Outcome>
}

interface AuthOptions {
  /** Absent: no Authorization header. */
  authorization?: Text
  /** The whole Cookie header. */
  cookie?: Text
  /** Absent: the configured one. */
  clientId?: Text
}

/** `POST /customers/auth` of a type, through the client. */
export function authRequest(
  type: AuthRequest['type'],
  { authorization, cookie, clientId = configuredClientId }: AuthOptions = {},
): RequestSpec {
  return {
    method: 'POST',
    path: '/customers/auth',
    headers: {
      'Content-Type': 'application/json',
      'x-dw-client-id': clientId,
      ...(authorization !== undefined && { Authorization: authorization }),
      ...(cookie !== undefined && { Cookie: cookie }),
    },
    body: { type },
    send: (shopUrl) =>
      outcomeOf(
        new CustomersClient({ shopUrl, clientId: exampleOf(clientId) }).postCustomersAuth(
          { type },
          authorization === undefined ? undefined : exampleOf(authorization),
          cookie === undefined ? {} : { headers: { cookie: exampleOf(cookie) } },
        ),
      ),
  }
}

/** `GET /customers/{customer_id}` of the state's customer, through the client. */
export function customerRequest({ authorization }: { authorization?: Text } = {}): RequestSpec {
  return {
    method: 'GET',
    path: {
      ...customerId,
      expression: `/customers/${customerId.expression}`,
      example: `/customers/${customerId.example}`,
      pattern: /^\/customers\/[^/?#]+$/,
    },
    headers: {
      'x-dw-client-id': configuredClientId,
      ...(authorization !== undefined && { Authorization: authorization }),
    },
    send: (shopUrl) =>
      outcomeOf(
        new CustomersClient({ shopUrl, clientId: exampleOf(configuredClientId) }).getCustomer(
          exampleOf(customerId),
          authorization === undefined ? undefined : exampleOf(authorization),
        ),
      ),
  }
}

interface RawAuthOptions {
  body?: Json
  rawBody?: string
  contentType?: string
  /** In the header; `null`: none. Absent: the configured one. */
  clientId?: Text | null
  /** In the query parameter `client_id`. */
  clientIdInQuery?: Text
}

/** `POST /customers/auth` as no client of ours would send it: below the client, byte for byte. */
export function rawAuthRequest(options: RawAuthOptions): RequestSpec {
  const {
    body,
    rawBody,
    contentType = 'application/json',
    clientId = configuredClientId,
    clientIdInQuery,
  } = options
  const headers: Record<string, Text> = {
    'Content-Type': contentType,
    ...(clientId !== null && { 'x-dw-client-id': clientId }),
  }
  const query =
    clientIdInQuery === undefined ? '' : `?client_id=${encodeURIComponent(exampleOf(clientIdInQuery))}`
  return {
    method: 'POST',
    path: '/customers/auth',
    ...(clientIdInQuery !== undefined && { query: { client_id: clientIdInQuery } }),
    headers,
    ...(body !== undefined && { body }),
    ...(rawBody !== undefined && { rawBody }),
    send: async (shopUrl) =>
      outcomeOfRaw(
        await sendRequest({
          method: 'POST',
          url: `${shopUrl}/customers/auth${query}`,
          headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, exampleOf(text)])),
          body: rawBody ?? (body === undefined ? undefined : JSON.stringify(body)),
        }),
      ),
  }
}

async function outcomeOf(call: Promise<PoqResponse<Customer>>): Promise<Outcome> {
  try {
    const { status, token, data } = await call
    return { status, token, customer: data, faultType: undefined }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return { status: error.status, token: undefined, customer: undefined, faultType: error.type }
  }
}

function outcomeOfRaw({ status, headers, body }: RawResponse): Outcome {
  const document: unknown = JSON.parse(body)
  return {
    status,
    token: readBearer(headers.get('authorization') ?? undefined),
    customer: status < 400 && isCustomer(document) ? document : undefined,
    faultType: readFault(document)?.type,
  }
}
