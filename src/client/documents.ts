import { z } from 'zod'

/** The document `auth_request`; its one property is mandatory. Credentials travel in headers, never in the body. */
export interface AuthRequest {
  type: 'guest' | 'credentials' | 'session' | 'refresh'
}

/**
 * The document `customer`. Absent attributes are omitted, never null. Only the members that are not optional are
 * checked when an answer is read; the others are typed as the vendor documents them (Shop API v25_6) and depend on
 * the read attributes that the client id was granted.
 */
export interface Customer {
  _v?: string
  _type?: 'customer'
  auth_type: 'guest' | 'registered'
  /** At most 28 characters. */
  customer_id: string
  preferred_locale?: string
  /** Not stable between two calls. */
  visit_id?: string
  /** Registered customers only, at most 100 characters. */
  customer_no?: string
  login?: string
  email?: string
  enabled?: boolean
  hashed_login?: string
  note?: string
  first_name?: string
  second_name?: string
  last_name?: string
  salutation?: string
  suffix?: string
  title?: string
  job_title?: string
  company_name?: string
  gender?: 1 | 2
  /** ISO 8601 date. */
  birthday?: string
  phone_home?: string
  phone_business?: string
  phone_mobile?: string
  fax?: string
  /** ISO 8601 time, as every `_time` and `_date` below. */
  creation_date?: string
  last_modified?: string
  last_login_time?: string
  last_visit_time?: string
  previous_login_time?: string
  previous_visit_time?: string
  /** With `?expand=addresses` or `?expand=paymentinstruments` only. */
  addresses?: unknown[]
  payment_instruments?: unknown[]
  /** Custom attributes of the site. */
  [custom: `c_${string}`]: unknown
}

/** What a fault says; typed arguments (`{"type": "string", "value": …}`) are already read as their values. */
export interface Fault {
  type: string
  message: string
  arguments: Readonly<Record<string, unknown>>
}

const customerSchema = z.looseObject({
  _type: z.literal('customer').optional(),
  auth_type: z.enum(['guest', 'registered']),
  customer_id: z.string().min(1),
})

const typedArgumentSchema = z.strictObject({ type: z.string(), value: z.unknown() })

const faultDocumentSchema = z.looseObject({
  fault: z.looseObject({
    type: z.string().min(1),
    message: z.string(),
    arguments: z.record(z.string(), z.unknown()).nullish(),
  }),
})

/** @returns undefined where the value is no customer document */
export function readCustomer(value: unknown): Customer | undefined {
  const read = customerSchema.safeParse(value)
  return read.success ? (read.data as Customer) : undefined
}

/** @returns undefined where the value is no fault document */
export function readFault(value: unknown): Fault | undefined {
  const read = faultDocumentSchema.safeParse(value)
  if (!read.success) return undefined
  const { type, message, arguments: given } = read.data.fault
  return {
    type,
    message,
    arguments: Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, flat(value)])),
  }
}

function flat(argument: unknown): unknown {
  const typed = typedArgumentSchema.safeParse(argument)
  return typed.success && 'value' in typed.data ? typed.data.value : argument
}
