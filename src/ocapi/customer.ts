import { isObject, isText } from './json.ts'

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
  /** Documented are 1 and 2; 0 is seen too. */
  gender?: number
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

/** What has to be there for the document to say which customer it is about. */
export function isCustomer(value: unknown): value is Customer {
  return (
    isObject(value) &&
    (value._type === undefined || value._type === 'customer') &&
    (value.auth_type === 'guest' || value.auth_type === 'registered') &&
    isText(value.customer_id)
  )
}

interface Rule {
  /** Ends the sentence "… must be". */
  readonly text: string
  readonly holds: (value: unknown) => boolean
}

const text: Rule = { text: 'a text', holds: (value) => typeof value === 'string' }
const list: Rule = { text: 'a list', holds: Array.isArray }
const flag: Rule = { text: 'a boolean', holds: (value) => typeof value === 'boolean' }
const whole: Rule = { text: 'a whole number', holds: Number.isInteger }
const date = matching('an ISO 8601 date', /^\d{4}-\d\d-\d\d$/)
const time = matching(
  'an ISO 8601 time',
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?$/,
)
const name = atMost(256)
const phone = atMost(32)

/**
 * The documented constraints of the fields (Shop API v25_6, "Register customer"). What was only observed is none: that
 * `gender` is 1 or 2 is documented, and 0 was seen, so any whole number will do; `visit_id` has 26 hexadecimal digits
 * in every sample, and is documented as a text.
 */
const RULES: Readonly<Record<string, Rule>> = {
  _v: text,
  customer_id: atMost(28),
  preferred_locale: text,
  visit_id: text,
  customer_no: atMost(100),
  login: name,
  email: name,
  enabled: flag,
  hashed_login: text,
  note: text,
  first_name: name,
  second_name: name,
  last_name: name,
  salutation: name,
  suffix: name,
  title: name,
  job_title: name,
  company_name: name,
  gender: whole,
  birthday: date,
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
  addresses: list,
  payment_instruments: list,
}

/** A documented constraint that a field does not keep; its value is not told, since a profile is private. */
export interface FieldProblem {
  readonly field: string
  /** Ends the sentence "… must be". */
  readonly rule: string
}

/** A field that is absent keeps every rule, and so does one that is null: that such fields are omitted was only observed. */
export function fieldProblems(customer: Customer): FieldProblem[] {
  return Object.entries(customer).flatMap(([field, value]) => {
    const rule = Object.hasOwn(RULES, field) ? RULES[field] : undefined
    return rule === undefined || value === null || rule.holds(value) ? [] : [{ field, rule: rule.text }]
  })
}

function atMost(characters: number): Rule {
  return {
    text: `a text of at most ${characters} characters`,
    holds: (value) => typeof value === 'string' && value.length <= characters,
  }
}

function matching(what: string, pattern: RegExp): Rule {
  return { text: what, holds: (value) => typeof value === 'string' && pattern.test(value) }
}
