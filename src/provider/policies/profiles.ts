import { createHash } from 'node:crypto'
import type { ProviderSettings } from '../settings.ts'
import type { Clock } from './clock.ts'
import type { RegisteredCustomer } from './customers.ts'

/** The API's document `customer`, with the properties that this provider sets. */
export interface CustomerDocument {
  _v: string
  _type: 'customer'
  auth_type: 'guest' | 'registered'
  customer_id: string
  preferred_locale: string
  visit_id: string
  creation_date?: string
  customer_no?: string
  email?: string
  enabled?: boolean
  first_name?: string
  hashed_login?: string
  last_login_time?: string
  last_modified?: string
  last_name?: string
  last_visit_time?: string
  login?: string
  previous_login_time?: string
  previous_visit_time?: string
}

/** What is told of a customer, and when a profile changes (clauses CRED-3, SESS-5). */
export interface Profiles {
  /** A login moves the last times to the previous ones, and sets both to now. */
  recordLogin(customer: RegisteredCustomer): void
  guest(customerId: string, visitId: string): CustomerDocument
  registered(customer: RegisteredCustomer, visitId: string): CustomerDocument
}

export function createProfiles(settings: Pick<ProviderSettings, 'apiVersion'>, clock: Clock): Profiles {
  const version = documentVersion(settings.apiVersion)
  return {
    recordLogin(customer) {
      moveTimes(customer, clock.now())
    },
    // Exactly the six keys of a guest that were observed.
    guest: (customerId, visitId) => ({
      _v: version,
      _type: 'customer',
      auth_type: 'guest',
      customer_id: customerId,
      preferred_locale: 'en_US',
      visit_id: visitId,
    }),
    // Absent properties are left out, never null.
    registered: (customer, visitId) => ({
      _v: version,
      _type: 'customer',
      auth_type: 'registered',
      creation_date: dateTime(customer.createdAt),
      customer_id: customer.customerId,
      customer_no: customer.customerNo,
      email: customer.email,
      enabled: true,
      first_name: customer.firstName,
      hashed_login: createHash('sha256').update(customer.login).digest('hex'),
      ...(customer.lastLoginAt !== undefined && { last_login_time: dateTime(customer.lastLoginAt) }),
      last_modified: dateTime(customer.lastLoginAt ?? customer.createdAt),
      last_name: customer.lastName,
      ...(customer.lastVisitAt !== undefined && { last_visit_time: dateTime(customer.lastVisitAt) }),
      login: customer.login,
      preferred_locale: 'en_US',
      ...(customer.previousLoginAt !== undefined && {
        previous_login_time: dateTime(customer.previousLoginAt),
      }),
      ...(customer.previousVisitAt !== undefined && {
        previous_visit_time: dateTime(customer.previousVisitAt),
      }),
      visit_id: visitId,
    }),
  }
}

export function moveTimes(customer: RegisteredCustomer, now: number): void {
  if (customer.lastLoginAt !== undefined) customer.previousLoginAt = customer.lastLoginAt
  if (customer.lastVisitAt !== undefined) customer.previousVisitAt = customer.lastVisitAt
  customer.lastLoginAt = now
  customer.lastVisitAt = now
}

/** `v25_6` in a URL is `25.6` in a document. */
export function documentVersion(apiVersion: string): string {
  return apiVersion.slice(1).replace('_', '.')
}

function dateTime(ms: number): string {
  return new Date(ms).toISOString()
}
