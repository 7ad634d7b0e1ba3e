import { type Clock, createClock } from '../../../src/provider/policies/clock.ts'

/** A clock that stands still until it is advanced: 2026-11-24T00:00:00Z. */
export const START_MS = Date.UTC(2026, 10, 24)

export function manualClock(): Clock {
  return createClock(() => START_MS)
}
