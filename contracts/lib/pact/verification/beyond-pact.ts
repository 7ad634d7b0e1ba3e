import { z } from 'zod'
import type { RawResponse } from '../../../../src/client/send-request.ts'
import type { Failure } from '../../../../src/verdict/check.ts'
import { redactText } from '../../../../src/verdict/redact.ts'
import type { Values } from './provider-values.ts'

/**
 * What the contract says and Pact cannot: Pact has no word for a header that is absent or a field that is optional,
 * does not look into a token, and fills no value of a provider state into an expected answer. Held against every
 * answer.
 */
export function beyondPact(answer: RawResponse, values: Values): Failure[] {
  return answer.status >= 400
    ? noToken(answer)
    : [...tokenFailures(answer), ...customerFailures(answer, values)]
}

/** A refusal carries no token, in no header and not in its body. */
function noToken({ status, headers, body }: RawResponse): Failure[] {
  const failures: Failure[] = []
  if (headers.has('authorization')) {
    failures.push({
      message: `the ${status} answer carries an Authorization header`,
      expected: 'no Authorization header',
      actual: `authorization: ${redactText(headers.get('authorization') ?? '').split(' ')[0]} …`,
    })
  }
  if (/\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/.test(body))
    failures.push({ message: `the ${status} answer carries a token in its body` })
  return failures
}

const tokenHeader = z.looseObject({ typ: z.string().min(1), alg: z.string().min(1) })
const tokenPayload = z.looseObject({
  exp: z.int(),
  iat: z.int(),
  iss: z.string().min(1),
  sub: z.string().min(1),
})

/** The sections of a token (clause TOKEN-2); one that has not three of them is Pact's to complain about. */
function tokenFailures({ headers }: RawResponse): Failure[] {
  const [, header, payload] =
    /^Bearer ([\w-]+)\.([\w-]+)\.[\w-]+$/.exec(headers.get('authorization') ?? '') ?? []
  if (header === undefined || payload === undefined) return []
  return [
    ...sectionFailures('header', header, tokenHeader),
    ...sectionFailures('payload', payload, tokenPayload),
  ]
}

function sectionFailures(name: string, section: string, schema: z.ZodType): Failure[] {
  const read = schema.safeParse(parsed(Buffer.from(section, 'base64url').toString()))
  return (read.error?.issues ?? []).map(({ path, message }) => ({
    message: `${path.join('.') || 'all'} of the token's ${name}: ${message}`,
  }))
}

function customerFailures({ body }: RawResponse, values: Values): Failure[] {
  const document = parsed(body)
  if (document === undefined) return []
  const failures: Failure[] = []
  const customer = customerSchema.safeParse(document)
  for (const { path, message } of customer.error?.issues ?? []) {
    failures.push({ message: `${path.join('.')} of the customer document: ${message}` })
  }
  if (typeof values.customerId === 'string' && document.customer_id !== values.customerId) {
    failures.push({
      message: 'the answer is about another customer than the one who asked',
      expected: values.customerId,
      actual: redactText(String(document.customer_id)),
    })
  }
  return failures
}

/** A body that is no JSON object is Pact's to complain about. */
function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const name = z.string().max(256).optional()
const phone = z.string().max(32).optional()
const time = z.iso.datetime({ offset: true, local: true }).optional()

/** The documented constraints of the fields of a customer (Shop API v25_6, "Register customer"), where one is present. */
const customerSchema = z.looseObject({
  _v: z.string().optional(),
  preferred_locale: z.string().optional(),
  visit_id: z.string().optional(),
  customer_no: z.string().max(100).optional(),
  login: name,
  email: name,
  enabled: z.boolean().optional(),
  hashed_login: z.string().optional(),
  note: z.string().optional(),
  first_name: name,
  second_name: name,
  last_name: name,
  salutation: name,
  suffix: name,
  title: name,
  job_title: name,
  company_name: name,
  gender: z.union([z.literal(1), z.literal(2)]).optional(),
  birthday: z.iso.date().optional(),
  phone_home: phone,
  phone_business: phone,
  phone_mobile: phone,
  fax: phone,
  creation_date: time,
  last_modified: time,
  last_login_time: time,
  last_visit_time: time,
  previous_login_time: time,
  previous_visit_time: time,
  addresses: z.array(z.unknown()).optional(),
  payment_instruments: z.array(z.unknown()).optional(),
})
