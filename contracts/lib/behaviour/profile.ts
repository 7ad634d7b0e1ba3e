import { setTimeout } from 'node:timers/promises'
import { expectCustomer } from './answers.ts'
import type { CheckContext } from './check.ts'
import { ensure } from './ensure.ts'

/** Names of the times that a login updates and a session request does not touch. */
export const PROFILE_TIMES = ['last_visit_time', 'last_login_time'] as const

export type ProfileTime = (typeof PROFILE_TIMES)[number]

/** ms since the epoch; a time that the profile does not show is absent. */
export type ProfileTimes = Readonly<Partial<Record<ProfileTime, number>>>

/** Reads a customer's profile with a token of that customer. @throws an assertion */
export async function readProfileTimes(
  { api }: CheckContext,
  { customerId, token }: { customerId: string; token: string },
): Promise<ProfileTimes> {
  const { document } = expectCustomer(await api.customer(customerId, `Bearer ${token}`))
  return Object.fromEntries(
    PROFILE_TIMES.flatMap((name) => {
      const value: unknown = document[name]
      if (value === undefined || value === null) return []
      const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
      ensure(!Number.isNaN(ms), `${name} is an ISO 8601 time`)
      return [[name, ms]]
    }),
  )
}

/** Long enough for a time with a resolution of one second to become another. */
export function untilTimesDiffer(): Promise<void> {
  return setTimeout(1100)
}
